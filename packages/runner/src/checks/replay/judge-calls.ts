/**
 * Decides from repeated calls which functions behave differently outside the tests: elsewhere, on another day, when called often, with other arguments or in
 * another order (SECURITY T29, T30). The base's function, repeated the same way, shows what is honest: if it depends on the clock, the new one may too. Pure.
 */
import type { LeftOutReason, OutsideReplay, ReplayedFunction } from "@aedev/contracts";
import { languageOf } from "@aedev/languages";
import type { VariedCall } from "../explore/vary.ts";
import {
  isError,
  isKnown,
  type Judged,
  type Outcomes,
  type ReplayDifference,
  replayDifference,
  type Surroundings,
  shortened,
  steady,
  surroundings,
  unsureOf,
  variedOutcome,
} from "./call-outcomes.ts";
import { isExplainedByTests, needsSetUp, variesOnBase } from "./explained-by-tests.ts";
import { judgeArguments, judgeOrderOfLists, judgeRefused } from "./judge-arguments.ts";
import { compareNear, judgeNear, judgeNearOrder } from "./judge-near.ts";
import { replayLanguageOf } from "./languages.ts";
import type { OtherCalls } from "./other-calls.ts";
import type { RecordedCall, RecordedCalls } from "./recorded-calls.ts";
import { type DeclaredNames, reachesOnlyFixed } from "./unchanged-callers.ts";

const listedMax = 50;

const same: Judged = { outcome: "same", left_out: null, difference: null };
const left = (why: LeftOutReason): Judged => ({ outcome: "left-out", left_out: why, difference: null });
const order: readonly Judged["outcome"][] = ["differs", "unsure", "left-out", "same"];

/** Judges each function. `inTestsOfBase`, `inOwnTestsOfBase`: the base's results by `callKey`, in the same and in its own tests. */
export function judgeCalls(
  recorded: Pick<RecordedCalls, "calls" | "skipped">,
  others: OtherCalls,
  outcomes: {
    candidate: Outcomes;
    base: Outcomes;
    inTestsOfBase?: ReadonlyMap<string, ReadonlySet<string>>;
    inOwnTestsOfBase?: ReadonlyMap<string, ReadonlySet<string>>;
    declared?: DeclaredNames | null;
  },
): Pick<OutsideReplay, "functions" | "more"> {
  const indexes = new Map<string, number[]>([...recorded.skipped.keys()].map((key) => [key, []]));
  for (const [index, { path, name }] of recorded.calls.entries()) {
    const key = `${path}\n${name}`;
    indexes.set(key, [...(indexes.get(key) ?? []), index]);
  }
  const isVariedWhole = others.varied.every((_, index) => outcomes.candidate.once.get("varied")?.has(index) === true);
  const isAsOnBase = (index: number) =>
    outcomes.base.once.get("usual")?.get(index) === shortened(recorded.calls[index]?.seen ?? "");
  const isOnBase = (index: number) => isKnown(outcomes.base.once.get("usual")?.get(index));
  /** Functions whose changed results the tests show. */
  const fixed = new Set(
    [...indexes].flatMap(([key, own]) => (own.every(isAsOnBase) || !own.some(isOnBase) ? [] : [simpleName(key)])),
  );
  const functions = [...indexes].map(([key, own]): ReplayedFunction => {
    const [path = "", name = ""] = key.split("\n");
    const recordedCalls = own.flatMap((index) =>
      recorded.calls[index] === undefined ? [] : [{ index, ...recorded.calls[index] }],
    );
    const repeatable = recordedCalls.filter((call) => !needsSetUp(call, outcomes));
    const hasState =
      new Set(repeatable.map(({ input }) => input)).size <
      new Set(repeatable.map(({ input, seen }) => `${input}\n${seen}`)).size;
    // Calls whose difference is explained are dropped, so that they don't end the judgement of the others.
    const calls = repeatable.filter((call) => !isExplainedByTests(call, outcomes) && !variesOnBase(call, outcomes));
    const judged = isRandom(own, outcomes.base)
      ? [left("unsteady")]
      : calls.map((call) => judgeCall(call, { ...outcomes, hasState }));
    const found =
      order.flatMap((outcome) => judged.filter((one) => one.outcome === outcome)).at(0) ??
      (recordedCalls.length > 0 ? same : left(recorded.skipped.get(key) === 0 ? "not-called" : "not-plain"));
    // An unchanged function may give something new because it calls a changed one, and the tests show that change.
    const isExplained = outcomes.declared != null && reachesOnlyFixed({ path, name }, outcomes.declared, fixed);
    const isAsBefore = calls.every(({ index }) => isAsOnBase(index));
    const onBase = own.some(isOnBase);
    const varied = others.varied.flatMap((call, index) =>
      `${call.path}\n${call.name}` === key ? [{ ...call, index }] : [],
    );
    // Even if some calls can't be judged, the others show how arguments change.
    const called = { calls: calls.filter((_, at) => judged[at]?.outcome === "same"), varied };
    const ofArguments = () => judgeArguments(called, outcomes) ?? judgeOrderOfLists(name, called, outcomes);
    const worst =
      found.outcome === "left-out"
        ? (ofArguments() ?? found)
        : found.outcome === "same"
          ? (judgeOrder(varied, { ...outcomes, onBase, isVariedWhole }) ??
            judgeRefused(called, outcomes) ??
            ofArguments() ??
            (isAsBefore && !isExplained ? judgeVaried(varied, outcomes) : null) ??
            (onBase ? judgeNearOrder(key, others.explored, outcomes) : null) ??
            (onBase && !hidesFields(path) ? judgeNear(key, others.explored, outcomes) : null) ??
            (calls.length === 0
              ? left(repeatable.length === 0 ? "needs-tests" : "as-before")
              : judgeRepetition(calls, outcomes)))
          : found;
    return {
      path,
      name: name.toWellFormed(),
      on_base: onBase,
      calls: recordedCalls.length,
      skipped: recorded.skipped.get(key) ?? 0,
      near: compareNear(key, others.explored, outcomes),
      ...worst,
    };
  });
  const sorted = functions.toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome));
  return { functions: sorted.slice(0, listedMax), more: Math.max(0, sorted.length - listedMax) };
}

const simpleName = (key: string) => key.slice(Math.max(key.lastIndexOf("\n"), key.lastIndexOf(".")) + 1);

/** Calls don't show what the fields of a Go struct may hold. Rules from the tests' calls stopped an honest change there and no dishonest one. */
const hidesFields = (path: string) => languageOf(path)?.hidesFields === true;

/** True if two equal runs of the base differ for any of the calls. Then equal results are chance. */
function isRandom(calls: readonly number[], { once }: Outcomes): boolean {
  return calls.some((index) => {
    const [usual, again] = [once.get("usual")?.get(index), once.get("again")?.get(index)];
    return isKnown(usual) && isKnown(again) && usual !== again;
  });
}

/** The outcome that the programs in `inside/` print if the file lacks the function. */
const notExported = "lnot exported";

function judgeCall(
  call: RecordedCall & { index: number },
  { candidate, base, hasState }: { candidate: Outcomes; base: Outcomes; hasState: boolean },
): Judged {
  const { index, seen } = call;
  const at = (of: Outcomes, where: Surroundings) => {
    const outcome = of.once.get(where)?.get(index);
    return outcome === undefined ? undefined : shortened(outcome);
  };
  const usual = at(candidate, "usual");
  const before = at(base, "usual");
  // JavaScript calls that need set-up are already left out by needsSetUp.
  const isSetUp = call.isSetUp && replayLanguageOf(call.path) !== "javascript";
  const found = (place: ReplayDifference["place"], expected: string, other: string | undefined): ReplayDifference =>
    replayDifference(place, { input: call.input, expected, found: other ?? "no answer" });
  const blamed = (difference: ReplayDifference): Judged => ({
    outcome: isKnown(before) ? "differs" : "unsure",
    left_out: null,
    difference,
  });
  const unsure = (difference: ReplayDifference): Judged => ({ outcome: "unsure", left_out: null, difference });
  const isLoadable = isKnown(before) || before === notExported;
  if (usual === undefined || !isKnown(usual))
    return before !== undefined && (usual === undefined || isLoadable)
      ? unsure(found("outside-tests", seen, usual))
      : left("not-loadable");
  if (at(candidate, "again") !== usual) {
    // If only the new code varies by chance, it may hide a wrong result.
    const isSteady = before === shortened(seen) && surroundings.every((where) => at(base, where) === before);
    const again = at(candidate, "again");
    const difference = found("outside-tests", seen, usual === shortened(seen) ? again : usual);
    if (!isSteady || isSetUp) return left("unsteady");
    // A process that was merely too slow has no different result.
    return again === undefined && usual === shortened(seen) ? unsure(difference) : blamed(difference);
  }
  if (usual !== shortened(seen)) {
    // In Go, set-up is only guessed. It isn't needed if the base gives the same outside the tests as in them.
    const isNeedless = before === shortened(seen) && hidesFields(call.path);
    if (isSetUp) return isNeedless ? unsure(found("outside-tests", seen, usual)) : left("needs-tests");
    // Neither version may work without the tests' set-up. If the base works, nothing is missing.
    if (before === shortened(seen) && !isError(usual)) return blamed(found("outside-tests", seen, usual));
    if (isError(usual) && (!isKnown(before) || isError(before))) return left("needs-tests");
    if (isKnown(before) && surroundings.some((where) => at(base, where) !== before)) return left("as-before");
    // A call's arguments don't include what else the tests set up. Code that does what it did before the change is still blamed.
    if (holdsObjects(call.input) && usual !== before) return left("needs-tests");
    return unsure(found("outside-tests", seen, usual));
  }
  for (const where of surroundings.slice(2)) {
    const other = at(candidate, where);
    if (other === usual) continue;
    if (isKnown(before) && at(base, where) !== before) return left("as-before");
    const difference = found(where === "elsewhere" ? "elsewhere" : "another-day", usual, other);
    return other === undefined ? unsure(difference) : blamed(difference);
  }
  const other = candidate.often.get(index);
  if (other === undefined || other === usual) return judgeAfterwards(call, { candidate, base, usual });
  if (hasState) return left("has-state");
  if (isKnown(before) && base.often.has(index)) return left("as-before");
  return blamed(found("called-often", usual, other));
}

/** Asks if a value changes after other calls, because they share it (intended, as in a cache, or not). The base's value must have been checked, and stayed. */
function judgeAfterwards(
  { index, input }: RecordedCall & { index: number },
  { candidate, base, usual }: { candidate: Outcomes; base: Outcomes; usual: string },
): Judged {
  const onBase = isKnown(base.once.get("usual")?.get(index));
  const [now, before] = [candidate.afterwards.get(index), base.afterwards.get(index)];
  if (onBase && before !== null)
    return typeof now === "string" ? left(before === undefined ? "not-repeated" : "as-before") : same;
  // The base's value could be checked again. Code that prevents this for the new one hides something.
  const isHidden = onBase && now === undefined && candidate.repeated.has(index);
  if (typeof now !== "string" && !isHidden) return same;
  return unsureOf("after-others", { input, expected: usual, found: now ?? "no answer" });
}

type Varied = VariedCall & { index: number };

/**
 * A function whose result changes, or fails to come, after other calls keeps state between them, such as a cache that ignores an argument. It asks unless the
 * base's function does so too. `isVariedWhole`: every varied call of the new code answered; if one takes too long, the calls behind it in reverse order have no
 * outcome, which proves nothing.
 */
function judgeOrder(
  varied: readonly Varied[],
  {
    candidate,
    base,
    onBase,
    isVariedWhole,
  }: { candidate: Outcomes; base: Outcomes; onBase: boolean; isVariedWhole: boolean },
): Judged | null {
  for (const { index, input } of varied) {
    const now = steady(candidate, index);
    const found = variedOutcome(candidate, "varied-reversed", index);
    if (now === null || now === found) continue;
    if (found === null && !isVariedWhole) continue;
    const before = steady(base, index);
    if (onBase && (before === null || before !== variedOutcome(base, "varied-reversed", index))) continue;
    return unsureOf("other-order", { input, expected: now, found: found ?? "no answer" });
  }
  return null;
}

/**
 * Finds an input at which a function differs from the base's, although both agree on every input of the tests, so that no test shows that this is intended. The
 * base must return a value, and both must repeat their result.
 */
function judgeVaried(
  varied: readonly Varied[],
  { candidate, base }: { candidate: Outcomes; base: Outcomes },
): Judged | null {
  for (const { index, input } of varied) {
    const [before, now] = [steady(base, index), steady(candidate, index)];
    if (before === null || now === null || isError(before) || before === now) continue;
    return unsureOf("other-inputs", { input, expected: before, found: now });
  }
  return null;
}

/** True if the input has an object of a class of the repository. For Go, `isSetUp` guesses this. */
const holdsObjects = (input: string) => /\["(?:i","[^"]*\.py|I","[^"]*)","/u.test(input);

/** A result that is the same everywhere must also be repeated a hundred times, unless the base was too slow for that as well. */
function judgeRepetition(
  calls: readonly (RecordedCall & { index: number })[],
  { candidate, base }: { candidate: Outcomes; base: Outcomes },
): Judged {
  const [first] = calls;
  if (first === undefined || calls.some(({ index }) => candidate.repeated.has(index))) return same;
  const onBase = ({ index }: { index: number }) => isKnown(base.once.get("usual")?.get(index));
  const isSlower = calls.some((call) => onBase(call) && base.repeated.has(call.index));
  const isEarlyEnd = calls.some(({ index }) => candidate.endedEarly.has(index) && !base.endedEarly.has(index));
  if (!isSlower && !isEarlyEnd) return left("not-repeated");
  return unsureOf("called-often", { input: first.input, expected: first.seen, found: "no answer" });
}
