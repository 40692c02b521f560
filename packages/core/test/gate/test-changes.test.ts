/** The gate's answers to what a change does to tests, one cause at a time; each is tested beside the honest change, which merges. */

import { type TestChanges, type TestFinding, testFindingKinds } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GateInput } from "../../src/gate/hard-gates.ts";
import { gateTexts as gate, greenChecks, honestFix, testFile } from "./sample-policy.ts";

const nothing: TestChanges = {
  files: [],
  settings: [],
  code_findings: [],
  only_adds_functions: [],
  only_adds_rows: [],
};
const changed = (change: Partial<TestChanges["files"][number]>): Pick<GateInput, "testChanges"> => ({
  testChanges: { ...nothing, files: [testFile(change)] },
});
const finding = (kind: TestFinding["kind"]): TestFinding => ({
  kind,
  test: "parse > refuses text",
  line: 3,
  text: "so",
});
const saying = (text: string): Pick<GateInput, "specification"> => ({ specification: { text, criteria: [] } });
const answer = (change: Partial<GateInput>) => gate(honestFix(change));

it("merges a change that only adds a test to an existing file", () => {
  expect(answer(changed({ added_tests: ["new"], assertions_after: 5 })).answer).toBe("merge");
  expect(answer(changed({ status: "added", assertions_before: 0, added_tests: ["new"] })).answer).toBe("merge");
});

describe("findings", () => {
  it.each(["test-removed", "assertion-removed", "assertion-weakened"] as const)(
    "holds %s, and asks if the specification names the file or the test",
    (kind) => {
      const findings = changed({ findings: [finding(kind)] });
      expect(answer(findings)).toMatchObject({
        answer: "hold",
        hold_code: "HOLD-CHECKS-FAILED",
        hold_detail: `${kind}: test/a.js: parse > refuses text (so)`,
      });
      for (const words of [
        "Loosen test/a.js.",
        "Change the test `refuses text`.",
        "parse > refuses text is outdated",
      ]) {
        const asked = answer({ ...findings, ...saying(words) });
        expect(asked.answer, words).toBe("ask");
        expect(asked.reasons).toContain(`as the mission allows: ${kind}: test/a.js: parse > refuses text (so)`);
      }
      expect(answer({ ...findings, ...saying("Loosen test/b.js, it refuses much.") }).answer).toBe("hold");
    },
  );

  it("asks about every other kind of finding by name, even if the specification names the test", () => {
    const others = testFindingKinds.filter((kind) => !/^(test-removed|assertion-)/.test(kind));
    for (const kind of others) {
      for (const words of ["", "See test/a.js."]) {
        const asked = answer({ ...changed({ findings: [finding(kind)] }), ...saying(words) });
        expect(asked.answer, kind).toBe("ask");
        expect(asked.reasons).toContain(`${kind}: test/a.js: parse > refuses text (so)`);
      }
      const inCode = answer({ testChanges: { ...nothing, code_findings: [{ path: "index.js", ...finding(kind) }] } });
      expect(inCode.reasons).toContain(`${kind}: index.js:3: parse > refuses text (so)`);
    }
    expect(others).toHaveLength(9);
  });

  it("asks about code that tests share and settings that decide how they run, but not about a new stored result", () => {
    expect(answer(changed({ support_changed: true })).reasons).toContain(
      "changed code that tests share, or may share: test/a.js",
    );
    for (const kind of ["coverage", "ci", "runner"] as const)
      expect(answer({ testChanges: { ...nothing, settings: [{ path: "x", kind }] } }).reasons).toContain(
        `changed how tests run or count (${kind}): x`,
      );
    expect(
      answer({
        testChanges: { ...(honestFix().testChanges ?? nothing), settings: [{ path: "x.snap", kind: "snapshot" }] },
      }).answer,
    ).toBe("merge");
  });

  it("does not count assertions that moved to another file as lost", () => {
    expect(answer(changed({ assertions_after: 2, moved_assertions: 2 })).answer).toBe("merge");
    expect(answer(changed({ assertions_after: 2, moved_assertions: 1 })).hold_code).toBe("HOLD-CHECKS-FAILED");
    expect(answer(changed({ status: "deleted", assertions_after: 0, moved_assertions: 4 })).answer).toBe("merge");
    expect(answer(changed({ status: "deleted", assertions_after: 0, moved_assertions: 3 })).hold_code).toBe(
      "HOLD-CHECKS-FAILED",
    );
  });
});

describe("a new test that needs the change's own control files", () => {
  const id = "tests/test_a.py > new";
  const red = { ...greenChecks, status: "red" as const, newly_failing: [id], needs_own_control: [id] };

  it("asks about a new test that needs the change's own control files, and holds if anything else is red", () => {
    const asked = answer({ checks: red });
    expect(asked).toMatchObject({ answer: "ask", hold_code: null });
    expect(asked.reasons).toContain(`new tests pass only with the test settings that the change brings: ${id}`);
    for (const more of [{ newly_failing: [id, "other"] }, { vanished: ["other"] }, { newly_skipped: ["other"] }])
      expect(answer({ checks: { ...red, ...more } }).hold_code).toBe("HOLD-CHECKS-FAILED");
  });
});

describe("a changed existing test", () => {
  const id = "test/a.js > parse > refuses text";
  const rewritten = changed({ changed_tests: ["parse > refuses text"] });
  const red = { ...greenChecks, status: "red" as const, newly_failing: [id], outdated: [id] };

  it("asks about a changed test by name if its old form is still green", () => {
    const asked = answer(rewritten);
    expect(asked.answer).toBe("ask");
    expect(asked.reasons).toContain(
      "existing tests are changed, and their old versions still pass: test/a.js: parse > refuses text",
    );
  });

  it("says that the old form of a changed test gave no results, if only the change's form of its file ran", () => {
    const reasonsWith = (own_tests: string[]) =>
      answer({ ...rewritten, checks: { ...greenChecks, own_tests } }).reasons;
    const text = (form: string) =>
      `existing tests are changed, and their old versions ${form}: test/a.js: parse > refuses text`;
    expect(reasonsWith(["test/a.js"])).toContain(text("gave no results"));
    expect(reasonsWith(["test/b.js"])).toContain(text("still pass"));
  });

  it("holds a changed test whose old form is red, but asks when the specification names the file or the test", () => {
    expect(answer({ ...rewritten, checks: red })).toMatchObject({
      hold_code: "HOLD-CHECKS-FAILED",
      hold_detail: `newly failing: ${id}`,
    });
    for (const words of ["Change test/a.js so.", "Text may be parsed: 'refuses text' is outdated."]) {
      const asked = answer({ ...rewritten, checks: red, ...saying(words) });
      expect(asked, words).toMatchObject({ answer: "ask", hold_code: null });
      expect(asked.reasons).toContain(
        "existing tests are changed, and their old versions fail: test/a.js: parse > refuses text",
      );
    }
  });

  const named = saying("Change test/a.js so.");
  it.each<[string, Partial<GateInput>]>([
    ["another test is red too", { checks: { ...red, newly_failing: [id, "other"], outdated: [] } }],
    [
      "another test is called outdated",
      { checks: { ...red, newly_failing: [id, "test/b.js > x"], outdated: [id, "test/b.js > x"] } },
    ],
    ["a test is gone", { checks: { ...red, vanished: ["other"] } }],
    ["a test is skipped", { checks: { ...red, newly_skipped: ["other"] } }],
    ["its new form is red", { checks: { ...red, outdated: [] } }],
    ["it was not changed", changed({ changed_tests: ["parse > other"] })],
    ["it stands in another file", changed({ path: "test/b.js", changed_tests: ["parse > refuses text"] })],
    [
      "it lost assertions elsewhere",
      {
        testChanges: {
          ...nothing,
          files: [...(rewritten.testChanges?.files ?? []), testFile({ path: "test/b.js", assertions_after: 1 })],
        },
      },
    ],
  ])("holds a changed test if %s, whatever the specification names", (_title, change) => {
    expect(answer({ ...rewritten, checks: red, ...named }).answer).toBe("ask");
    expect(answer({ ...rewritten, checks: red, ...named, ...change }).hold_code).toBe("HOLD-CHECKS-FAILED");
  });

  describe("a removed test", () => {
    const lost = { ...greenChecks, status: "red" as const, vanished: [id], gone: [id] };
    const removal = changed({ assertions_after: 3, findings: [finding("test-removed")] });
    const failing = { ...lost, newly_failing: [id] };

    it("holds a removed test, and asks if the specification names the test or, while its old form is green, its file", () => {
      const held = `vanished: ${id}, tests check less: test/a.js (4 assertions, now 3), test-removed: test/a.js: parse > refuses text (so)`;
      expect(answer({ ...removal, checks: lost })).toMatchObject({
        hold_code: "HOLD-CHECKS-FAILED",
        hold_detail: held,
      });
      const byFile = saying("Take the test out of test/a.js.");
      expect(answer({ ...removal, checks: lost, ...byFile })).toMatchObject({ answer: "ask", hold_code: null });
      expect(answer({ ...removal, checks: failing, ...byFile }).hold_code).toBe("HOLD-CHECKS-FAILED");
      const kept = changed({ assertions_after: 4, findings: [finding("test-removed")] });
      expect(answer({ ...kept, checks: failing, ...saying("'refuses text' goes.") }).answer).toBe("ask");
      const whole = changed({ status: "deleted", assertions_after: 0, findings: [finding("test-removed")] });
      expect(answer({ ...whole, checks: failing, ...byFile }).answer).toBe("ask");
    });

    it("asks about a moved test that passes in both places, and holds if it does not", () => {
      const moving = changed({ assertions_after: 3, moved_assertions: 1, moved_tests: ["parse > refuses text"] });
      const moved = { ...lost, moved: [id] };
      const asked = answer({ ...moving, checks: moved });
      expect(asked).toMatchObject({ answer: "ask", hold_code: null });
      expect(asked.reasons).toContain("tests moved to another file: test/a.js: parse > refuses text");
      expect(answer({ ...moving, checks: lost }).hold_code).toBe("HOLD-CHECKS-FAILED");
      expect(answer({ ...changed({}), checks: moved }).hold_code).toBe("HOLD-CHECKS-FAILED");
      expect(answer({ ...moving, checks: { ...moved, newly_skipped: ["x"] } }).hold_code).toBe("HOLD-CHECKS-FAILED");
      expect(answer({ ...moving, checks: { ...moved, vanished: [id, "x"] } }).hold_code).toBe("HOLD-CHECKS-FAILED");
      expect(answer(moving).answer).toBe("merge");
    });
  });

  it("never merges with any finding, changed test or red check, whatever the specification says", () => {
    const input = fc.record({
      kinds: fc.array(fc.constantFrom(...testFindingKinds), { maxLength: 2 }),
      names: fc.array(fc.constantFrom("parse > refuses text", "other"), { maxLength: 2 }),
      failing: fc.array(fc.constantFrom(id, "x"), { maxLength: 2 }),
      outdated: fc.array(fc.constantFrom(id, "x"), { maxLength: 2 }),
      words: fc.constantFrom("", "test/a.js", "`refuses text`", "x"),
    });
    let merged = 0;
    fc.assert(
      fc.property(input, ({ kinds, names, failing, outdated, words }) => {
        const status = failing.length > 0 ? ("red" as const) : ("green" as const);
        const checks = { ...greenChecks, status, newly_failing: failing, outdated };
        const result = answer({
          ...changed({ findings: kinds.map(finding), changed_tests: names }),
          checks,
          ...saying(words),
        });
        const isClean = kinds.length + names.length + failing.length === 0;
        expect(result.answer === "merge").toBe(isClean);
        if (isClean) merged += 1;
        if (failing.includes("x") || (failing.length > 0 && words !== "test/a.js" && words !== "`refuses text`"))
          expect(result.hold_code).toBe("HOLD-CHECKS-FAILED");
      }),
      { numRuns: 1000 },
    );
    expect(merged).toBeGreaterThan(0);
  });
});
