/** Types and names for the outcomes of repeated calls, and the form of a judgement that asks. Pure. */
import { bounded, type ReplayedFunction, shortenedPair } from "@aedev/contracts";
import { sha256 } from "@aedev/host/sha256";
import { leaves } from "../explore/leaves.ts";
import { readableArguments, readableOutcome } from "./readable.ts";

/** Longer outcomes are represented by their start and a hash. Also the default of plain-values.py. */
export const outcomeCharactersMax = 600;

/** The surroundings of one bare process. `usual` and `again` are equal. */
export const surroundings = ["usual", "again", "elsewhere", "next-year", "next-decade"] as const;
/** The processes that make the varied calls: two in the same order, the third in reverse. Outcomes are indexed by varied call. */
export const variedRuns = ["varied", "varied-again", "varied-reversed"] as const;
/** The processes that make the calls of neighbours.ts, one in order and one in reverse. Outcomes are indexed by explored call. */
export const exploredRuns = ["explored", "explored-reversed"] as const;
export type Surroundings = (typeof surroundings | typeof variedRuns | typeof exploredRuns)[number];
/** The outcomes of one tree, by surroundings and index of the call. */
export interface Outcomes {
  once: ReadonlyMap<Surroundings, ReadonlyMap<number, string>>;
  /** The first different outcome among a hundred calls. */
  often: ReadonlyMap<number, string>;
  /** Calls with the same outcome a hundred times. */
  repeated: ReadonlySet<number>;
  /** The value of a repeated call, read again at the end; null if it did not change. */
  afterwards: ReadonlyMap<number, string | null>;
  /** Calls whose usual process ended early. */
  endedEarly: ReadonlySet<number>;
  /** The call at which a process stopped that ended early. Of other calls than the tests', only after one that ended: loading the code may be slow. */
  stopped: ReadonlyMap<Surroundings, ReadonlySet<number>>;
}

export type ReplayDifference = NonNullable<ReplayedFunction["difference"]>;
export type Judged = Pick<ReplayedFunction, "outcome" | "left_out" | "difference">;

/** True if the call reached its function. */
export const isKnown = (outcome: string | undefined): outcome is string =>
  outcome !== undefined && !outcome.startsWith("l");

/** The outcome of a call that never ends. */
export const unended = "xunsettled";

export const isError = (outcome: string) => outcome.startsWith("e");

/** The outcome of a varied call on which two equal processes agree; null if they don't or one is unknown. */
export function steady(of: Outcomes, index: number): string | null {
  const one = variedOutcome(of, "varied", index);
  return one === variedOutcome(of, "varied-again", index) ? one : null;
}

export function variedOutcome({ once }: Outcomes, where: (typeof variedRuns)[number], index: number): string | null {
  const outcome = once.get(where)?.get(index);
  return isKnown(outcome) ? outcome : null;
}

export function unsureOf(place: ReplayDifference["place"], given: Omit<ReplayDifference, "place">): Judged {
  return { outcome: "unsure", left_out: null, difference: replayDifference(place, given) };
}

/** `input`: all arguments; `expected` and `found`: outcomes. */
export function replayDifference(
  place: ReplayDifference["place"],
  { input, expected, found }: Omit<ReplayDifference, "place">,
): ReplayDifference {
  const [one, other] = shortenedPair(readableEnd(expected), readableEnd(found));
  return { place, input: bounded(readableArguments(input).toWellFormed()), expected: one, found: other };
}

/** A call's outcome and its changed arguments, for people. */
export function readableEnd(outcome: string): string {
  const [end = "", ...left] = outcome.split(leaves);
  // Programs in JavaScript tell the length of the arguments too.
  const texts = left.map((text) => readableArguments(text.replace(/^\d+ /u, "")));
  return [end === unended ? "no end" : readableOutcome(end), ...texts].join(" and left ").toWellFormed();
}

/** Shortens an outcome as call-again.cjs does. Those of Python and Go are already short, but may count as longer here. */
export function shortened(outcome: string): string {
  if (outcome.length <= outcomeCharactersMax) return outcome;
  return `${outcome.slice(0, 300)}… ${sha256(outcome)}${outcome.includes(leaves) ? `${leaves}…` : ""}`;
}
