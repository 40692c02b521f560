/** Writes the walker's changes as a tree into the run's own repository, with one `git fast-import`. The repository's only other objects are the mirror's, as alternates (SECURITY T2). */
import { closeSync, existsSync, mkdirSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, gitIdSchema } from "@aedev/contracts";
import type { Git } from "@aedev/host/git/git-at";
import { gitInfoAttributes } from "@aedev/host/git/git-safety";
import { OpenTree } from "./open-tree.ts";
import type { Change } from "./walk.ts";

const site = "runner/capture/fast-import";
const makeSite = "runner/capture/fast-import#make";

const candidateRef = "refs/aedev/candidate";

/** Creates the run's bare repository if it does not exist. */
export async function openCaptureGit(options: {
  git: Git;
  path: string;
  mirror: string;
  hash: "sha1" | "sha256";
}): Promise<void> {
  if (existsSync(join(options.path, "info", "attributes"))) return;
  await options.git(
    makeSite,
    ["init", "--quiet", "--bare", "--template=", `--object-format=${options.hash}`, options.path],
    {},
  );
  mkdirSync(join(options.path, "objects", "info"), { recursive: true });
  writeFileSync(join(options.path, "objects", "info", "alternates"), `${join(options.mirror, "objects")}\n`);
  mkdirSync(join(options.path, "info"), { recursive: true });
  writeFileSync(join(options.path, "info", "attributes"), gitInfoAttributes);
}

/** Returns the id of the base's tree with the changes applied. */
export async function importChanges(options: {
  git: Git;
  gitDir: string;
  tree: string;
  baseCommit: string;
  changes: readonly Change[];
}): Promise<string> {
  const { git, gitDir } = options;
  await git(site, ["fast-import", "--quiet", "--force", "--done", "--date-format=raw"], {
    gitDir,
    input: streamOf(options),
    timeoutMs: 600_000,
  });
  return gitIdSchema.parse((await git(site, ["rev-parse", "--verify", `${candidateRef}^{tree}`], { gitDir })).text);
}

async function* streamOf(options: {
  tree: string;
  baseCommit: string;
  changes: readonly Change[];
}): AsyncGenerator<Uint8Array> {
  yield Buffer.from(
    `commit ${candidateRef}\ncommitter aedev <aedev@localhost> 0 +0000\ndata 0\n\nfrom ${options.baseCommit}\n`,
  );
  // Deletions first, because a file may have become a folder, or a folder a file.
  for (const change of options.changes) if (change.kind === "delete") yield Buffer.from(`D ${quoted(change.path)}\n`);
  const tree = new OpenTree(options.tree);
  try {
    for (const change of options.changes) {
      if (change.kind === "link") yield* entry("120000", change.path, change.target);
      if (change.kind === "file") yield* entry(change.mode, change.path, change.bytes ?? fileBytes(tree, change));
    }
  } finally {
    tree.close();
  }
  yield Buffer.from("done\n");
}

/** Reads the file as the walk met it. Throws a Fault `capture-changed` if its kind or length has changed since. */
export function fileBytes(tree: OpenTree, { path, sizeBytes }: { path: string; sizeBytes: number }): Buffer {
  const end = path.lastIndexOf("/");
  tree.enter(end === -1 ? "" : path.slice(0, end));
  const file = tree.openFile(path.slice(end + 1));
  const changed = () => new Fault("capture-changed", "a file changed after the sandbox ended");
  if (file === null) throw changed();
  try {
    const bytes = Buffer.allocUnsafe(sizeBytes);
    let size = 0;
    for (let read = -1; read !== 0 && size < sizeBytes; size += read)
      read = readSync(file.descriptor, bytes, size, sizeBytes - size, size);
    if (size !== sizeBytes || file.state.size !== sizeBytes) throw changed();
    return bytes;
  } finally {
    closeSync(file.descriptor);
  }
}

function* entry(mode: string, path: string, bytes: Buffer): Generator<Uint8Array> {
  yield Buffer.from(`M ${mode} inline ${quoted(path)}\ndata ${bytes.length}\n`);
  yield bytes;
  yield Buffer.from("\n");
}

/** Git's C-style quoting of a path given as latin1 text. */
function quoted(path: string): string {
  const escaped = path.replace(/[^\x20-\x7e]|["\\]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
  return `"${escaped}"`;
}
