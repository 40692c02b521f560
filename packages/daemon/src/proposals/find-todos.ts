/** Finds lines with `TODO(aedev): …` in the files of a commit, in the bare mirror. It checks out and runs nothing. */
import { escapeLine } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { foreignPath } from "../repository/detect/test-globs.ts";
import { type Cause, ifPlain, makeCause, quoted } from "./cause.ts";
import { type CauseSource, foundAll, gitOf } from "./source.ts";

const runGit = gitAt("daemon/proposals/find-todos");

/** `path` and `said` are foreign: one line each, without control characters. */
interface Todo {
  readonly path: string;
  readonly line: number;
  readonly said: string;
}

const marker = "TODO(aedev):";
/** Bytes of all lines found; with more, nothing is decided. */
const outputBytesMax = 1024 * 1024;
const saidMax = 200;
const pathMax = 200;

export const todoSource: CauseSource = {
  name: "todo",
  inspect: async (place) => foundAll((await findTodos(gitOf(place))).map(todoCause), place),
};

export function todoCause({ path, line, said }: Todo): Cause {
  const title = `Do what a TODO${ifPlain(" in ", path)} asks for`;
  const where = `The TODO is in line ${line} of this file; remove it with the change:`;
  const lines = [where, quoted(path), "", "It says:", quoted(said)];
  return makeCause("todo", { identity: `${path}: ${said}`, title, lines });
}

/** The lines that have words. Throws a Fault as `runGit` does; then nothing is known. */
export async function findTodos(options: { gitDir: string; commit: string; timeoutMs: number }): Promise<Todo[]> {
  const { commit, ...call } = options;
  const args = ["grep", "-n", "-z", "--no-color", "-F", "-e", marker, commit, "--"];
  const { stdout } = await runGit({ ...call, args, outputBytesMax, exitCodes: [0, 1] });
  return todosIn(stdout.toString("utf8"), commit);
}

/** Parses the output of `git grep -n -z`: `commit:path NUL line NUL text LF` for each line. */
export function todosIn(printed: string, commit: string): Todo[] {
  const found: Todo[] = [];
  for (const [, path = "", line = "", text = ""] of printed.matchAll(/([^\0]+)\0(\d+)\0([^\n]*)\n?/g)) {
    // The mirror's attributes make every file a text, so binary ones are recognized by their bytes.
    if (/[\0\ufffd]/.test(text) || foreignPath.test(path.slice(commit.length + 1)) || markedAt(text) === -1) continue;
    const said = escapeLine(wordsOf(text), saidMax);
    const place = escapeLine(path.slice(commit.length + 1), pathMax);
    if (said !== "" && place !== "") found.push({ path: place, line: Number(line), said });
  }
  return found;
}

/** Drops what ends a comment. */
function wordsOf(text: string): string {
  const after = text.slice(markedAt(text) + marker.length);
  return after.replace(/(?:\*\/|-->|#\}|%>)\s*$/, "").trim();
}

/** Where the marker is first no part of a longer word; -1: nowhere. */
function markedAt(text: string): number {
  for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + 1))
    if (!/[\p{L}\p{N}_]$/u.test(text.slice(0, at))) return at;
  return -1;
}
