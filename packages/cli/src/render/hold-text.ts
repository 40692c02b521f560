/** A hold as a person reads it in the terminal: what it means, what was found, what each run tried, and what helps. */
import { counted, escapeLine, localTime, resumptionText } from "@aedev/contracts";
import type { HoldReading } from "@aedev/daemon";
import { pairs, titled } from "./columns.ts";
import { proseLines } from "./prose.ts";
import { runBegan } from "./task-text.ts";

const findingsPerCodeMax = 20;
const filesPerRunMax = 8;
const lineCharactersMax = 400;

/** `columns`: the terminal's width; undefined if the output goes elsewhere. */
export function holdText(hold: HoldReading, columns: number | undefined): string {
  const head = pairs([
    ["hold", hold.hold_id],
    ["code", hold.code],
    ["detail", hold.findings.length === 0 ? hold.detail : null],
    ["task", hold.task_id],
    ["mission", `${hold.mission_id} ${hold.title}`],
    ["since", localTime(hold.held_at)],
    ["continues", resumptionText(hold)],
  ]);
  const prose = (sentence: string, indent: string) => proseLines(sentence, { indent, columns });
  const tried = hold.tried.flatMap((run) => triedLines(run, prose));
  const next = hold.helps.commands.includes(hold.help) ? [] : ["next:", `    ${hold.help}`];
  return [
    [head],
    ["what it means:", ...prose(hold.means, "  ")],
    titled("what was found:", findingLines(hold, prose)),
    titled("what each run tried:", tried),
    ["what usually helps:", ...prose(hold.helps.text, "  "), ...hold.helps.commands.map((command) => `    ${command}`)],
    next,
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n");
}

type Prose = (sentence: string, indent: string) => string[];

/** Facts with the same code are listed under the meaning of the code. */
function findingLines({ findings }: HoldReading, prose: Prose): string[] {
  const byCode = Map.groupBy(findings, ({ code }) => code);
  return [...byCode].flatMap(([code, facts]) => {
    const [first] = facts;
    const title = code === null ? [] : prose(`${code}: ${first?.means ?? ""}`, "  ");
    const rest = facts.length - findingsPerCodeMax;
    return [
      ...title,
      ...facts.slice(0, findingsPerCodeMax).map(({ text }) => `    ${escapeLine(text, lineCharactersMax)}`),
      ...(rest > 0 ? [`    and ${rest} more`] : []),
    ];
  });
}

function triedLines({ attempt, run_id, cause, outcome, files }: HoldReading["tried"][number], prose: Prose): string[] {
  const ended =
    outcome === null ? "under way" : [outcome.code ?? outcome.answer, outcome.detail ?? ""].join(" ").trim();
  return [`  run ${attempt} ${run_id}, ${runBegan(attempt, cause)}: ${filesText(files)}`, ...prose(ended, "    ")];
}

function filesText(files: HoldReading["tried"][number]["files"]): string {
  if (files === null) return "no change to show";
  const named = files
    .slice(0, filesPerRunMax)
    .map(({ path, added_lines, deleted_lines }) => `${escapeLine(path, 100)} +${added_lines} -${deleted_lines}`);
  const rest = files.length - named.length;
  return [...named, ...(rest > 0 ? [counted(rest, "more file")] : [])].join(", ");
}
