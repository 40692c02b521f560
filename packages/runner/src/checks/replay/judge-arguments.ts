/** Judges what calls make of their arguments, which include the object whose method is called. Pure. */
import type { VariedCall } from "../explore/vary.ts";
import { isError, isKnown, type Judged, leaves, type Outcomes, steady, unsureOf } from "./call-outcomes.ts";
import type { RecordedCall } from "./recorded-calls.ts";

/** What one call gave of both versions. */
interface Pair {
  readonly input: string;
  readonly before: string;
  readonly now: string;
}
/** The calls in the tests, and those with other arguments, by their index. */
export interface CallsOfFunction {
  readonly calls: readonly (RecordedCall & { index: number })[];
  readonly varied: readonly (VariedCall & { index: number })[];
}

/** A call that both versions refuse with the same kind of error, and of which only the new code leaves something changed, such as half of what it was to do. */
export function judgeRefused(called: CallsOfFunction, outcomes: Record<"candidate" | "base", Outcomes>): Judged | null {
  const found = pairsOf(called, outcomes).find(
    ({ before, now }) =>
      isError(before) && kindOfError(before) === kindOfError(now) && isChanging(now) && !isChanging(before),
  );
  return found === undefined ? null : unsureOf("refused", textsOf(found));
}

/** A function that changes no argument on the base, in any call, and does now: nothing may look at what it was given afterwards, so that no test fails. */
export function judgeArguments(
  called: CallsOfFunction,
  outcomes: Record<"candidate" | "base", Outcomes>,
): Judged | null {
  const pairs = pairsOf(called, outcomes);
  if (pairs.some(({ before }) => isChanging(before))) return null;
  const found = pairs.find(({ before, now }) => !isError(before) && !isError(now) && isChanging(now));
  return found === undefined ? null : unsureOf("arguments", textsOf(found));
}

function pairsOf(
  { calls, varied }: CallsOfFunction,
  { candidate, base }: Record<"candidate" | "base", Outcomes>,
): Pair[] {
  const usual = (of: Outcomes, index: number) => of.once.get("usual")?.get(index);
  return [
    ...calls.map(({ input, index }) => ({ input, before: usual(base, index), now: usual(candidate, index) })),
    ...varied.map(({ input, index }) => ({
      input,
      before: steady(base, index) ?? undefined,
      now: steady(candidate, index) ?? undefined,
    })),
  ].flatMap(({ input, before, now }) => (isKnown(before) && isKnown(now) ? [{ input, before, now }] : []));
}

const isChanging = (outcome: string) => outcome.includes(leaves);

const textsOf = ({ input, before, now }: Pair) => ({ input, expected: before, found: now });

/** The class of an error, which the programs write before its message. */
const kindOfError = (outcome: string) => /^e[^:]*/u.exec(outcome)?.[0] ?? null;
