/** The judges' record as a person reads it: each rate with its interval, or "not measured". */

import { costText, counted, escapeLine, localTime, usedText, viewNames } from "@aedev/contracts";
import type { Figure, JudgeOutageDocument, JudgeReport, Rate, TaskDetails } from "@aedev/contracts/api";
import { columns } from "./columns.ts";

type Pair = JudgeReport["pairs"][number];

/** `12 of 60: 20 % (12..32 %)`. */
export function rateText({ n, hits, value, lower, upper }: Rate): string {
  return value === null
    ? "not measured"
    : `${hits} of ${n}: ${percent(value)} % (${percent(lower)}..${percent(upper)} %)`;
}

export function judgesText(report: JudgeReport): string {
  const { families, pairs, bar, canaries } = report;
  const rows = families.map((family) => [
    family.family,
    family.model,
    voteOf(family, bar.min_canaries),
    rateText(family.known_bad),
    rateText(family.known_good),
    rateText(family.injection),
    family.unanswered,
    family.earlier,
    family.used === undefined ? "not read" : costText(family.used),
  ]);
  const heads = [
    "FAMILY",
    "MODEL",
    "VOTE",
    "DEFECTS CAUGHT",
    "HARMLESS HELD",
    "INJECTIONS CAUGHT",
    "NO ANSWER",
    "EARLIER",
    "COST AT LIST PRICE",
  ];
  return [
    `${counted(canaries.planted, "planted bundle")}, ${canaries.open} open; intervals are 95 %`,
    ...(canaries.used === undefined
      ? []
      : [`asking about them used ${usedText(canaries.used)}: ${costText(canaries.used)}`]),
    columns(heads, rows, "no judge is configured"),
    ...outageLines(report.outages ?? []),
    ...families.flatMap(({ family, why }) => (why === null ? [] : [`${family}: its pass does not count: ${why}`])),
    `bar: after ${bar.min_canaries} planted defects the upper bound must be at least ${percent(bar.min_catch_rate)} %`,
    "",
    classesText(report),
    "",
    ...pairs.flatMap(pairLines),
  ]
    .join("\n")
    .trimEnd();
}

/** Vendors that are not available, since when, and which tasks wait for them. */
export function outageLines(outages: readonly JudgeOutageDocument[]): string[] {
  return outages.map(({ family, since, asked, waiting }) => {
    const rest = `${counted(waiting.length, "task")} waiting; aedev probes it and continues automatically`;
    return `${family}: not available since ${localTime(since)}${asked ? "" : ", not asked until it is"}; ${rest}`;
  });
}

/** A judge that was asked about too few defects keeps its vote, and is marked as not yet measured. */
function voteOf({ qualified, known_bad }: JudgeReport["families"][number], enough: number): string {
  if (!qualified) return "does not count";
  return known_bad.n < enough ? "counts (not yet measured)" : "counts";
}

function classesText({ families }: JudgeReport): string {
  const keys = new Set(families.flatMap(({ classes }) => classes.map((each) => `${each.planted} ${each.class}`)));
  const rows = [...keys].sort().map((key) => [
    ...key.split(" "),
    ...families.map(({ classes }) => {
      const found = classes.find((each) => `${each.planted} ${each.class}` === key);
      return found === undefined ? "not measured" : rateText(found);
    }),
  ]);
  const heads = ["PLANTED", "CLASS", ...families.map(({ family }) => `${family} DID NOT PASS`)];
  return columns(heads, rows, "no planted bundle has been answered; next: aedev judges audit");
}

/** How much two passes of this pair are worth. */
export function pairLines({ families, misses, false_holds, two_passes }: Pair): string[] {
  const [first, second] = families.map((family) => escapeLine(family, 40));
  const who = `${first} and ${second}`;
  if (misses.n === 0) return [`${who}: two passes are not measured: no planted defect was answered by both`];
  const { on_bad, on_good, likelihood_ratio, posteriors } = two_passes;
  const both = `both missed ${misses.both}, only ${first} ${misses.first}, only ${second} ${misses.second}`;
  const apart = `correlation of misses ${figureText(misses.phi)}`;
  return [
    `${who}, on ${counted(misses.n, "planted defect")}: ${both}, neither ${misses.neither}; ${apart}`,
    `${who}, on ${counted(false_holds.n, "harmless change")}: correlation of false holds ${figureText(false_holds.phi)}`,
    `both passed: of the defects ${rateText(on_bad)}, of the harmless changes ${rateText(on_good)}`,
    likelihood_ratio === null
      ? "what two passes are worth: not measured"
      : `what two passes are worth: ${posteriors.map(posteriorText).join("; ")}`,
  ];
}

function posteriorText({ prior, bad }: Pair["two_passes"]["posteriors"][number]): string {
  if (bad === null) return "not measured";
  const after = `${percent(bad.value)} % (${percent(bad.lower)}..${percent(bad.upper)} %)`;
  return `if ${percent(prior)} % of changes are bad, ${after} of those with two passes still are`;
}

function figureText(figure: Figure | null): string {
  if (figure === null) return "not measured";
  return `${figure.value.toFixed(2)} (${figure.lower.toFixed(2)}..${figure.upper.toFixed(2)})`;
}

/** Whole percents; one decimal below ten. */
function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 9.95 ? String(Number(value.toFixed(1))) : String(Math.round(value));
}

type Verdict = TaskDetails["verdicts"][number];

/** One line for each view that was asked more than once; empty if there is none. */
export function judgeTriesLines({ family, tries = [] }: Verdict): string[] {
  return viewNames.flatMap((name) => {
    const own = tries.filter(({ view }) => view === name);
    if (own.length < 2) return [];
    const asked = own.map(({ result, wait_ms }) => {
      const pause = wait_ms === null ? "" : `, waited ${(wait_ms / 1000).toFixed(1)} s`;
      return `${escapeLine(result, 60)}${pause}`;
    });
    return [`    ${family} ${name}, asked ${own.length} times: ${asked.join("; ")}`];
  });
}
