/** Why a log is not trusted: each reason once, and no more than a record may have. */
import { type DistrustReason, distrustReasonsMax, repositoryNameSchema } from "@aedev/contracts";
import { initialState } from "@aedev/core/reading";
import { expect, it } from "vitest";
import { joinReasons, withUnreadable } from "../../src/home/untrusted-log.ts";
import { createUnreadable } from "../../src/log/open-state.ts";

const said = (what: string): DistrustReason => ({ kind: "verification", position: null, row: null, what });
const commit = (letter: string): DistrustReason => ({
  kind: "commit-ahead",
  repository: repositoryNameSchema.parse("shop"),
  ...{ commit: letter.repeat(40), position: 1, hash: "0".repeat(64), epoch: 1 },
});
const many = Array.from({ length: distrustReasonsMax + 5 }, (_, place) => `task/${place} can't be read`);

it("reasons are joined once each, the first ones first", () => {
  const known = [said("a"), commit("a")];
  expect(joinReasons(known, [said("b"), said("a"), commit("a"), commit("b")])).toEqual([
    ...known,
    said("b"),
    commit("b"),
  ]);
  expect(joinReasons(known, many.map(said))).toHaveLength(distrustReasonsMax);
});

it("unreadable entities are added once, however often they are found, and no more than a record may have", () => {
  expect(withUnreadable([], [])).toEqual([]);
  expect(withUnreadable([said("a")], ["a", "b"])).toEqual([said("a"), said("b")]);
  expect(withUnreadable([said("a")], many)).toHaveLength(distrustReasonsMax);
  const unreadable = createUnreadable();
  for (let times = 0; times < 2; times += 1) {
    expect(unreadable.note({ state: initialState, unreadable: ["a", "b"] })).toBe(initialState);
    expect(unreadable.list()).toEqual(["a", "b"]);
  }
  unreadable.note({ state: initialState, unreadable: many });
  expect(unreadable.list()).toEqual(["a", "b", ...many].slice(0, distrustReasonsMax));
  unreadable.clear();
  expect(unreadable.list()).toEqual([]);
});
