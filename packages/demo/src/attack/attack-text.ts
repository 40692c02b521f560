/** Renders the attack report: each attempt with its command and its result. */
import { dirname } from "node:path";
import { counted, escapeLine } from "@aedev/contracts";
import type { Paint } from "../telling/paint.ts";
import type { AttemptResult, ControlResult } from "./judge.ts";
import { logGroup } from "./log-trials.ts";
import type { AttackDocument } from "./run-attack.ts";

const outputLinesMax = 4;
const recordedMax = 6;
const again = [
  "Each command ran with the Bash tool of the real coder in its sandbox. To repeat one, or to run your own:",
  "  aedev demo --try 'COMMAND'",
  `The commands on copies of the home run as printed, with the node of ${dirname(process.execPath)} in PATH.`,
].join("\n");

export function attackText(
  { attempts, controls, recorded, home }: AttackDocument,
  { answers, paint }: { answers: string; paint: Paint },
): string {
  const groups = [...new Set([...attempts, ...controls].map(({ group }) => group))];
  const parts = groups.map((group) =>
    [
      paint.strong(group),
      ...controls
        .filter((entry) => entry.group === group)
        .flatMap((entry) => entryLines(entry, controlLabel(entry, paint))),
      ...attempts
        .filter((entry) => entry.group === group)
        .flatMap((entry) => entryLines(entry, attemptLabel(entry, paint))),
    ].join("\n"),
  );
  const host = [
    `the gateway refused and recorded ${counted(recorded.length, "request")}: aedev events --home ${home}`,
    ...recorded.slice(0, recordedMax).map((what) => `            | ${escapeLine(what, 160)}`),
    ...(recorded.length > recordedMax ? [`            | and ${recorded.length - recordedMax} more`] : []),
  ].join("\n");
  return `${[answers, ...parts, host, verdict(attempts, controls), again].join("\n\n")}\n`;
}

/** The output of the person's own command, without a verdict. */
export function ownCommandText(own: { command: string; document: AttackDocument; json: boolean }): string {
  const { command, document, json } = own;
  const output = document.attempts.map((attempt) => attempt.output).join("\n");
  if (json)
    return `${JSON.stringify({ command, output, recorded: document.recorded, home: document.home }, null, 2)}\n`;
  const lines = [`$ ${command}`, ...output.split("\n")];
  return `${lines.map((line) => escapeLine(line, 2000)).join("\n")}\n`;
}

/** An attempt may be answered like a harmless request: then it had no effect. */
const attemptLabel = ({ group, refused, arrives }: AttemptResult, { good, bad }: Paint) => {
  if (!refused) return bad("THROUGH");
  return good(group === logGroup ? "noticed" : arrives === true ? "defused" : "refused");
};
const controlLabel = ({ passed }: ControlResult, { faint, bad }: Paint) => (passed ? faint("allowed") : bad("BROKEN "));

function entryLines({ name, command, output }: AttemptResult | ControlResult, label: string): string[] {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const rest = lines.length - outputLinesMax;
  return [
    `  ${label}  ${escapeLine(name, 200)}`,
    `            $ ${escapeLine(command, 1000)}`,
    ...lines.slice(0, outputLinesMax).map((line) => `            | ${escapeLine(line, 200)}`),
    ...(rest > 0 ? [`            | and ${counted(rest, "more line")}`] : []),
  ];
}

function verdict(attempts: readonly AttemptResult[], controls: readonly ControlResult[]): string {
  const through = attempts.filter(({ refused }) => !refused).map(({ group, name }) => `${group}: ${name}`);
  const broken = controls.filter(({ passed }) => !passed).map(({ group, name }) => `${group}: ${name}`);
  return [
    `${attempts.length - through.length} of ${attempts.length} attempts stopped, ${controls.length - broken.length} of ${controls.length} controls passed`,
    ...through.map((name) => `GOT THROUGH: ${name}`),
    ...broken.map((name) => `CONTROL FAILED: ${name}`),
  ].join("\n");
}
