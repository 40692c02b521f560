/** Judges one function by its neighbours (ADR 0037): does the result depend on the order of the calls, and does judge-explored.ts find anything? Pure. */
import { judgeExplored } from "../explore/judge-explored.ts";
import type { ExploredCall } from "../explore/neighbours.ts";
import { exploredRuns, isKnown, type Judged, type Outcomes, unsureOf } from "./call-outcomes.ts";

/** Calls near to those of the tests, which judge-explored.ts compares; each counts only if both orders of the calls gave the same. */
export function judgeNear(
  key: string,
  calls: readonly ExploredCall[],
  { candidate, base }: { candidate: Outcomes; base: Outcomes },
): Judged | null {
  const gave = ({ once }: Outcomes, index: number) => {
    const [one, other] = exploredRuns.map((where) => once.get(where)?.get(index));
    return isKnown(one) && one === other ? one : null;
  };
  const indexes = new Map(calls.map((call, index) => [call, index]));
  const own = calls.flatMap((call, index) =>
    `${call.path}\n${call.name}` === key && !call.isForOrder
      ? [{ call, base: gave(base, index), candidate: gave(candidate, index) }]
      : [],
  );
  // One call that never returns leaves each order without its second half, so that nothing could be compared.
  const answered = own.flatMap(({ call, base: expected }) => (expected === null ? [] : [{ ...call, call, expected }]));
  const isSilent = (index: number) => exploredRuns.some((where) => candidate.once.get(where)?.has(index) !== true);
  const silent = answered.filter(({ call }) => isSilent(indexes.get(call) ?? -1));
  if (silent[0] !== undefined && silent.length * 2 > answered.length)
    return unsureOf("other-inputs", { ...silent[0], found: "no answer" });
  const found = judgeExplored(own, (call) => indexes.get(call) ?? -1);
  return found === null ? null : unsureOf(found.kind, found);
}

/**
 * Whether results of these calls depend on their order, as `judgeOrder` asks of varied calls. These have the tests' values in other combinations. Each is made once
 * per order, so only the base shows what is steady.
 */
export function judgeNearOrder(
  key: string,
  calls: readonly ExploredCall[],
  { candidate, base }: { candidate: Outcomes; base: Outcomes },
): Judged | null {
  const gave = ({ once }: Outcomes, index: number) => exploredRuns.map((where) => once.get(where)?.get(index));
  for (const [index, { path, name, input }] of calls.entries()) {
    if (`${path}\n${name}` !== key) continue;
    const [expected, found] = gave(candidate, index);
    if (!isKnown(expected) || !isKnown(found) || expected === found) continue;
    const [before, beforeReversed] = gave(base, index);
    if (!isKnown(before) || before !== beforeReversed) continue;
    return unsureOf("other-order", { input, expected, found });
  }
  return null;
}
