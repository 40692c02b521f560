/** Finds calls whose results differ outside the tests only because of what the tests set up, such as a mocked working directory. Pure. */
import { isKnown, type Outcomes, shortened, surroundings } from "./call-outcomes.ts";
import { replayLanguageOf } from "./languages.ts";
import type { RecordedCall } from "./recorded-calls.ts";

export const callKey = ({ path, name, input }: Pick<RecordedCall, "path" | "name" | "input">) =>
  `${path}\n${name}\n${input}`;

interface Versions {
  readonly candidate: Outcomes;
  readonly base: Outcomes;
}

/** What the new code gives outside the tests, twice, and what the base gives. */
function outsideTests(index: number, { candidate, base }: Versions) {
  return {
    usual: candidate.once.get("usual")?.get(index),
    again: candidate.once.get("again")?.get(index),
    before: base.once.get("usual")?.get(index),
  };
}

/** The base differs from itself in the tests just as the new code does: the tests' own set-up makes the difference. */
export function isExplainedByTests(
  call: RecordedCall & { index: number },
  {
    candidate,
    base,
    inTestsOfBase,
  }: { candidate: Outcomes; base: Outcomes; inTestsOfBase?: ReadonlyMap<string, ReadonlySet<string>> },
): boolean {
  const own = inTestsOfBase?.get(callKey(call));
  return own?.size === 1 && own.has(call.seen) && differsAlike(call, { candidate, base });
}

/** Calls, by `callKey`, that have different results in the tests for the same arguments, as where one test replaces a global. */
export function variedInTests(calls: readonly RecordedCall[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  return new Set(
    calls.flatMap((call) => {
      const key = callKey(call);
      const seen = first.get(key) ?? call.seen;
      first.set(key, seen);
      return seen === call.seen ? [] : [key];
    }),
  );
}

/**
 * True if the base's own tests saw several results for these arguments, this one among them, and both versions give the same outside the tests. Then no single
 * result is right, with the change or without. What the change's tests set up does not count.
 */
export function variesOnBase(
  call: RecordedCall & { index: number },
  {
    candidate,
    base,
    inOwnTestsOfBase,
  }: { candidate: Outcomes; base: Outcomes; inOwnTestsOfBase?: ReadonlyMap<string, ReadonlySet<string>> },
): boolean {
  const own = inOwnTestsOfBase?.get(callKey(call));
  return own !== undefined && own.size > 1 && own.has(call.seen) && isAlikeOutside(call.index, { candidate, base });
}

/** Both versions answer outside the tests, and alike in all surroundings, however often they are called. Go has no other days. */
function isAlikeOutside(index: number, { candidate, base }: Versions): boolean {
  const isAlike = surroundings.every(
    (where) => candidate.once.get(where)?.get(index) === base.once.get(where)?.get(index),
  );
  return (
    isKnown(candidate.once.get("usual")?.get(index)) && isAlike && candidate.often.get(index) === base.often.get(index)
  );
}

/** Outside the tests both versions give the same, and something else than in the tests. */
export function differsAlike(call: RecordedCall & { index: number }, versions: Versions): boolean {
  const { usual, again, before } = outsideTests(call.index, versions);
  const isSame = isKnown(usual) && usual === again && usual === before;
  return isSame && usual !== shortened(call.seen) && isAlikeOutside(call.index, versions);
}

/**
 * Whether a call of JavaScript was made after the tests had set something up, and neither version repeats it outside. Then only this call says nothing: the function's others still
 * count, and so does this one if the base needs no set-up for it.
 */
export function needsSetUp(call: RecordedCall & { index: number }, versions: Versions): boolean {
  if (!call.isSetUp || replayLanguageOf(call.path) !== "javascript") return false;
  const { usual, again, before } = outsideTests(call.index, versions);
  const seen = shortened(call.seen);
  return isKnown(usual) && usual === again && usual !== seen && before !== seen;
}
