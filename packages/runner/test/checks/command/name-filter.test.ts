/** Sentinels get names that a command's filter of test names lets through. */
import { describe, expect, it } from "vitest";
import { planCommand } from "../../../src/checks/command/plan.ts";

const sentinelOf = (command: string, path: string, scripts: Record<string, string> = {}) =>
  planCommand(command, { scripts, read: () => null }).runner?.sentinel?.source("n_x", { path, content: "" }) ?? null;

describe("a sentinel's name", () => {
  it.each([
    ["npx mocha -g 'app.router :name should' test/a.js", "test/a.js", "('app.router :name should n_x ' + pair[0]"],
    ["npx mocha --fgrep=parse test/a.js", "test/a.js", "('parse n_x ' + pair[0]"],
    ["npx jest -t 'sends a mail'", "a.test.js", "('sends a mail n_x ' + pair[0]"],
    ["npx vitest run -t mail", "a.test.ts", "('mail n_x throw'"],
    ['node --test --test-name-pattern="mail" test/', "test/a.js", "('mail n_x ' + pair[0]"],
    ["python3 -m pytest -q tests/test_self.py -k ignore", "tests/test_self.py", "def test_ignore_n_x_assert():"],
    ["python3 -m unittest -k Ignore", "test_a.py", "class Ignore_n_x("],
    ["go test -run TestParse ./...", "a_test.go", "func Test_TestParse_n_x_0("],
    ["npm test -- -k ignore", "test_a.py", "def test_ignore_n_x_assert():"],
  ])("begins with the words that the command filters by: %s", (command, path, text) => {
    expect(sentinelOf(command, path, { test: "python3 -m pytest" })).toContain(text);
  });

  it.each([
    "npx mocha -g '^app (a|b)'",
    "npx mocha -g app -i",
    "npx mocha -g app -g router",
    "python3 -m pytest -k 'a and not b'",
    "python3 -m pytest -m slow",
    "go test -run '^TestParse$' ./...",
  ])("is left out if no name surely passes the filter: %s", (command) => {
    expect(sentinelOf(command, "test/a.js")).toBeNull();
  });

  it.each(["npx mocha test/a.js", "python3 -m pytest -q -m 'not slow'", "go test ./..."])(
    "stays as it is without a filter that names tests: %s",
    (command) => {
      expect(sentinelOf(command, "test/a.js")).toMatch(/'n_x |def test_n_x_assert|Test_n_x_0/u);
    },
  );
});
