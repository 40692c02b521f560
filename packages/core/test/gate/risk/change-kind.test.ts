/** Which changes can't change what runs, and that the gate then asks for no test of them. */
import { describe, expect, it } from "vitest";
import type { GateInput } from "../../../src/gate/hard-gates.ts";
import { isInert } from "../../../src/gate/risk/change-kind.ts";
import { changedFile, gateTexts as gate, honestFix, pastWith, testFile } from "../sample-policy.ts";

type Kind = NonNullable<GateInput["changeKinds"]>["files"][number];

const watched: GateInput["watched"] = {
  opened: ["a.js", "help.md"],
  probed: [],
  written: [],
  executed: [],
  support: [],
  modules: [],
  module_folders: [],
  omitted: 0,
};
const noTests = { files: [], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] };
const nothingNew = { new_tests: "none" as const, fail_to_pass: [] };

/** A change of these files without a test, of which nothing was shown but that the base's tests pass. */
function changeOf(files: readonly Pick<Kind, "path" | "kind">[], more: Partial<GateInput> = {}): GateInput {
  const honest = honestFix();
  const { checks, provenness, pathReport } = honest;
  if (checks === null || provenness === null || pathReport === null) throw new Error("the sample has no evidence");
  return honestFix({
    checks: { ...checks, ...nothingNew },
    provenness: { ...provenness, proven: 0, coverage: null, coverage_missing: "no-code" },
    testChanges: noTests,
    pathReport: { ...pathReport, files: files.map(({ path }) => changedFile(path)) },
    changeKinds: { files: files.map((file) => ({ named_by: null, ...file })) },
    watched,
    ...more,
  });
}

describe("a change that can't change what runs", () => {
  it.each([
    ["comments of code that the tests load", [{ path: "a.js", kind: "comments" }]],
    [
      "two documents",
      [
        { path: "README.md", kind: "document" },
        { path: "use.md", kind: "document" },
      ],
    ],
  ] as const)("merges without a test: %s", (_, files) => {
    expect(gate(changeOf(files))).toMatchObject({ answer: "merge", reasons: [] });
  });

  it("merges a comment even if the base's checks could not be watched, but no document", () => {
    const asked = (kind: Kind["kind"]) => isInert(changeOf([{ path: "x", kind }], { watched: null }));
    expect([asked("comments"), asked("document")]).toEqual([true, false]);
  });
});

describe("a change of which a part may act", () => {
  const named: Kind = { path: "README.md", kind: "document", named_by: "lib/help.js" };
  it.each([
    ["a document that the base's checks opened", changeOf([{ path: "help.md", kind: "document" }])],
    ["a document that code names", changeOf([named])],
    [
      "code beside a document",
      changeOf([
        { path: "README.md", kind: "document" },
        { path: "b.js", kind: "code" },
      ]),
    ],
    [
      "evidence without kinds, of an earlier version",
      changeOf([{ path: "README.md", kind: "document" }], { changeKinds: null }),
    ],
    [
      "a changed file without a kind",
      changeOf([{ path: "README.md", kind: "document" }], { changeKinds: { files: [] } }),
    ],
    [
      "more opened files than the watch lists",
      changeOf([{ path: "README.md", kind: "document" }], {
        watched: { ...watched, opened: Array.from({ length: 20_000 }, (_, index) => `f${index}`) },
      }),
    ],
  ])("asks for a test: %s", (_, change) => {
    expect(gate(change).answer).toBe("ask");
    expect(gate(change).reasons.join("\n")).toMatch(/no test/u);
  });

  it("is asked about with what uses the document, unless code changes beside it", () => {
    const reasonsOf = (files: readonly (Pick<Kind, "path" | "kind"> & Partial<Kind>)[]) =>
      gate(changeOf(files)).reasons;
    expect(reasonsOf([named])).toContain("more than a text to read: lib/help.js names README.md");
    const opened: Kind = { path: "help.md", kind: "document", named_by: null };
    expect(reasonsOf([opened, named])).toContain(
      "more than a text to read: the base's tests may open help.md and 1 more",
    );
    for (const files of [
      [named, { path: "b.js", kind: "code" as const }],
      [{ path: "README.md", kind: "document" as const }],
    ])
      expect(reasonsOf(files).join("\n")).not.toMatch(/text to read/u);
  });

  it("is not asked about for what became of other changes", () => {
    const past = (kind: Kind["kind"]) =>
      gate(changeOf([{ path: "a.js", kind }], { history: pastWith(900) })).risk.shares.find(
        ({ factor }) => factor === "riskier_history",
      );
    expect(past("comments")).toBeUndefined();
    expect(past("code")).toMatchObject({ points: 270 });
  });
});

describe("a change that only adds tests", () => {
  const added = { tried: 24, noticing: 1, unnoticing: [] as string[] };
  const ofTests = (
    tests: Partial<typeof added> | null,
    { files = ["test/a.js"], ...file }: { files?: string[] } & Partial<ReturnType<typeof testFile>> = {},
  ) => {
    const change = changeOf(files.map((path) => ({ path, kind: "code" })));
    const { checks, provenness, testChanges } = change;
    if (checks === null || provenness === null || testChanges === null) throw new Error("the sample has no evidence");
    return {
      ...change,
      checks: { ...checks, new_tests: "green-on-base" as const, untested: ["test/a.js > adds"] },
      provenness: { ...provenness, added_tests: tests && { ...added, ...tests } },
      testChanges: {
        ...testChanges,
        files: [testFile({ path: "test/a.js", status: "added", assertions_before: 0, added_tests: ["adds"], ...file })],
      },
    };
  };

  it("merges if each of them fails on a fault in the code", () => {
    expect(gate(ofTests({}))).toMatchObject({ answer: "merge", reasons: [], risk: { level: "low" } });
  });

  it("asks when an added test fails on no fault, when no fault could be tried, or when code changes beside the tests", () => {
    const reasonsOf = (change: GateInput) => gate(change).reasons.join("\n");
    expect(reasonsOf(ofTests({ unnoticing: ["test/a.js > adds"] }))).toMatch(/no fault .*: test\/a\.js > adds/u);
    const untried = { tried: 0, noticing: 0, unnoticing: ["test/a.js > adds"] };
    expect(reasonsOf(ofTests(untried))).toMatch(/no fault .*: test\/a\.js > adds/u);
    expect(reasonsOf(ofTests({}, { files: ["test/a.js", "a.js"] }))).toMatch(/none fails on the base/u);
    // A file without tests, and a test that did not run.
    expect(reasonsOf(ofTests({}, { added_tests: [] }))).toMatch(/none fails on the base/u);
    expect(reasonsOf(ofTests({}, { added_tests: ["a", "b"] }))).toMatch(/no fault .*: a, b/u);
    expect(reasonsOf(ofTests({}, { assertions_before: 2, assertions_after: 1 }))).toMatch(/none fails on the base/u);
    expect(isInert({ ...ofTests({}), pathReport: null })).toBe(false);
    expect(reasonsOf(ofTests(null))).toMatch(/no fault .*: adds/u);
  });

  it("merges if tests check by a helper of their own, since a test that checks nothing fails on no fault", () => {
    expect(gate(ofTests({}, { assertions_after: 0 }))).toMatchObject({ answer: "merge", reasons: [] });
    expect(gate(ofTests({ noticing: 2 }, { added_tests: ["a", "b"], assertions_after: 0 })).answer).toBe("merge");
    expect(gate(ofTests({ unnoticing: ["b"] }, { added_tests: ["a", "b"], assertions_after: 0 })).answer).toBe("ask");
  });

  const grown = { status: "modified" as const, assertions_before: 3, assertions_after: 3, added_tests: [] };

  it("merges if tests of the base only got rows or assertions, so that there is no new test to try", () => {
    const change = ofTests(null, grown);
    expect(gate(change)).toMatchObject({ answer: "merge", reasons: [], risk: { level: "low" } });
    expect(gate(ofTests(null, { ...grown, parser: "lines", assertions_after: 4 })).answer).toBe("merge");
  });

  it.each([
    ["an edited test", { changed_tests: ["adds"] }],
    ["shared code that changed", { support_changed: true }],
    ["a lost assertion", { assertions_after: 2 }],
    ["a finding", { findings: [{ kind: "skip-added" as const, test: "adds", line: 1, text: "" }] }],
    [
      "a test file that is new but has no assertion",
      { status: "added" as const, assertions_before: 0, assertions_after: 0 },
    ],
    ["tests beside code", { files: ["test/a.js", "a.js"] }],
    ["tests within code", { among_code: true }],
  ])("asks when tests of the base got more lines, but there is %s", (_, file) => {
    expect(gate(ofTests(null, { ...grown, ...file })).answer).not.toBe("merge");
  });

  it("counts an edited test against harm only if it was shown to notice faults", () => {
    const edited = { ...grown, changed_tests: ["adds"] };
    const shares = (change: GateInput) => gate(change).risk.shares.map(({ factor }) => factor);
    const unproven = ofTests(null, edited);
    expect(shares(unproven)).not.toContain("added_tests_notice");
    const id = "test/a.js > adds";
    const mutant = { path: "a.js", line: 1, before: "1", after: "2", killed_by_old: [id], killed_by_new: [id] };
    const { provenness } = unproven;
    if (provenness === null) throw new Error("the sample has no evidence");
    const edited_tests = { paths: ["test/a.js"], tried: 12, untried: 0, mutants: [mutant, mutant] };
    const proven = { ...unproven, provenness: { ...provenness, edited_tests } };
    expect(shares(proven)).toContain("added_tests_notice");
    expect(gate(proven).answer).toBe("merge");
  });

  it("merges tests of a language whose files are compared as a whole, if each fails on a fault", () => {
    const inGo = { parser: "lines" as const, added_tests: [], assertions_after: 1 };
    expect(gate(ofTests({}, inGo))).toMatchObject({ answer: "merge", reasons: [] });
    expect(gate(ofTests({ unnoticing: ["adds"] }, inGo)).answer).toBe("ask");
    expect(gate(ofTests(null, inGo)).answer).toBe("ask");
    expect(gate(ofTests({}, { ...inGo, assertions_after: 0 })).answer).toBe("ask");
  });
});
