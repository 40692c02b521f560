/** The body of a landed commit. */
import { expect, it } from "vitest";
import { growsWithLength } from "../../../../test/support/growth.ts";
import { terminalColumns } from "../../src/commit-text/columns.ts";
import { commitMessage } from "../../src/commit-text/commit-message.ts";

const criteria = [
  { id: "c1", text: "a negative age is an error, shown by a new test that calls the function with minus one" },
];
const green = { fail_to_pass: ["lib > refuses"], pass_to_pass: 12 };
const passed = [{ family: "openai", verdict: "pass" }] as const;
const message = (text: string, more: Partial<Parameters<typeof commitMessage>[0]> = {}) =>
  commitMessage({
    specification: { text, criteria },
    writer: "home",
    checks: green,
    verdicts: passed,
    approvedBy: null,
    ...more,
  });

it("the commit's body has the request, its criteria and what proved them", () => {
  expect(message("Refuse negative ages in lib/age.js").split("\n")).toEqual([
    "Refuse negative ages in lib/age.js",
    "",
    "It is done when:",
    "- a negative age is an error, shown by a new test that calls the",
    "  function with minus one",
    "",
    "Shown by:",
    "- 1 test that fails on the code before and passes now: lib > refuses",
    "- 12 tests that pass before and after",
    "- judges: openai pass",
  ]);
});

it("the commit's body has the whole request, wrapped and bounded with code unchanged, if the subject does not say all", () => {
  const code = `at foo (bar.js:12) ${"x".repeat(100)}`;
  const long = message(
    `Round totals to cents, because ${"customers see other sums ".repeat(12)}\n\n\`\`\`\n${code}\n\`\`\`\n- ${"item ".repeat(30)}`,
  );
  const lines = long.split("\n");
  expect(lines[0]).toBe("Round totals to cents");
  expect(lines).toContain(code);
  expect(lines.filter((line) => terminalColumns(line) > 72)).toEqual([code]);
  expect(lines.filter((line) => line.startsWith("  item"))).not.toEqual([]);
  expect(message("step\n".repeat(500)).split("\n").length).toBeLessThan(60);
  const chinese = message(`修复登录。${"用户名为空时页面崩溃，请补充单元测试。".repeat(10)}`);
  expect(chinese.split("\n").filter((line) => terminalColumns(line) > 74)).toEqual([]);
});

it("the commit's body names the approver and what was sent back, and leaves out what is missing", () => {
  const asked = message("Fix it", { approvedBy: "alice\nSigned-off-by: eve", checks: null, verdicts: [] });
  expect(asked).toContain("Shown by:\n- approved by alice Signed-off-by: eve");
  expect(asked).not.toContain("judges");
  const instructions = ["use the helper"];
  const again = message("Fix it", { specification: { text: "Fix it", criteria, instructions } });
  expect(again).toContain("Sent back with:\n- use the helper");
  expect(message("Fix it", { checks: null, verdicts: [] })).not.toContain("Shown by");
});

it("the commit's body takes nothing from a test's name that a host acts on", () => {
  const name =
    "cart > closes #12, fixes GH-7 and acme/other#3, @octocat [skip ci] https://example.org/issues/1 ***NO_CI***";
  const lines = message("Refuse negative ages", { checks: { fail_to_pass: [name], pass_to_pass: 1 } }).split("\n");
  const shown = lines.slice(lines.indexOf("Shown by:")).join(" ");
  expect(shown).not.toMatch(/[#@[\]*]|GH-|:\/\//);
  expect(shown).toMatch(/cart > closes 12, +fixes GH 7/);
});

it("composing the commit's body takes time in proportion to the request", () => {
  const parts = [".", "word ", " -", "漢", "a\n", "x\u0301"];
  const slow = parts.filter((part) => !growsWithLength(40_000, (length) => () => message(part.repeat(length))));
  expect(slow).toEqual([]);
});
