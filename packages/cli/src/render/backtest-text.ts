/** What a backtest found, as a person reads it. */
import { badShareText, chanceText, counted, escapeLine, harmChance } from "@aedev/contracts";
import type { Backtest, PastDecision } from "@aedev/daemon";
import { columns } from "./columns.ts";

/** What a backtest can't say. */
export const notMeasured: readonly string[] = [
  "judges: each is taken to pass, so real ones would merge less",
  "tests of another run (independent_tests): none are written, so a change of behaviour may be stopped by them",
  "runs that repair a change or add tests: none, so a coder may still land what is asked about or held here",
  "later outcomes: a commit counts as bad if one of these commits reverts it, or says that it is a fix and changes its lines",
];

const [reasonsMax, idLength] = [5, 10];

export function backtestText({ repository, profile, decisions, answers, merged, left_out }: Backtest): string {
  const { merge, ask, hold } = answers;
  return [
    ...decisions.flatMap(decisionLines),
    ...left_out.map(({ commit, why }) => `${commit.slice(0, idLength)}  left out: ${why}`),
    "",
    `of ${counted(decisions.length, "past commit")} of ${repository}, ${profile} would have: merged ${merge}, asked about ${ask}, held ${hold}`,
    merged.merged === 0
      ? "none would have merged, so there is no share of bad ones"
      : `later fixed or reverted of these ${merged.merged}: ${merged.bad}, so ${badShareText(merged)}`,
    columns(["KIND OF CHANGE", "MERGED", "ASKED", "HELD"], kindRows(decisions), ""),
    "not measured:",
    ...notMeasured.map((what) => `  ${what}`),
    `next: aedev repo add --name ${repository} --profile ${profile}   (low risk then merges without you, where aedev may write)`,
  ].join("\n");
}

function decisionLines({ commit, subject, answer, code, score, reasons, outcome, seconds }: PastDecision): string[] {
  const facts = [
    code ?? (score === null ? null : `${chanceText(harmChance(score))} chance of harm`),
    outcome === null ? null : `later ${outcome}`,
    `${Math.round(seconds)} s`,
  ].filter((fact) => fact !== null);
  return [
    `${commit.slice(0, idLength)}  ${answer.padEnd(5)}  ${escapeLine(subject, 80)}  (${facts.join(", ")})`,
    ...reasons.slice(0, reasonsMax).map((reason) => `    ${escapeLine(reason, 300)}`),
    ...(reasons.length > reasonsMax ? [`    +${reasons.length - reasonsMax} more: --json`] : []),
  ];
}

function kindRows(decisions: readonly PastDecision[]): (string | number)[][] {
  return [...Map.groupBy(decisions, ({ kind }) => kind)].map(([kind, all]) => [
    kind,
    ...(["merge", "ask", "hold"] as const).map((answer) => all.filter((one) => one.answer === answer).length),
  ]);
}
