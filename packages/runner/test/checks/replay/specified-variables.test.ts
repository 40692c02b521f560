/** The environment variables that a specification names. */
import { canonicalJson, type Specification } from "@aedev/contracts";
import { expect, it } from "vitest";
import { specifiedVariables } from "../../../src/checks/replay/specified-variables.ts";

const specification: Specification = {
  schema: 1,
  mission_id: "m-0123456789abcdef" as never,
  repository: "app" as never,
  title: "Read TOP_COST",
  text: "load() reads QUOTA_MAX_COST\nQUOTA_IDLE, not quota_low, xQUOTA_LOW or XQUOTA_LOWx, as HTTP or JSON.",
  criteria: [{ id: "c1", text: "QUOTA_MAX_COST=8 counts; `LOG_LEVEL2` and $TOP_COST too" }],
};
const named = (more: Partial<Specification> = {}) =>
  specifiedVariables(Buffer.from(canonicalJson({ ...specification, ...more })));

it("the variables are capitalized words with an underscore, in all texts of the specification but the questions", () => {
  expect(named()).toEqual(["TOP_COST", "QUOTA_MAX_COST", "QUOTA_IDLE", "LOG_LEVEL2"]);
  const said = { clarifications: [{ question: "Is it A_B?", answer: "C_D" }], instructions: ["E_F"] };
  expect(named(said)).toEqual(["TOP_COST", "QUOTA_MAX_COST", "QUOTA_IDLE", "LOG_LEVEL2", "C_D", "E_F"]);
});

it("at most twenty variables are taken", () => {
  const text = Array.from({ length: 30 }, (_, index) => `N_${index}`).join(" ");
  expect(named({ title: "t", text })).toHaveLength(20);
});
