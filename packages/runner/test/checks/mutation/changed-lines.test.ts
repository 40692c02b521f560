/** Which lines count as changed, and how Stryker is configured for them. */
import { describe, expect, it } from "vitest";
import { rangesOf } from "../../../src/checks/changed-code/changed-ranges.ts";
import { strykerConfigurations } from "../../../src/checks/mutation/stryker.ts";

describe("changed lines", () => {
  it("are the new side of each hunk, and none if lines were only deleted", () => {
    const text =
      "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@ head\n-a\n+b\n@@ -4,2 +3,0 @@\n-c\n-d\n@@ -9,0 +8,3 @@\n+e\n+@@ -1 +99 @@\n+f\n";
    expect(rangesOf(text)).toEqual([
      { first: 1, last: 1 },
      { first: 8, last: 10 },
    ]);
    expect(rangesOf("")).toEqual([]);
  });

  it("are all that is mutated, by the commands as they are or by vitest's own runner", () => {
    const of = {
      ranges: [{ path: "lib/a.js", first: 3, last: 5 }],
      commands: ["npm run a", "node --test"],
      eventsFolder: "/e",
    };
    const { "command.json": command = "", ...others } = strykerConfigurations({ ...of, isVitest: false });
    expect(others).toEqual({});
    expect(JSON.parse(command)).toMatchObject({
      mutate: ["lib/a.js:3-5"],
      commandRunner: { command: "npm run a && node --test" },
    });
    expect(Object.keys(strykerConfigurations({ ...of, isVitest: true }))).toEqual(["command.json", "vitest.json"]);
  });
});

describe("a line of which only the indentation changed", () => {
  const diffOf = (removed: readonly string[], added: readonly string[]) =>
    [`diff --git a/a b/a`, "--- a/a", "+++ b/a", `@@ -1,${removed.length} +1,${added.length} @@`]
      .concat(
        removed.map((line) => `-${line}`),
        added.map((line) => `+${line}`),
        "",
      )
      .join("\n");
  it.each<[string, string[], string[], boolean, { first: number; last: number }[]]>([
    [
      "is not changed in a new block",
      ["run(a);", "end();"],
      ["if (a) {", "  run(a);", "  end();", "}"],
      false,
      [
        { first: 1, last: 1 },
        { first: 4, last: 4 },
      ],
    ],
    ["is not changed in a new block of Python", ["run(a)"], ["if a:", "    run(a)"], true, [{ first: 1, last: 1 }]],
    ["is not changed by layout alone", ["    run(a);"], ["  run(a);"], false, []],
    ["is changed if it leaves a block", ["if (a) {", "  run(a);", "}"], ["run(a);"], false, [{ first: 1, last: 1 }]],
    ["is changed in Python without a new block", ["    run(a)"], ["run(a)"], true, [{ first: 1, last: 1 }]],
    ["is changed if its text is", ["run(a);"], ["if (a) {", "  run(b);", "}"], false, [{ first: 1, last: 3 }]],
  ])("%s", (_title, removed, added, isPython, expected) => {
    expect(rangesOf(diffOf(removed, added), isPython)).toEqual(expected);
  });
});
