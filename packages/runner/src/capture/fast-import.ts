/** Writes the walker's changes as a tree into the run's own repository, with one `git fast-import`. The repository's only other objects are the mirror's, as alternates (THREATS T2). */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, gitIdSchema } from "@aedev/contracts";
import { gitInfoAttributes } from "@aedev/host/git/git-safety";
import type { Git } from "@aedev/host/git/run-git";
import { readRegular } from "@aedev/host/nofollow-read";
import type { Change } from "./walk.ts";

const candidateRef = "refs/aedev/candidate";

/** Creates the run's bare repository if it does not exist. */
export async function openCaptureGit(options: {
  git: Git;
  path: string;
  mirror: string;
  hash: "sha1" | "sha256";
}): Promise<void> {
  if (existsSync(join(options.path, "info", "attributes"))) return;
  await options.git(["init", "--quiet", "--bare", "--template=", `--object-format=${options.hash}`, options.path]);
  mkdirSync(join(options.path, "objects", "info"), { recursive: true });
  writeFileSync(join(options.path, "objects", "info", "alternates"), `${join(options.mirror, "objects")}\n`);
  mkdirSync(join(options.path, "info"), { recursive: true });
  writeFileSync(join(options.path, "info", "attributes"), gitInfoAttributes);
}

/** The id of the tree of the base with the changes. */
export async function importChanges(options: {
  git: Git;
  gitDir: string;
  tree: string;
  baseCommit: string;
  changes: readonly Change[];
}): Promise<string> {
  const { git, gitDir } = options;
  await git(["fast-import", "--quiet", "--force", "--done", "--date-format=raw"], {
    gitDir,
    input: streamOf(options),
    timeoutMs: 600_000,
  });
  return gitIdSchema.parse((await git(["rev-parse", "--verify", `${candidateRef}^{tree}`], { gitDir })).text);
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
  for (const change of options.changes) {
    if (change.kind === "link") yield* entry("120000", change.path, change.target);
    if (change.kind === "file") {
      const bytePath = Buffer.concat([Buffer.from(`${options.tree}/`), Buffer.from(change.path, "latin1")]);
      const read = await readRegular(bytePath, change.sizeBytes);
      if (read === null || read.bytes.length !== change.sizeBytes)
        throw new Fault("capture-changed", "a file changed after the sandbox ended");
      yield* entry(change.mode, change.path, read.bytes);
    }
  }
  yield Buffer.from("done\n");
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
