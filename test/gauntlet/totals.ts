/** Counts the gauntlet's results, and writes a row for each. Pure. */
import type { Listed } from "./read-list.ts";

export interface Result {
  readonly listed: Listed;
  /**
   * `green`: the base passes with results of single tests. `exit-code`: it passes, but only an exit code says so. `no-clone`: aedev never saw it, because files
   * of the listed commit are missing in the folder of `--from` or at the address.
   */
  readonly outcome: "green" | "exit-code" | "red" | "not-saved" | "no-clone";
  /** Why it is not green, in one line; empty if it is. */
  readonly cause: string;
  readonly settings: string;
  readonly tests: number;
  readonly seconds: number;
  /** Whether the documented command is green in an ordinary container without network; null if not tried. */
  readonly ordinary: boolean | null;
}

export function rowText({ listed, outcome, cause, settings, tests, seconds, ordinary }: Result): string {
  const end = outcome === "green" ? `green, ${tests} tests` : `${outcome}: ${cause}`;
  const beside = ordinary === null ? "" : ordinary ? ", ordinary container green" : ", ordinary container red";
  return [`${listed.name} (${listed.kind}, ${listed.half}): ${end}${beside}, ${seconds} s`, `    ${settings}`].join(
    "\n",
  );
}

/** One line for each half, and one for all; repositories that could not be cloned are counted separately. */
export function totalsText(results: readonly Result[]): string {
  const halves = ["build", "check"] as const;
  const begun = results.filter(({ outcome }) => outcome !== "no-clone");
  const groups = [
    ...halves.map((half) => [`half ${half}`, begun.filter(({ listed }) => listed.half === half)] as const),
    ["all", begun] as const,
  ].filter(([, group]) => group.length > 0);
  const absent = results.filter(({ outcome }) => outcome === "no-clone");
  return [
    ...groups.map(([name, group]) => `${name}: ${rate(group)}`),
    ...(absent.length === 0
      ? []
      : [`not tried, because files of the commit are missing: ${absent.map(({ listed }) => listed.name).join(", ")}`]),
  ].join("\n");
}

function rate(group: readonly Result[]): string {
  const green = group.filter(({ outcome }) => outcome === "green");
  const tried = group.filter(({ ordinary }) => ordinary !== null);
  const all = `${green.length} of ${group.length} green with results of single tests`;
  if (tried.length === 0) return all;
  const able = tried.filter(({ ordinary }) => ordinary);
  const both = able.filter(({ outcome }) => outcome === "green");
  const share = able.length === 0 ? "-" : `${Math.round((both.length / able.length) * 100)} %`;
  return `${all}; ${both.length} of ${able.length} (${share}) of those whose documented command is green in an ordinary container`;
}
