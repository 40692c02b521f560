/** Recognizes calls that only differ outside the tests because of the tests' own set-up, such as a mocked working directory. Pure. */
import { isKnown, type Outcomes, shortened, surroundings } from "./call-outcomes.ts";
import { replayLanguageOf } from "./languages.ts";
import type { RecordedCall } from "./recorded-calls.ts";

export const callKey = ({ path, name, input }: Pick<RecordedCall, "path" | "name" | "input">) =>
  `${path}\n${name}\n${input}`;

interface Versions {
  readonly candidate: Outcomes;
  readonly base: Outcomes;
}

/** The outcomes outside the tests: the new code's, twice, and the base's. */
function outsideTests(index: number, { candidate, base }: Versions) {
  return {
    usual: candidate.once.get("usual")?.get(index),
    again: candidate.once.get("again")?.get(index),
    before: base.once.get("usual")?.get(index),
  };
}

/** True if the base differs between the tests and outside just as the new code does, so that the tests' set-up makes the difference. */
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

/** The keys of calls with several results in the tests for the same arguments, for example where one test replaces a global. */
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
 * True if the base's own tests saw several results for these arguments, this one among them, and both versions agree outside the tests. Then no single result
 * is right. Set-up by the change's own tests is ignored.
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

/** True if both versions give the same outside the tests, in all surroundings and however often they are called. Go has no other days. */
function isAlikeOutside(index: number, { candidate, base }: Versions): boolean {
  const isAlike = surroundings.every(
    (where) => candidate.once.get(where)?.get(index) === base.once.get(where)?.get(index),
  );
  return (
    isKnown(candidate.once.get("usual")?.get(index)) && isAlike && candidate.often.get(index) === base.often.get(index)
  );
}

/** True if outside the tests both versions agree, but differ from the result in the tests. */
export function differsAlike(call: RecordedCall & { index: number }, versions: Versions): boolean {
  const { usual, again, before } = outsideTests(call.index, versions);
  const isSame = isKnown(usual) && usual === again && usual === before;
  return isSame && usual !== shortened(call.seen) && isAlikeOutside(call.index, versions);
}

/**
 * True if a JavaScript call needed set-up by the tests and neither version repeats it outside. Then this call says nothing, but the function's other calls
 * count. So does this one if the base needs no set-up for it.
 */
export function needsSetUp(call: RecordedCall & { index: number }, versions: Versions): boolean {
  if (!call.isSetUp || replayLanguageOf(call.path) !== "javascript") return false;
  const { usual, again, before } = outsideTests(call.index, versions);
  const seen = shortened(call.seen);
  return isKnown(usual) && usual === again && usual !== seen && before !== seen;
}
