/** Which judges' records stand in a statement: of those that spoke, as they are set up, and of no other. */
import { initialState } from "@aedev/core";
import { verdictOf } from "@aedev/core/testing";
import { describe, expect, it } from "vitest";
import { judgeRates } from "../../src/evidence/judge-rates.ts";

const setup = {
  models: { openai: "judge", gemini: "judge" },
  promptDigest: "a".repeat(64),
  bar: { min_canaries: 60, min_catch_permille: 500 },
};
const spoke = (change: object = {}) => ({
  ...verdictOf("openai", "pass"),
  prompt_digest: setup.promptDigest,
  ...change,
});

describe("judges' rates", () => {
  it("are those of the judges that spoke", () => {
    const rates = judgeRates(initialState, { verdicts: [spoke()], setup });
    expect(rates).toEqual([
      {
        family: "openai",
        model: "judge",
        planted: 0,
        caught: 0,
        lower_permille: 0,
        upper_permille: 1000,
        qualified: true,
      },
    ]);
  });

  it.each([
    ["under another prompt", { prompt_digest: "b".repeat(64) }],
    ["with another model", { model: "other" }],
    ["of a family that is set up no more", { family: "compatible" }],
  ])("are not claimed for a verdict %s", (_what, change) => {
    expect(judgeRates(initialState, { verdicts: [spoke(change)], setup })).toEqual([]);
  });
});
