/** A person who types at a terminal into a laboratory's home. */
import { Fault } from "@aedev/contracts";
import { runProgram } from "../../packages/cli/src/program.ts";
import { processEntries } from "../../packages/cli/src/terminal/entries.ts";
import type { Laboratory } from "./laboratory.ts";

/** The person leaves instead of typing a line. */
export const leaves = Symbol("leaves");
export interface Talk {
  readonly exit: number;
  readonly out: string;
  /** Everything on stderr: questions, prompts and what was typed. */
  readonly screen: string;
  /** Lines that were never asked for. */
  readonly left: number;
  readonly missionId: string;
}

/** Runs a command line; `typed` has one line per prompt. A prompt without a line fails the test. */
export async function talk(
  { environment }: Laboratory,
  line: readonly string[],
  typed: readonly (string | typeof leaves)[],
): Promise<Talk> {
  let [out, screen] = ["", ""];
  const lines = [...typed];
  const terminal = {
    write: (text: string) => {
      out += text;
    },
    complain: (text: string) => {
      screen += text;
    },
    interactive: true,
    readAll: async () => "",
    ask: async (prompt: string) => {
      const next = lines.shift();
      if (next === undefined) throw new Error(`nobody types an answer to: ${prompt}`);
      if (next === leaves) throw new Fault("interrupted", "nothing was answered");
      screen += `${prompt}${String(next)}\n`;
      return String(next);
    },
  };
  const exit = await runProgram(line, { environment, terminal, entries: processEntries });
  const missionId = /m-[a-z0-9]{16}/.exec(`${out}${screen}`)?.[0] ?? "";
  return { exit, out, screen, left: lines.length, missionId };
}
