/** Finds lines with `TODO(aedev): …` in the files of a commit, in the bare mirror. It checks out and runs nothing. */
import { escapeLine } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import type { Cause } from "./cause.ts";

const runGit = gitAt("daemon/proposals/find-todos");

type Todo = Extract<Cause, { source: "todo" }>;

const marker = "TODO(aedev):";
/** Bytes of all lines found; with more, nothing is decided. */
const outputBytesMax = 1024 * 1024;
const saidMax = 200;
const pathMax = 200;

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
    if (/[\0\ufffd]/.test(text)) continue;
    const said = escapeLine(wordsOf(text), saidMax);
    const place = escapeLine(path.slice(commit.length + 1), pathMax);
    if (said !== "" && place !== "") found.push({ source: "todo", path: place, line: Number(line), said });
  }
  return found;
}

/** Drops what ends a comment. */
function wordsOf(text: string): string {
  const after = text.slice(text.indexOf(marker) + marker.length);
  return after.replace(/(?:\*\/|-->|#\}|%>)\s*$/, "").trim();
}
