/** Tests that a person allowed to change: their new expectations are agreed, and every other edit is asked about or held. */
import { describe, expect, it } from "vitest";
import type { GateInput } from "../../src/gate/hard-gates.ts";
import { gateTexts as gate, greenChecks, honestFix, testFile } from "./sample-policy.ts";

const test = "test/a.js > splits at commas";
const red: GateInput["checks"] = {
  ...greenChecks,
  status: "red",
  newly_failing: [test],
  outdated: [test],
  broken: [test],
};
const edited = { changed_tests: ["splits at commas"], expecting_otherwise: ["splits at commas"], support_lost: false };
const files = (...changes: Parameters<typeof testFile>[0][]): GateInput["testChanges"] => ({
  files: changes.map((change) => testFile(change)),
  ...{ settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
});
const allowing = (...allowed_tests: string[]): GateInput["specification"] => ({
  text: "Split at semicolons.",
  criteria: [],
  ...(allowed_tests.length === 0 ? {} : { allowed_tests }),
});
const answer = (more: Partial<GateInput>) =>
  gate(honestFix({ checks: red, testChanges: files(edited), specification: allowing(test), ...more }));

describe("a test that a person allowed to change", () => {
  it("may expect something else, so that the change merges", () => {
    expect(answer({})).toMatchObject({ answer: "merge", reasons: [] });
  });
  it.each<[why: string, answer: "ask" | "hold", Partial<GateInput>]>([
    ["nobody allowed it", "hold", { specification: allowing() }],
    ["another test was allowed", "hold", { specification: allowing("test/a.js > trims") }],
    [
      "only the mission's text names it",
      "ask",
      { specification: { text: "Change `splits at commas`.", criteria: [] } },
    ],
    ["it also does something else", "ask", { testChanges: files({ ...edited, expecting_otherwise: [] }) }],
    [
      "another test of the file changes too",
      "ask",
      { testChanges: files({ ...edited, changed_tests: ["splits at commas", "trims"] }) },
    ],
    ["what its file shares changes", "ask", { testChanges: files({ ...edited, support_changed: true }) }],
    ["what it is prepared with is gone", "ask", { testChanges: files({ ...edited, support_lost: true }) }],
    ["another test fails", "hold", { checks: { ...red, newly_failing: [test, "test/a.js > trims"] } }],
    ["the base is red or a command fails by itself", "ask", { checks: { ...red, outdated_beside: true } }],
    ["another test is gone", "hold", { checks: { ...red, vanished: ["test/a.js > trims"] } }],
  ])("is not enough if %s: %s", (_, expected, more) => {
    expect(answer(more).answer).toBe(expected);
  });
});
