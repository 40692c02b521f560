/** A revert always asks and never merges. Its effects on tests hold it only if they go beyond taking back. */
import type { Checks } from "@aedev/contracts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { gate } from "../../src/gate/gate.ts";
import { gateTexts, greenChecks, honestFix, testFile, verdict } from "./sample-policy.ts";

const reverts = { task_id: "t-aaaaaaaaaaaaaaaa" as never, commit: "9".repeat(40) as never, subject: "Close it" };
const compared = { task_id: reverts.task_id, commit: reverts.commit, before: "8".repeat(40) as never };
const all = { ...compared, restored: ["index.js", "test/a.js"], merged: [] };
const part = { ...compared, restored: ["index.js"], merged: ["test/a.js"] };
const removed = testFile({
  status: "modified",
  assertions_after: 2,
  findings: [{ kind: "test-removed", test: "closes the hole", line: 3, text: "" }],
});
const tests = { files: [removed], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] };
const undone = ["test/a.js > closes the hole"];
const red: Checks = {
  ...greenChecks,
  status: "red",
  fail_to_pass: [],
  newly_failing: undone,
  vanished: undone,
  undone,
};

it("asks about a revert with the best evidence under the most permissive profile, and names what goes back; without a revert it merges", () => {
  const { answer, reasons } = gateTexts(honestFix({ reverts, reverted: all, profile: "aggressive" }));
  expect(answer).toBe("ask");
  expect(reasons[0]).toBe(
    "takes back 999999999999 of t-aaaaaaaaaaaaaaaa, which a person decides: 2 files go back to exactly what they were",
  );
  expect(reasons[1]).toBe("tests that fail without the revert pass with it: test/a.js > closes the hole");
  expect(gate(honestFix({ profile: "aggressive" })).answer).toBe("merge");
});

it("names the files in which later changes stay after a revert", () => {
  const { reasons } = gateTexts(honestFix({ reverts, reverted: part }));
  expect(reasons[0]).toContain("1 file goes back to exactly what it was; later changes stay in: test/a.js");
});

it("asks instead of holding if only tests that go back with the change break; another change with these results holds", () => {
  const change = { checks: red, testChanges: tests };
  const { answer, reasons } = gateTexts(honestFix({ ...change, reverts, reverted: all }));
  expect({ answer, reasons }).toMatchObject({ answer: "ask" });
  expect(reasons).toContain(
    "tests that the reverted change brought or changed go back with it: test/a.js > closes the hole",
  );
  expect(reasons.join()).toContain("test-removed: test/a.js: closes the hole");
  expect(reasons.join()).not.toContain("the checks failed");
  expect(gateTexts(honestFix(change)).hold_code).toBe("HOLD-CHECKS-FAILED");
});

it.each([
  ["a test file was changed since", { reverted: part }],
  ["nothing tells what goes back", { reverted: null }],
  ["another test breaks too", { checks: { ...red, newly_failing: [...undone, "test/b.js > other"] } }],
  ["another test is skipped", { checks: { ...red, newly_skipped: ["test/b.js > other"] } }],
  ["the tests that it puts back fail", { checks: { ...red, undone: [] } }],
  ["it changes no test file", { testChanges: { ...tests, files: [] } }],
] as const)("holds a revert if %s", (_name, change) => {
  const input = honestFix({ checks: red, testChanges: tests, reverts, reverted: all, ...(change as object) });
  expect(gateTexts(input)).toMatchObject({ answer: "hold", hold_code: "HOLD-CHECKS-FAILED" });
});

it("holds a revert for every other cause, as it does any change", () => {
  const revert = { reverts, reverted: all };
  const secretReport = { scanner: "s", findings: [{ path: "index.js", line: 1, rule: "token" }] };
  expect(gate(honestFix({ ...revert, secretReport })).hold_code).toBe("HOLD-SECRET");
  const failing = [verdict("openai", "fail"), verdict("gemini", "fail")];
  expect(gate(honestFix({ ...revert, verdicts: failing })).hold_code).toBe("HOLD-VALIDATOR-FAIL");
  expect(gate(honestFix({ ...revert, missingEvidence: ["reverted"] })).hold_code).toBe("HOLD-EVIDENCE-INCOMPLETE");
  expect(gate(honestFix({ ...revert, writes: "off" })).hold_code).toBe("HOLD-REMOTE-WRITES-OFF");
});

it("never merges a revert, whatever its comparison and its checks say", () => {
  const paths = fc.subarray(["index.js", "test/a.js", "x"]);
  const reports = fc.option(fc.record({ restored: paths, merged: paths }));
  const statuses = fc.constantFrom("green", "red", "base-red", "flaky", "exit-code-only" as const);
  fc.assert(
    fc.property(
      reports,
      statuses,
      fc.subarray([...undone, "other"]),
      fc.constantFrom("safe", "balanced", "aggressive" as const),
      fc.constantFrom("allowed", "on-approval", "off" as const),
      (report, status, ids, profile, writes) => {
        const reverted = report === null ? null : { ...compared, ...report };
        const checks: Checks = { ...greenChecks, status, newly_failing: ids, undone: ids };
        expect(gate(honestFix({ reverts, reverted, checks, profile, writes })).answer).not.toBe("merge");
      },
    ),
  );
});
