/** Judges one function by its neighbouring calls (ADR 0037): whether results depend on the order of calls, and what judge-explored.ts finds. Pure. */
import type { ReplayedFunction } from "@aedev/contracts";
import { judgeExplored } from "../explore/judge-explored.ts";
import type { ExploredCall } from "../explore/neighbours.ts";
import {
  exploredRuns,
  isError,
  isKnown,
  type Judged,
  type Outcomes,
  replayDifference,
  unsureOf,
} from "./call-outcomes.ts";

/** Compares the neighbours in judge-explored.ts. A call counts only if both orders of the calls gave the same. */
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
  // If the base doesn't answer a call, nothing could be compared, because a call that never returns ends its whole order.
  const answered = own.flatMap(({ call, base: expected }) => (expected === null ? [] : [{ ...call, call, expected }]));
  const isSilent = (index: number) => exploredRuns.some((where) => candidate.once.get(where)?.has(index) !== true);
  const silent = answered.filter(({ call }) => isSilent(indexes.get(call) ?? -1));
  if (silent[0] !== undefined && silent.length * 2 > answered.length)
    return unsureOf("other-inputs", { ...silent[0], found: "no answer" });
  const found = judgeExplored(own, (call) => indexes.get(call) ?? -1);
  return found === null ? null : unsureOf(found.kind, found);
}

/** Like `judgeOrder`, for neighbours, which combine the tests' values in new ways. Each is made once per order, so the base shows what is steady. */
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

/** Both versions of a function near the tests' inputs, wherever the base gives a value; a call counts if both orders of the calls gave the same. */
export function compareNear(
  key: string,
  calls: readonly ExploredCall[],
  { candidate, base }: { candidate: Outcomes; base: Outcomes },
): NonNullable<ReplayedFunction["near"]> {
  const gave = ({ once }: Outcomes, index: number) => {
    const [one, other] = exploredRuns.map((where) => once.get(where)?.get(index));
    return isKnown(one) && one === other ? one : null;
  };
  const pairs = calls.flatMap(({ path, name, input, isForOrder }, index) => {
    const [expected, found] = [gave(base, index), gave(candidate, index)];
    const isOwn = `${path}\n${name}` === key && !isForOrder;
    return !isOwn || expected === null || isError(expected) || found === null ? [] : [{ input, expected, found }];
  });
  const other = pairs.find(({ expected, found }) => expected !== found);
  if (other === undefined) return { compared: pairs.length, difference: null };
  const { place: _place, ...difference } = replayDifference("other-inputs", other);
  return { compared: pairs.length, difference };
}
