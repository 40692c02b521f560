/** Whether results of neighbouring calls depend on their order: only calls that both orders reached, and that are steady on the base, are compared. */
import { expect, it } from "vitest";
import { judgeNear, judgeNearOrder } from "../../../src/checks/replay/judge-near.ts";

const call = {
  path: "lib/f.js",
  name: "f",
  input: "[1]",
  origin: 0,
  isForOrder: false,
};
const outcomes = ([first, reversed]: readonly [string, string]) => ({
  once: new Map([
    ["explored", new Map([[0, first]])],
    ["explored-reversed", new Map([[0, reversed]])],
  ] as const),
  often: new Map(),
  repeated: new Set<number>(),
  afterwards: new Map<number, string | null>(),
  endedEarly: new Set<number>(),
  stopped: new Map(),
});
type Pair = readonly [string, string];

it.each<[candidate: Pair, base: Pair, place: string | undefined]>([
  [["v1", "v2"], ["v1", "v1"], "other-order"],
  [["v1", "v1"], ["v1", "v1"], undefined],
  [["lx", "v1"], ["v1", "v1"], undefined],
  [["v1", "lx"], ["v1", "v1"], undefined],
  [["v1", "v2"], ["lx", "lx"], undefined],
  [["v1", "v2"], ["v1", "v2"], undefined],
])("a change with outcomes %j where the base has %j is asked about: %s", (candidate, base, place) => {
  const given = { candidate: outcomes(candidate), base: outcomes(base) };
  expect(judgeNearOrder("lib/f.js\nf", [call], given)?.difference?.place).toBe(place);
  expect(judgeNearOrder("lib/f.js\ng", [call], given)).toBeNull();
});

it.each([
  [false, "other-inputs"],
  [true, undefined],
])("a call that only the base answers, made only for the order: %s, is judged as %s", (isForOrder, place) => {
  const given = { candidate: { ...outcomes(["v1", "v1"]), once: new Map() }, base: outcomes(["v1", "v1"]) };
  expect(judgeNear("lib/f.js\nf", [{ ...call, isForOrder }], given)?.difference?.place).toBe(place);
});
