/** Judges' records in a statement: only those of judges that answered, under the model and prompt that they used. */
import { verdictOf } from "@aedev/core/testing";
import { describe, expect, it } from "vitest";
import { judgeRates } from "../../src/evidence/judge-rates.ts";

const bar = { min_canaries: 60, min_catch_permille: 500 };
const spoke = (change: object = {}) => ({
  ...verdictOf("openai", "pass"),
  prompt_digest: "a".repeat(64),
  ...change,
});
const unmeasured = { planted: 0, caught: 0, lower_permille: 0, upper_permille: 1000, qualified: true };

const none = () => ({ planted: 0, caught: 0 });

describe("judges' rates", () => {
  it("judges' rates are stated for the judges that gave a verdict", () => {
    expect(judgeRates(none, { verdicts: [spoke(), spoke({ model: "other" })], bar })).toEqual([
      { family: "openai", model: "judge", ...unmeasured },
      { family: "openai", model: "other", ...unmeasured },
    ]);
  });

  it.each([["of a family that is no longer set up", { verdict: "not_configured", model: "none" }]])(
    "judges' rates are not claimed for a verdict %s",
    (_what, change) => {
      expect(judgeRates(none, { verdicts: [spoke(change)], bar })).toEqual([]);
    },
  );
});
