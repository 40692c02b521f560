/** A change as a person sees it at a terminal before deciding. */
import { expect, it } from "vitest";
import { changeText } from "../../src/render/change-text.ts";
import { diffText } from "../../src/render/diff-text.ts";

const id = "1".repeat(40);
const file = (path: string, added_lines: number, deleted_lines: number) => ({
  ...{ path, added_lines, deleted_lines, status: "modified", binary: false },
  ...{ old_mode: "100644", new_mode: "100644", old_id: id, new_id: id },
});
const paths = (files: readonly object[]) => ({ files, renames: [], forbidden: [], unsafe: [], never_by_itself: [] });
const specification = {
  ...{ schema: 1, mission_id: "m-0123456789abcdef", repository: "tool", title: "Refuse negative ages\u202e" },
  ...{ text: "Refuse negative ages", criteria: [{ id: "c1", text: "age(-1) throws a RangeError" }] },
};
const checks = {
  status: "green",
  newly_failing: [],
  vanished: [],
  fail_to_pass: ["age > refuses"],
  pass_to_pass: 12,
  reasons: [],
};

it("starts a change's text with the request, then lists files, criteria and tests", () => {
  const entries = {
    specification,
    checks,
    "path-report": paths([file("lib/age.js", 3, 1), file("test/age.test.js", 9, 0)]),
  };
  expect(changeText(entries).split("\n")).toEqual([
    "Refuse negative ages\\u{202e}",
    "",
    "FILE                        LINES",
    "test/age.test.js  modified  +9 -0",
    "lib/age.js        modified  +3 -1",
    "2 files, +12 -1",
    "",
    "it is done when:",
    "  c1  age(-1) throws a RangeError",
    "",
    "tests: green; 1 red on the old code and green now (age > refuses); 12 green before and after",
  ]);
});

it("shows under each criterion what each judge answered, and where it saw it", () => {
  const judged = {
    family: "openai",
    id: "c1",
    result: "not_met",
    cited: ["test/age.test.js:9", "checks\u202e"],
  } as const;
  const text = changeText({ specification }, [judged, { ...judged, id: "c2" }]);
  expect(text).toContain(
    "\n  c1  age(-1) throws a RangeError\n      openai: not met (test/age.test.js:9, checks\\u{202e})",
  );
  expect(text.match(/openai/g)).toHaveLength(1);
});

it("omits parts that the evidence lacks, counts files that it does not list, and names broken tests", () => {
  expect(changeText({})).toBe("");
  const many = changeText({ "path-report": paths(Array.from({ length: 50 }, (_, at) => file(`a${at}`, at, 0))) });
  expect(many).toMatch(/and 30 more files\n50 files, \+1225 -0$/);
  expect(changeText({ checks: { ...checks, newly_failing: ["old"], vanished: ["gone"] } })).toMatch(
    /1 newly failing \(old\); 1 gone \(gone\)/,
  );
});

const patch = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-old\u001b[2K\n+new\n context\n";

it("shows a diff with every hidden character escaped", () => {
  expect(diffText(patch, false)).toBe(patch.replace("\u001b", "\\u{1b}"));
});

it("colours only headers, hunks and both sides of a diff", () => {
  const lines = diffText(patch, true).split("\n");
  const painted = (code: number, text: string) => `\u001b[${code}m${text}\u001b[0m`;
  expect(lines).toEqual([
    painted(1, "diff --git a/a b/a"),
    painted(1, "--- a/a"),
    painted(1, "+++ b/a"),
    painted(36, "@@ -1 +1 @@"),
    painted(31, "-old\\u{1b}[2K"),
    painted(32, "+new"),
    " context",
    "",
  ]);
});
