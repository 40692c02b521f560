/** Reads the text of small files at a commit in the mirror. A larger file is never read: a repository may hold anything under a manifest's name. */
import { gitAt } from "@aedev/host/git/git-at";
import { mirrorDirectory, type RepositoryOptions } from "./bare-repository.ts";
import { instructionPaths } from "./instruction-files.ts";
import { leadsTo, readLinks } from "./linked-files.ts";
import { listTree } from "./mirror.ts";
import { isText, readObjects } from "./objects.ts";

const runGit = gitAt("daemon/git/small-files");

const fileBytesMax = 4 * 1024 * 1024;
const allBytesMax = 16 * 1024 * 1024;

/** Every path of the commit, and the text of those that `choose` picks, through links inside the tree. Null: no regular file, not UTF-8, or too large. */
export async function readSmallFiles(
  options: RepositoryOptions & { commit: string; choose: (paths: readonly string[]) => readonly string[] },
): Promise<{ paths: string[]; texts: Map<string, string | null>; brokenLinks: { path: string; why: string }[] }> {
  const gitDir = mirrorDirectory(options);
  const { timeoutMs } = options;
  const entries = await listTree({ ...options, tree: options.commit });
  const paths = entries.filter(({ type }) => type === "blob").map(({ path }) => path);
  const regular = new Map(
    entries.flatMap(({ mode, path, id }) => (mode.startsWith("100") ? [[path, id] as const] : [])),
  );
  const wanted = options.choose(paths);
  const links = await readLinks(entries, { gitDir, timeoutMs });
  const idOf = (path: string) => regular.get(leadsTo(path, { links, files: regular }).target ?? "");
  const ids = await smallOnes([...new Set(wanted.flatMap((path) => idOf(path) ?? []))], { gitDir, timeoutMs });
  const objects = await readObjects({ gitDir, ids, timeoutMs });
  const textOf = (path: string) => {
    const bytes = objects.get(idOf(path) ?? "");
    return bytes !== undefined && isText(bytes) ? bytes.toString("utf8") : null;
  };
  const brokenLinks = [...wanted, ...instructionPaths(entries)].flatMap((path) => {
    const why = links.has(path) ? leadsTo(path, { links, files: regular }).problem : null;
    return why === null ? [] : [{ path, why }];
  });
  return { paths, texts: new Map(wanted.map((path) => [path, textOf(path)])), brokenLinks };
}

/** The ids of the blobs that fit the limits, in order. */
async function smallOnes(ids: readonly string[], call: { gitDir: string; timeoutMs: number }): Promise<string[]> {
  if (ids.length === 0) return [];
  const format = "--batch-check=%(objectname) %(objectsize)";
  const { text } = await runGit({ ...call, args: ["cat-file", format], input: `${ids.join("\n")}\n` });
  let room = allBytesMax;
  return text.split("\n").flatMap((line) => {
    const [id = "", size = ""] = line.split(" ");
    const sizeBytes = /^\d+$/.test(size) ? Number(size) : Number.POSITIVE_INFINITY;
    if (sizeBytes > Math.min(fileBytesMax, room)) return [];
    room -= sizeBytes;
    return [id];
  });
}
