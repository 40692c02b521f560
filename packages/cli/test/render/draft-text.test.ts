/** A draft in the terminal: every word is escaped, and each way of ending has its words. */
import { hasControls, hasInvisibles } from "@aedev/contracts";
import type { DraftDocument } from "@aedev/contracts/api";
import { expect, it } from "vitest";
import { draftLines } from "../../src/render/draft-text.ts";

const running: DraftDocument = {
  mission_id: "m-aaaaaaaaaaaaaaaa",
  run_id: "r-aaaaaaaaaaaaaaaa",
  status: "running",
  accepted: false,
  tokens: 1000,
  tokens_used: null,
  code: null,
  detail: null,
  draft: null,
};

it("shows no character of a draft that a terminal obeys, even if the daemon sent it", () => {
  const hostile = "x\u001b[2J\r\n\u202ey";
  const draft = {
    title: hostile,
    place: hostile,
    criteria: [hostile],
    test: hostile,
    size: "small" as const,
    questions: [hostile],
  };
  const shown = draftLines({ ...running, status: "drafted", tokens_used: 5, draft }).join("\n");
  expect([hasControls(hostile), hasInvisibles(hostile)]).toEqual([true, true]);
  expect([hasControls(shown.replaceAll("\n", "")), hasInvisibles(shown)]).toEqual([false, false]);
  expect(shown.split("\n")).toHaveLength(7);
  expect(shown).toContain("5 of 1,000 tokens");
});

it("says in words how a draft ended", () => {
  const textOf = (change: Partial<DraftDocument>) => draftLines({ ...running, ...change }).join("\n");
  expect(textOf({})).toContain("is reading the repository");
  expect(textOf({ status: "interrupted" })).toContain("was interrupted");
  expect(textOf({ status: "failed", code: "wrong-form", detail: "size: no" })).toContain("expected form (size: no)");
  expect(textOf({ status: "failed", code: "HOLD-BUDGET" })).toMatch(/its run ended with HOLD-BUDGET: [A-Z]/);
});
