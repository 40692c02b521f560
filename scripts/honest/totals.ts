/** Prints the measurements: a row per commit, and how many of the counting commits were asked about, by reason. Pure. */
import { counted, escapeLine } from "@aedev/contracts";
import type { Measured } from "./measure.ts";

const lineMax = 300;

export function rowText({
  repository,
  commit,
  subject,
  outcome,
  reasons,
  functions,
  tests,
  variants,
  sentences,
}: Measured): string {
  const head = `${repository} ${commit.slice(0, 8)} ${outcome}`;
  const told = variants === null ? "no variants" : `${variants.tried} variants tried, ${variants.untried} not`;
  const more =
    outcome === "left-out" || functions === null
      ? ""
      : ` (${counted(functions.same, "function")} the same, ${countsText(functions.left_out, "left out")}, ${counted(tests?.proven ?? 0, "test")} proven, ${countsText(tests?.unproven ?? {}, "not")}, ${told})`;
  const why = reasons.length === 0 ? "" : `: ${reasons.join(", ")}`;
  const line = (text: string) => escapeLine(text, lineMax);
  return [line(`${head}${why}${more}`), `  ${line(subject)}`, ...sentences.map((one) => `  - ${line(one)}`)].join("\n");
}

/** For example `12 left out: 9 not-called, 3 not-plain`. */
function countsText(reasons: Readonly<Record<string, number>>, what: string): string {
  const all = Object.entries(reasons).toSorted(([, one], [, other]) => other - one);
  const sum = all.reduce((before, [, count]) => before + count, 0);
  return sum === 0 ? `none ${what}` : `${sum} ${what}: ${all.map(([why, count]) => `${count} ${why}`).join(", ")}`;
}

/** For example `12 the same, 3 not-called`. */
function sumsText(all: readonly Readonly<Record<string, number>>[]): string {
  const sums = new Map<string, number>();
  for (const counts of all)
    for (const [what, count] of Object.entries(counts)) sums.set(what, (sums.get(what) ?? 0) + count);
  const found = [...sums].filter(([, count]) => count > 0).toSorted(([, one], [, other]) => other - one);
  return found.map(([what, count]) => `${count} ${what}`).join(", ") || "none";
}

/** For example `12 commits count; 3 asked about, 0 held`, then a line per reason. A commit with two reasons counts for both. */
export function totalsText(results: readonly Measured[]): string {
  const counting = results.filter(({ outcome }) => outcome !== "left-out");
  const of = (outcome: Measured["outcome"]) => counting.filter((one) => one.outcome === outcome).length;
  const reasons = new Map<string, number>();
  for (const reason of counting.flatMap((one) => one.reasons)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const isRun = counting.some(({ functions }) => functions !== null);
  const withCalls = counting.filter(({ functions }) => (functions?.same ?? 0) > 0).length;
  const sums = {
    functions: sumsText(counting.map(({ functions: found }) => ({ "the same": found?.same ?? 0, ...found?.left_out }))),
    tests: sumsText(counting.map(({ tests: found }) => ({ proven: found?.proven ?? 0, ...found?.unproven }))),
    coverage: sumsText(counting.map(({ coverage: found }) => (found === null ? {} : { [found]: 1 }))),
  };
  const withVariants = counting.filter(({ variants }) => variants !== null && variants.tried > 0).length;
  return [
    `${counted(counting.length, "commit")} of ${counted(new Set(counting.map(({ repository }) => repository)).size, "repository", "repositories")}, ${results.length - counting.length} left out: ${of("asked")} asked about, ${of("held")} held, ${of("clear")} clear`,
    ...(isRun
      ? [
          `calls were repeated in ${withCalls}, variants tried in ${withVariants}`,
          ...Object.entries(sums).map(([what, text]) => `${what}: ${text}`),
        ]
      : []),
    ...[...reasons].toSorted(([, one], [, other]) => other - one).map(([reason, count]) => `  ${count} ${reason}`),
  ].join("\n");
}
