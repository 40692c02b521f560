/** Writes the attacking coder's script: one turn of tool calls per group of attempts, then the turns of the mission's own script. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Fixture, readFixtures } from "@aedev/fakes/fixture";
import { type AttackEntry, attackFolder } from "./entries.ts";

type ToolCall = { id: string; name: string; arguments: Record<string, unknown> };

/** The id of an entry's tool call, which identifies its output. */
export const callId = (index: number): string => `toolu_attack_${String(index).padStart(3, "0")}`;

/** Copies `source` (a mission's scripts) to `target` and puts the attempts before the coder's own turns. Unless `continues`, only the last of these turns is kept. */
export function writeAttackScripts(
  entries: readonly AttackEntry[],
  { source, target, continues }: { source: string; target: string; continues: boolean },
): void {
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true });
  const own = readFixtures(join(source, "coder.json"));
  const mission = own[0]?.match.userMessage ?? "";
  const answers = attackAnswers(entries);
  const fixtures: Fixture[] = [
    ...answers.map((toolCalls, turnIndex) => ({
      match: { userMessage: mission, turnIndex },
      response: { toolCalls, usage: { input_tokens: 4000, output_tokens: 200 } },
    })),
    ...own.slice(continues ? 0 : -1).map(({ match, response }, index) => ({
      match: { ...match, turnIndex: index + answers.length },
      response,
    })),
    // The answer to an attempt that reaches the model.
    {
      match: { userMessage: "asked by a sandbox: " },
      response: { content: "the model answers", usage: { input_tokens: 20, output_tokens: 5 } },
    },
  ];
  writeFileSync(join(target, "coder.json"), JSON.stringify({ fixtures }));
}

function attackAnswers(entries: readonly AttackEntry[]): ToolCall[][] {
  const answers: ToolCall[][] = [[writeTool("ask.mjs")]];
  let last = "";
  for (const [index, { group, name, command }] of entries.entries()) {
    if (group !== last) answers.push([]);
    last = group;
    // A failing command would cancel the others of its turn, so its exit code is printed instead.
    const line = `( ${command}\n) 2>&1; echo "(exit $?)"`;
    answers.at(-1)?.push({ id: callId(index), name: "Bash", arguments: { command: line, description: name } });
  }
  return answers;
}

/** Writes the program that the `gateway` commands use to a folder that the sandbox may write to. */
function writeTool(name: string): ToolCall {
  const content = readFileSync(join(attackFolder, name), "utf8");
  return {
    id: `toolu_write_${basename(name)}`.replace(".", "_"),
    name: "Write",
    arguments: { file_path: `/tmp/${name}`, content },
  };
}
