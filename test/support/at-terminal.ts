/** Runs a command line at a pseudo-terminal of 80 columns and 24 lines, like a person who answers its questions. Needs `script` of util-linux. */
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";

export interface TerminalRun {
  readonly exitCode: number;
  /** The text of the screen, without control sequences. */
  readonly text: string;
  /** The questions, in the order in which they were asked. */
  readonly questions: string[];
}

/** A line that waits for an answer: it ends with a bracket or a colon, and a space. */
const asks = /(?:^|\n)([^\n]*(?:[\])]|:) )$/;

/** `answer` returns the person's input before Enter; by default nothing. */
export async function atTerminal(
  line: string,
  environment: Readonly<Record<string, string | undefined>>,
  answer: (question: string) => string = () => "",
): Promise<TerminalRun> {
  const child = execa("script", ["-qefc", `stty cols 80 rows 24; ${line}`, "/dev/null"], {
    env: { ...environment, TERM: "xterm-256color", SHELL: "/bin/bash", PAGER: "cat" },
    extendEnv: false,
    reject: false,
    timeout: 280_000,
    buffer: false,
  });
  const questions: string[] = [];
  let raw = "";
  let answeredTo = 0;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    raw += piece;
    const question = asks.exec(plain(raw.slice(answeredTo)))?.[1]?.trim();
    if (question === undefined) return;
    answeredTo = raw.length;
    questions.push(question);
    child.stdin.write(`${answer(question)}\r`);
  });
  const { exitCode } = await child;
  return { exitCode: exitCode ?? -1, text: plain(raw), questions };
}

/** A line that is drawn over itself counts once, in its last form. */
function plain(raw: string): string {
  return stripVTControlCharacters(raw.replaceAll("\r\n", "\n"))
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r") + 1))
    .join("\n");
}
