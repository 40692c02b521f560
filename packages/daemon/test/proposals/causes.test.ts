/** What sources find, and the proposals' text: hostile names and words are quoted or left out, and what is unclear ends nothing. */
import { describe, expect, it } from "vitest";
import type { CommitCheck } from "../../src/github/landed-checks.ts";
import { alertCause } from "../../src/proposals/find-alerts.ts";
import { checkCause, failingChecks, isRepaired } from "../../src/proposals/find-failing-checks.ts";
import { todoCause, todosIn } from "../../src/proposals/find-todos.ts";

const commit = "a".repeat(40);
const todo = (path: string, said: string, line = 7) => todoCause({ path, line, said });
const check = (name: string) => checkCause({ name, commit, url: "https://example.org/1" });

describe("the text of a proposal", () => {
  it("a proposal names file and check in its title if that is harmless", () => {
    expect(todo("lib/add.js", "handle NaN").title).toBe("Do what a TODO in lib/add.js asks for");
    expect(check("test (ubuntu, 20)").title).toBe("Make the check test (ubuntu, 20) pass on the default branch");
  });

  it.each([
    "@ann",
    "closes #1",
    "fixes GH-12",
    "a`b",
    "[x](https://evil.example)",
    "x".repeat(61),
    "naïve",
    "a\u202eb",
  ])("a proposal's title leaves out a name that calls, closes or hides: %j", (name) => {
    expect(todo(name, "x").title).toBe("Do what a TODO asks for");
    expect(check(name).title).toBe("Make the check pass on the default branch");
  });

  it("a proposal quotes every foreign line as code, and is bounded", () => {
    const { text } = todo("a/b.c", "``` \u001b[31m @ann ".padEnd(2_000, "x"));
    const foreign = text.split("\n").filter((line) => line.includes("@ann"));
    expect(foreign).toHaveLength(1);
    expect(foreign[0]).toMatch(/^ {4}``` /);
    expect(text).not.toContain("\u001b");
    expect(text.length).toBeLessThan(1_000);
  });

  it("an alert's proposal names dependency and version if both are harmless, and quotes the rest", () => {
    const alert = {
      ...{ advisory: "GHSA-aaaa-bbbb-cccc", dependency: "minimist", manifest: "package.json" },
      ...{
        vulnerable: "< 1.2.6",
        patched: "1.2.6",
        severity: "high",
        summary: "closes #1",
        url: "https://example.org",
      },
    } as const;
    expect(alertCause(alert).title).toBe("Update minimist to 1.2.6 or later because of GHSA-aaaa-bbbb-cccc");
    expect(alertCause(alert).text).toContain("    flaw: closes #1");
    expect(alertCause({ ...alert, dependency: "@ann/x" }).title).toBe("Update a dependency that has a known flaw");
    expect(alertCause({ ...alert, patched: null }).title).toBe("Replace minimist because of GHSA-aaaa-bbbb-cccc");
    // Each name is short enough, but not both together.
    const long = {
      ...alert,
      dependency: "org.springframework.cloud:spring-cloud-starter-netflix-zuul",
      patched: "2.2.10.RELEASE",
    };
    expect(alertCause(long).title).toBe("Update a dependency that has a known flaw");
    expect(alertCause(alert).source).toBe("dependabot");
    // A changed text is not another cause.
    expect(alertCause({ ...alert, summary: "else", patched: "2.0.0" }).key).toBe(alertCause(alert).key);
  });

  it("a cause has a key that does not depend on its line, and names its source", () => {
    expect(todo("a", "b", 1).key).toBe(todo("a", "b").key);
    expect(todo("a", "c").key).not.toBe(todo("a", "b").key);
    expect([todo("a", "b").key, check("todo x").key]).toEqual(["todo a: b", "failing-check todo x"]);
  });
});

describe("a TODO", () => {
  const printed = (...lines: [string, number, string][]) =>
    lines.map(([path, line, text]) => `${commit}:${path}\0${line}\0${text}\n`).join("");

  it("a TODO is the text behind the marker, without what ends a comment", () => {
    const found = todosIn(
      printed(["a.c", 3, "/* TODO(aedev): handle zero */"], ["b:1.py", 4, "# TODO(aedev):say: it  "]),
      commit,
    );
    expect(found).toEqual([
      { path: "a.c", line: 3, said: "handle zero" },
      { path: "b:1.py", line: 4, said: "say: it" },
    ]);
  });

  it("a TODO without words is ignored; a hostile path or line spoils no other", () => {
    const found = todosIn(
      printed(
        ["a", 1, "// TODO(aedev):"],
        ["n\nl", 1, "// TODO(aedev): x\u001b]8;;y"],
        ["b", 9, "\u0000 TODO(aedev): x\u00001\u0000"],
        ["c", 2, "TODO(aedev): z"],
      ),
      commit,
    );
    expect(found).toHaveLength(2);
    expect(found.at(-1)).toEqual({ path: "c", line: 2, said: "z" });
    expect(JSON.stringify(found)).not.toMatch(/\\u001b|\\n/);
  });
});

describe("a check", () => {
  const head = (...list: [string, CommitCheck["state"]][]) => ({
    whole: true,
    checks: list.map(([name, state]) => ({ name, state, url: null })),
  });

  it("a failed check that does not run again is a cause; aedev's own is not", () => {
    const found = failingChecks(
      head(["a", "failed"], ["b", "failed"], ["b", "running"], ["c", "passed"], ["aedev / evidence", "failed"]),
      commit,
    );
    expect(found).toEqual([{ name: "a", commit, url: null }]);
  });

  it.each([
    [true, head(["a", "passed"])],
    [true, head(["b", "passed"], ["b", "failed"])],
    [false, head(["a", "failed"], ["a", "passed"])],
    [false, head(["a", "running"], ["a", "passed"])],
    [false, head(["a", "undecided"])],
    [false, head(["b", "running"])],
    [false, head()],
    [false, { ...head(["b", "passed"]), whole: false }],
  ])("a check is repaired: %j by %j", (expected, checks) => {
    expect(isRepaired(checks, "a")).toBe(expected);
  });
});
