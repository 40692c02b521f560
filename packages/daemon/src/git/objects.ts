/** Reads objects of our bare repositories: trees with modes and ids, blobs as bytes. It changes and checks out nothing. */
import { isUtf8 } from "node:buffer";
import { gitIdSchema } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitPathText } from "@aedev/host/git/path-text";
import { z } from "zod";

const runGit = gitAt("daemon/git/objects");

const treeEntrySchema = z.strictObject({
  mode: z.string().regex(/^[0-7]{6}$/),
  type: z.enum(["blob", "commit", "tree"]),
  id: gitIdSchema,
  /** Written as by `gitPathText`. */
  path: z.string(),
});
export type TreeEntry = z.infer<typeof treeEntrySchema>;

/** Every entry of a commit or tree, at all depths. */
export async function readTree(options: { gitDir: string; tree: string; timeoutMs: number }): Promise<TreeEntry[]> {
  const { gitDir, timeoutMs } = options;
  const { stdout } = await runGit({
    args: ["ls-tree", "-r", "-z", "--full-tree", gitIdSchema.parse(options.tree)],
    gitDir,
    timeoutMs,
  });
  return splitNul(stdout).map((record) => {
    const tab = record.indexOf(9);
    const [mode, type, id] = record.subarray(0, tab).toString("latin1").split(" ");
    return treeEntrySchema.parse({ mode, type, id, path: gitPathText(record.subarray(tab + 1)) });
  });
}

/** The bytes of blobs by id. Throws if one is missing, since the ids come from trees of the same repository. */
export async function readObjects(options: {
  gitDir: string;
  ids: readonly string[];
  timeoutMs: number;
  outputBytesMax?: number;
}): Promise<Map<string, Buffer>> {
  const { ids, ...call } = options;
  const found = new Map<string, Buffer>();
  if (ids.length === 0) return found;
  const { stdout } = await runGit({ ...call, args: ["cat-file", "--batch"], input: `${ids.join("\n")}\n` });
  for (let offset = 0; offset < stdout.length; ) {
    const end = stdout.indexOf(10, offset);
    const header = /^([0-9a-f]{40,64}) blob ([0-9]+)$/.exec(stdout.toString("latin1", offset, end));
    if (header === null) throw new TypeError(`git cat-file: ${stdout.toString("latin1", offset, end)}`);
    const [, id = "", size] = header;
    found.set(id, stdout.subarray(end + 1, end + 1 + Number(size)));
    offset = end + 1 + Number(size) + 1;
  }
  return found;
}

/** The records of a `-z` output. */
export function splitNul(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const end = bytes.indexOf(0, offset);
    records.push(bytes.subarray(offset, end < 0 ? bytes.length : end));
    offset = end < 0 ? bytes.length : end + 1;
  }
  return records;
}

/** Whether a person or a judge can read the bytes as text. */
export function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}
