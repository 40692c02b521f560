/** What `aedev task explain` prints: the story of a task, what it waits for, and what comes next. */
import { escapeLine, localTime } from "@aedev/contracts";
import type { TaskExplanation } from "@aedev/contracts/api";
import { pairs, titled } from "./columns.ts";
import { proseLines } from "./prose.ts";

const lineCharactersMax = 400;

/** `columns`: the terminal's width; undefined if the output goes elsewhere. */
export function explanationText(explanation: TaskExplanation, columns: number | undefined): string {
  const { task_id, mission_id, title, repository, phase, since, story, waits_for, next, next_at, commands } =
    explanation;
  const prose = (line: string) => proseLines(escapeLine(line, lineCharactersMax), { indent: "  ", columns });
  const head = pairs([
    ["task", task_id],
    ["mission", `${mission_id} ${escapeLine(title, lineCharactersMax)}`],
    ["repository", repository],
    ["now", `${phase}, since ${localTime(since)}`],
  ]);
  return [
    [head],
    titled(
      "what has happened:",
      story.flatMap(({ at, text }) => prose(at === null ? text : `${localTime(at)} ${text}`)),
    ),
    titled("waits for:", waits_for.flatMap(prose)),
    ["what comes next:", ...prose(next_at === null ? next : `${next} (${localTime(next_at)})`)],
    titled(
      "what changes that:",
      commands.map((command) => `  ${escapeLine(command, lineCharactersMax)}`),
    ),
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n");
}
