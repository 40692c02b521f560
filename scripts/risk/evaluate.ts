/** Prints how good estimates of each project's newest commits are, by the scorecard and by simpler ways beside it. */
import { type Quality, qualityOf, type Scorecard } from "@aedev/core";
import { fitCard } from "./card.ts";
import type { Project } from "./rows.ts";
import {
  allMetrics,
  baseRate,
  foreignScorecard,
  linesAdded,
  logistic14,
  ownScorecard,
  type Scorer,
} from "./scorers.ts";

/** Local commits by which the card of others is calibrated in the smaller of two trials. */
const fewLocal = 200;

/** The table as text. `say`: told which project is next. */
export function evaluationText(projects: readonly Project[], say: (project: string) => void = () => undefined): string {
  const results = new Map<string, Quality[]>();
  const lines: string[] = [];
  for (const project of projects) {
    say(project.name);
    lines.push(
      `${project.name}: ${project.train.length} commits to learn from, ${project.test.length} later ones to estimate`,
    );
    for (const [name, scorer] of scorersFor(projects.filter((other) => other !== project))) {
      const quality = qualityOf(scorer(project));
      results.set(name, [...(results.get(name) ?? []), quality]);
      lines.push(row(name, quality));
    }
  }
  lines.push(`mean of ${projects.length}:`);
  for (const [name, qualities] of results)
    lines.push(
      row(name, {
        auc: mean(qualities.map(({ auc }) => auc ?? Number.NaN)),
        brier: mean(qualities.map(({ brier }) => brier)),
        ece: mean(qualities.map(({ ece }) => ece)),
      }),
    );
  return lines.join("\n");
}

function scorersFor(others: readonly Project[]): [string, Scorer][] {
  const own: [string, Scorer][] = [
    ["base rate", baseRate],
    ["lines added", linesAdded],
    ["logistic, 11 metrics", allMetrics],
    ["logistic, 14 with experience", logistic14],
    ["scorecard, own commits", ownScorecard],
  ];
  if (others.length === 0) return own;
  const card: Pick<Scorecard, "metrics" | "pairs" | "start" | "between"> = fitCard(others);
  return [
    ...own,
    ["scorecard, others' commits", foreignScorecard(card, 0)],
    [`… calibrated by ${fewLocal} local`, foreignScorecard(card, fewLocal)],
    ["… calibrated by all local", foreignScorecard(card, Number.POSITIVE_INFINITY)],
  ];
}

function row(name: string, { auc, brier, ece }: Quality): string {
  const ranking = auc === null ? "-" : auc.toFixed(4);
  return `  ${name.padEnd(30)} AUC ${ranking}  Brier ${brier.toFixed(4)}  ECE ${ece.toFixed(4)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
