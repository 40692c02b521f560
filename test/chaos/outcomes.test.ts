/** The allowed outcomes of missions whose processes were hit. */
import { expect, it } from "vitest";
import { type MissionRow, wrongOutcomes } from "./outcomes.ts";

const mission = (status: string, holds: MissionRow["holds"] = []): MissionRow => ({
  mission_id: "m-1",
  title: "Add half1()",
  status,
  holds,
});
const held = (code: MissionRow["holds"][number]["code"]) => mission("held", [{ code, detail: "why", resumes: false }]);
const landed = mission("landed");

it("a chaos run accepts the holds that kills explain, and no others", () => {
  expect(wrongOutcomes([landed, held("HOLD-DOCKER-UNAVAILABLE")])).toEqual([]);
  expect(wrongOutcomes([landed, held("HOLD-EVIDENCE-INCOMPLETE")])).toEqual([]);
  expect(wrongOutcomes([landed, held("HOLD-CODER-FAILED")])).toEqual([
    "m-1 is held, but nothing that was hit explains HOLD-CODER-FAILED: why",
  ]);
  expect(wrongOutcomes([landed, mission("held")])).toEqual(["m-1 is held without a reason"]);
});

it("a chaos run shows nothing if less than half of its missions landed", () => {
  const waits = held("HOLD-DOCKER-UNAVAILABLE");
  expect(wrongOutcomes([landed, landed, waits, waits])).toEqual([]);
  expect(wrongOutcomes([landed, waits, waits])).toEqual(["only 1 of 3 missions landed"]);
});
