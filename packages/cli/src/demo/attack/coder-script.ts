/** Makes the attacking coder's script: its tool calls are the attempts, a turn per group; then goes on what the mission's own script has. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Fixture, readFixtures } from "../../stand-in/fixture.ts";
import { attackFolder, type Entry } from "./entries.ts";

type ToolCall = { id: string; name: string; arguments: Record<string, unknown> };

/** The id of an entry's tool call, by which its answer is found. */
export const callId = (place: number): string => `toolu_attack_${String(place).padStart(3, "0")}`;

/** Copies `source` (a mission's scripts) to `target` with the attempts before the coder's own turns, of which only the last is left where it does not go on. */
export function writeAttackScripts(
  entries: readonly Entry[],
  { source, target, goesOn }: { source: string; target: string; goesOn: boolean },
): void {
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true });
  const own = readFixtures(join(source, "coder.json"));
  const mission = own[0]?.match.userMessage ?? "";
  const turns = attackTurns(entries);
  const fixtures: Fixture[] = [
    ...turns.map((toolCalls, turnIndex) => ({
      match: { userMessage: mission, turnIndex },
      response: { toolCalls, usage: { input_tokens: 4000, output_tokens: 200 } },
    })),
    ...own.slice(goesOn ? 0 : -1).map(({ match, response }, place) => ({
      match: { ...match, turnIndex: place + turns.length },
      response,
    })),
    // The attempts that ask the model: where one gets there, it is answered.
    {
      match: { userMessage: "asked by a sandbox: " },
      response: { content: "the model answers", usage: { input_tokens: 20, output_tokens: 5 } },
    },
  ];
  writeFileSync(join(target, "coder.json"), JSON.stringify({ fixtures }));
}

function attackTurns(entries: readonly Entry[]): ToolCall[][] {
  const turns: ToolCall[][] = [[writeTool("ask.mjs")]];
  let last = "";
  for (const [place, { group, name, command }] of entries.entries()) {
    if (group !== last) turns.push([]);
    last = group;
    // A command that fails would cancel those beside it; what it ended with is part of what it says.
    const line = `( ${command}\n) 2>&1; echo "(exit $?)"`;
    turns.at(-1)?.push({ id: callId(place), name: "Bash", arguments: { command: line, description: name } });
  }
  return turns;
}

/** The program that the commands of the group `gateway` use, put where a sandbox may write. */
function writeTool(name: string): ToolCall {
  const content = readFileSync(join(attackFolder, name), "utf8");
  return {
    id: `toolu_write_${basename(name)}`.replace(".", "_"),
    name: "Write",
    arguments: { file_path: `/tmp/${name}`, content },
  };
}
