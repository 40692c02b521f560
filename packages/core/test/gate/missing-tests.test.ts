/** Which changes only their tests keep from merging, so that a run adds tests before a person is asked. */
import { boundedCoverage, withCoverage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { gate } from "../../src/gate/gate.ts";
import type { GateInput } from "../../src/gate/hard-gates.ts";
import {
  changedFile,
  honestFix,
  provenTests,
  samplePolicy,
  testFile,
  verdict,
  watchedNothing,
} from "./sample-policy.ts";

const way = { path: "index.js", line: 3, kind: "true", is_minor: false } as const;
const coverage = boundedCoverage({ changed_lines: 8, covered_lines: 7, ways: [way], unmeasured: [] });
const uncovered = { provenness: withCoverage(provenTests(12), coverage) };
const missing = (changes: Partial<GateInput>) => gate(honestFix(changes)).missing_tests;
const testChanges = (file: Parameters<typeof testFile>[0]) => ({
  ...(honestFix().testChanges as NonNullable<GateInput["testChanges"]>),
  files: [testFile({ assertions_after: 6, added_tests: ["closes the hole"], ...file })],
});

describe("what only tests keep from merging", () => {
  it("is a way that no test takes, code that no test needs, tests that show nothing, or edits of existing tests", () => {
    const parts = [{ path: "index.js", line: 4, kind: "removed", before: "x + 1", after: "x" }] as never;
    const unneeded = withCoverage(provenTests(1), "no-code", { unneeded: { tried: 3, untried: 0, parts } });
    const { path } = changedFile("samples/rows.txt");
    const files = [...(honestFix().pathReport?.files ?? []), changedFile(path)];
    const support = { ...watchedNothing, support: [path] };
    for (const [changes, text] of [
      [uncovered, "index.js:3"],
      [{ provenness: unneeded }, "tests pass without parts of the changed code"],
      [{ testChanges: testChanges({ changed_tests: ["adds"] }) }, "changed existing tests"],
      [{ testChanges: testChanges({ support_changed: true }) }, "changed code that tests share"],
      [
        { watched: support, pathReport: { ...honestFix().pathReport, files } },
        "changed a file that only the tests use",
      ],
    ] as [Partial<GateInput>, string][]) {
      expect(gate(honestFix(changes)).answer).toBe("ask");
      expect(missing(changes)).toContain(text);
    }
    expect(missing(uncovered)?.length).toBeLessThanOrEqual(500);
  });

  it("is nothing of a change that merges, is held, or is asked about for another reason as well", () => {
    const alsoAsked = {
      dependencyChanges: { changes: [] },
      verdicts: [verdict("openai", "pass"), verdict("gemini", "inconclusive", "flip")],
    };
    const dependency = {
      name: "left-pad",
      file: "package.json",
      before: null,
      after: "1.0.0",
      suspicious: "new package",
    };
    expect(missing({})).toBeNull();
    expect(missing({ ...uncovered, missingEvidence: ["environment"] })).toBeNull();
    expect(missing({ ...uncovered, verdicts: alsoAsked.verdicts })).toBeNull();
    expect(missing({ ...uncovered, dependencyChanges: { changes: [dependency as never] } })).toBeNull();
    expect(
      missing({
        testChanges: testChanges({
          changed_tests: ["adds"],
          findings: [{ kind: "skip-added", test: "adds", text: "it.skip", line: 1 } as never],
        }),
      }),
    ).toBeNull();
    const red = { ...(honestFix().checks as NonNullable<GateInput["checks"]>), outdated: [] };
    expect(
      missing({ checks: { ...red, status: "flaky", newly_flaky: ["test/a.js > adds"] }, ...uncovered }),
    ).toBeNull();
  });

  it("is nothing of an edit that the person asked for, or of a mission about tests alone", () => {
    const edited = { testChanges: testChanges({ changed_tests: ["adds two numbers"] }) };
    const asking = (text: string) => ({ ...edited, specification: { text, criteria: [] } });
    expect(missing(asking("Close the hole."))).not.toBeNull();
    expect(missing(asking('Change the test "adds two numbers".'))).toBeNull();
    expect(missing(asking("Bring test/a.js up to date."))).toBeNull();
    const files = [changedFile("test/a.js", { added: 12 })];
    const pathReport = { ...(honestFix().pathReport as NonNullable<GateInput["pathReport"]>), files };
    expect(missing({ ...edited, pathReport })).toBeNull();
  });

  it("is nothing where the profile, the size or the policy would still ask, or where nothing could be measured", () => {
    expect(missing({ ...uncovered, profile: "safe" })).toBeNull();
    const large = {
      ...(honestFix().pathReport as NonNullable<GateInput["pathReport"]>),
      files: [changedFile("index.js", { added: 400 }), changedFile("test/a.js", { added: 12 })],
    };
    expect(missing({ ...uncovered, pathReport: large })).toBeNull();
    expect(missing({ ...uncovered, pathReport: large, profile: "aggressive" })).toBeNull();
    expect(missing({ provenness: withCoverage(provenTests(12), "not-finished") })).toBeNull();
    const policy = { ...samplePolicy, repair: { ...samplePolicy.repair, for_tests: false } };
    expect(missing({ ...uncovered, policy })).toBeNull();
    // Who released the hold of a high risk wants to be asked.
    expect(missing({ ...uncovered, riskAcknowledged: true })).toBeNull();
    expect(missing({ ...uncovered, writes: "on-approval" })).toBeNull();
    expect(missing({ ...uncovered, writes: "off" })).toBeNull();
  });
});
