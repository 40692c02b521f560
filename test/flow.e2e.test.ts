/** A flow on a real repository with a real coder, whose model's answers are scripted: the feature lands, then its documentation. */
import type { MissionDocument, PlanClarity } from "@aedev/contracts/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { addFunction, turnsOf, write } from "./support/scripted-change.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

it("the flow implement lands a feature with its test, then the document that describes it", async () => {
  const shown = "half(8) returns 4 in a new test";
  laboratory.models.coder = {
    [shown]: addFunction("half"),
    "has one example": turnsOf(write("README.md", "# small\n\n`half(n)` returns half of a number: `half(8)` is 4.\n")),
  };
  const what = "Add half() to lib/half.js";
  const sets = ["--set", `what=${what}`, "--set", `shown=${shown}`];
  const run = await laboratory.must("flow", "run", "implement", "--repo", "small", ...sets, "--json");
  const { mission } = run.json<PlanClarity>();
  await laboratory.must("mission", "approve", mission.mission_id, "--digest", mission.spec_digest);
  const statuses = async () => {
    const { plan } = (await laboratory.must("mission", "show", mission.mission_id, "--json")).json<MissionDocument>();
    return (plan?.parts ?? []).map(({ name, status }) => [name, status]);
  };
  await laboratory.until(async () =>
    (await statuses()).every(([, status]) => status === "landed" || status === "asked"),
  );
  expect(await statuses()).toEqual([
    ["code", "landed"],
    ["docs", "landed"],
  ]);
});
