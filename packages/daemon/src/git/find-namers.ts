/** Finds lines of a commit that contain names, in the bare mirror. No file is checked out, and none is run. */
import { isFault } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { mirrorDirectory, type RepositoryOptions } from "./bare-repository.ts";

const runGit = gitAt("daemon/git/find-namers");

const namesMax = 50;
const outputBytesMax = 8 * 1024 * 1024;

export interface NamingLine {
  readonly path: string;
  readonly text: string;
}
/** `files`: names that may stand anywhere in a line. `folders`: names that stand in quotes, alone or as a part of a path. */
export interface SoughtNames {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Null if there are more names or lines than can be read, or if git can't search. */
export async function linesNaming(
  { files, folders }: SoughtNames,
  options: RepositoryOptions & { commit: string },
): Promise<readonly NamingLine[] | null> {
  const patterns = [...files.map(escaped), ...folders.map((name) => `["'\`/]${escaped(name)}["'\`/]`)];
  if (patterns.length === 0) return [];
  if (patterns.length > namesMax || patterns.some((pattern) => pattern.includes("\n"))) return null;
  const { commit, timeoutMs } = options;
  const given = patterns.flatMap((pattern) => ["-e", pattern]);
  const args = ["grep", "-n", "-z", "--no-color", "-E", ...given, commit, "--"];
  try {
    const call = { args, gitDir: mirrorDirectory(options), timeoutMs, outputBytesMax, exitCodes: [0, 1] };
    const { stdout } = await runGit(call);
    const lines = stdout.toString("utf8").matchAll(/([^\0]+)\0\d+\0([^\n]*)\n?/gu);
    return [...lines].map(([, path = "", text = ""]) => ({ path: path.slice(commit.length + 1), text }));
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}

const escaped = (name: string) => name.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&");
