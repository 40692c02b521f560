/** Real repositories in throw-away folders for the git tests. fast-import builds their trees, so that they can have any name, mode and byte. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export interface PlannedFile {
  readonly mode: "100644" | "100755" | "120000" | "160000";
  /** The file's bytes; for mode 160000 the commit id. */
  readonly content: string | Uint8Array;
}
export type PlannedTree = Readonly<Record<string, string | PlannedFile>>;

export const timeoutMs = 30_000;

/** A folder that is removed after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "aedev-git-"));
  folders.push(folder);
  return folder;
}
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs plain git for the test itself, as a person would. */
export function git(folder: string, args: readonly string[], input?: Uint8Array | string): Buffer {
  const environment = {
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    LC_ALL: "C.UTF-8",
  };
  return execFileSync("git", ["-c", "protocol.file.allow=always", ...args], {
    cwd: folder,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
}

export function gitText(folder: string, args: readonly string[]): string {
  return git(folder, args).toString("utf8").trim();
}

/** A bare repository whose `main` has one commit with the files. */
export function bareRemote(files: PlannedTree): string {
  const dir = join(temporaryFolder(), "remote.git");
  git("/", ["init", "--bare", "--quiet", "--initial-branch=main", dir]);
  if (Object.keys(files).length > 0) commitTo(dir, { files, whole: true });
  return dir;
}

let clock = 1_700_000_000;

/** Adds a commit to a branch and returns its id. `whole`: the tree is exactly `files`; otherwise they are added to the parent's. */
export function commitTo(
  dir: string,
  options: { files: PlannedTree; branch?: string; whole?: boolean; parent?: string | null; remove?: readonly string[] },
): string {
  const ref = `refs/heads/${options.branch ?? "main"}`;
  const known = gitText(dir, ["for-each-ref", "--format=%(objectname)", ref]);
  const parent = options.parent === undefined ? known : (options.parent ?? "");
  clock += 1;
  const parts: Uint8Array[] = [];
  const say = (text: string) => parts.push(Buffer.from(text));
  say(`commit refs/import/${clock}\ncommitter Person <person@example.org> ${clock} +0000\ndata 6\nchange\n`);
  if (parent !== "") say(`from ${parent}\n`);
  if (options.whole === true) say("deleteall\n");
  for (const path of options.remove ?? []) say(`D ${quoted(path)}\n`);
  for (const [path, planned] of Object.entries(options.files)) {
    const file: PlannedFile = typeof planned === "string" ? { mode: "100644", content: planned } : planned;
    const bytes = Buffer.from(file.content);
    if (file.mode === "160000") say(`M 160000 ${bytes.toString()} ${quoted(path)}\n`);
    else
      parts.push(
        Buffer.from(`M ${file.mode} inline ${quoted(path)}\ndata ${bytes.length}\n`),
        bytes,
        Buffer.from("\n"),
      );
  }
  git(dir, ["fast-import", "--quiet", "--force"], Buffer.concat(parts));
  const commit = gitText(dir, ["rev-parse", `refs/import/${clock}`]);
  git(dir, ["update-ref", ref, commit]);
  git(dir, ["update-ref", "-d", `refs/import/${clock}`]);
  return commit;
}

/** C-quoted, with octal escapes for everything but plain ASCII. */
function quoted(path: string): string {
  const body = [...Buffer.from(path)].map((byte) =>
    byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, "0")}`,
  );
  return `"${body.join("")}"`;
}

export function treeOf(dir: string, commit: string): string {
  return gitText(dir, ["rev-parse", `${commit}^{tree}`]);
}
