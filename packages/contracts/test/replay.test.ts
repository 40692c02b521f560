/** The sentences about repeated calls: how many functions had calls repeated, what the calls gave, and why the other functions were left out. */
import { expect, it } from "vitest";
import { type OutsideReplay, outsideReplayLines, outsideReplaySchema, type ReplayedFunction } from "../src/index.ts";

const shared = { path: "lib/add.py", on_base: true, calls: 1, skipped: 0, left_out: null, difference: null };
const one = (name: string, found: Partial<ReplayedFunction> = {}): ReplayedFunction => ({
  ...shared,
  name,
  outcome: found.left_out === undefined ? "same" : "left-out",
  ...found,
});
const lines = (replay: Partial<OutsideReplay>) =>
  outsideReplayLines({ functions: [], more: 0, unrecorded: [], not_replayed: null, ...replay }, (text) => `<${text}>`);

it("counts the functions whose calls were repeated, and names the others with the reason", () => {
  const functions = [
    one("add"),
    one("now", { left_out: "unsteady" }),
    one("a", { left_out: "not-called" }),
    one("b", { left_out: "not-called" }),
    one("c", { left_out: "not-called" }),
    one("d", { left_out: "not-called" }),
    one("open", { left_out: "not-plain" }),
  ];
  expect(lines({ functions, more: 2, unrecorded: [{ path: "lib/idle.py", why: "not-loaded" }] })).toEqual([
    "called again outside the tests: 2 of 9 functions of changed files, 1 gave the same results as in the tests",
    "left out: different in two equal runs: <now>",
    "left out: not called by the tests: <a>, <b>, <c> and 1 more",
    "left out: called only with values that can't be repeated: <open>",
    "not listed: 2 more",
    "no function recorded: not loaded by the tests: <lib/idle.py>",
  ]);
});

it("says why no call was repeated, and which files that affects", () => {
  const unrecorded = [
    { path: "lib/limits.py", why: "no-runner" },
    { path: "lib/huge.js", why: "unreadable" },
  ] as const;
  expect(lines({ unrecorded: [...unrecorded], not_replayed: "no-runner" })).toEqual([
    "called again outside the tests: nothing (no test command runs in Node, Python or Go)",
    "no function recorded: no test command runs its language: <lib/limits.py>",
    "no function recorded: too large, or no UTF-8: <lib/huge.js>",
  ]);
});

it("accepts a replay of an earlier version, which names no files, and refuses an unknown reason", () => {
  const earlier = { functions: [], more: 0, not_replayed: "no-calls" };
  expect(outsideReplaySchema.parse(earlier).unrecorded).toEqual([]);
  const unknown = { ...earlier, unrecorded: [{ path: "lib/add.py", why: "asleep" }] };
  expect(outsideReplaySchema.safeParse(unknown).success).toBe(false);
});
