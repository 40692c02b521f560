/** What a change did to tests, as a person reads it. */
import { expect, it } from "vitest";
import { testChangesText } from "../../src/render/report-texts.ts";

const file = { path: "test/a.js", status: "modified", assertions_before: 1, assertions_after: 1, parser: "javascript" };
const text = (changes: object) => testChangesText({ "test-changes": { files: [], ...changes } });

it("lists findings, changed and new tests, how a file was read, and settings", () => {
  const findings = [{ kind: "skip-added", test: "g > a", line: 3, text: "it.skip" }];
  const files = [
    { ...file, changed_tests: ["g > a"], added_tests: ["g > b"], findings },
    { ...file, path: "a_test.go", parser: "lines", support_changed: true },
  ];
  const code_findings = [{ path: "index.js", kind: "input-special-cased", test: "g > a", line: 7, text: "if" }];
  expect(text({ files, settings: [{ path: ".nycrc", kind: "coverage" }], code_findings }).split("\n")).toEqual([
    "what the change does to the tests:",
    "  skip-added: test/a.js:3: g > a (it.skip)",
    "  input-special-cased: index.js:7: g > a (if)",
    "  changed: test/a.js: g > a",
    "  new: test/a.js: g > b",
    "  shared by tests: a_test.go",
    "  not compared test by test, which sees less: a_test.go",
    "  settings of coverage: .nycrc",
  ]);
});

it("is empty without test changes, truncates a long list and escapes names", () => {
  expect(text({})).toBe("");
  expect(testChangesText({})).toBe("");
  const many = Array.from({ length: 40 }, (_, line) => ({
    kind: "only-added",
    test: "\u001b]8;;x\u0007\u202e",
    line,
    text: "",
  }));
  const long = text({ files: [{ ...file, findings: many }] });
  expect(long).toContain("omitted: 10 more findings");
  for (const sign of ["\u001b", "\u0007", "\u202e"]) expect(long).not.toContain(sign);
});
