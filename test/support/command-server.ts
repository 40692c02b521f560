/** A process that runs command lines of aedev one after another, because starting Node and loading the program takes longer than most verbs. */

import { runProgram } from "../../packages/cli/src/program.ts";
import { processEntries } from "../../packages/cli/src/terminal/entries.ts";

export interface CommandLine {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}
export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

process.on("disconnect", () => process.exit(0));
process.on("message", async ({ args, environment }: CommandLine) => {
  let [stdout, stderr] = ["", ""];
  const terminal = {
    write: (text: string) => {
      stdout += text;
    },
    complain: (text: string) => {
      stderr += text;
    },
    interactive: false,
    readAll: async () => "",
    ask: () => Promise.reject(new Error("there is nobody to ask")),
  };
  const exitCode = await runProgram(args, { environment, terminal, entries: processEntries });
  process.send?.({ exitCode, stdout, stderr } satisfies CommandEnd);
});
