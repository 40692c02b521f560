/** Which lines count as changed, and how Stryker is configured for them. */
import { describe, expect, it } from "vitest";
import { rangesOf } from "../../../src/checks/changed-code/changed-ranges.ts";
import { strykerConfigurations } from "../../../src/checks/mutation/stryker.ts";

describe("changed lines", () => {
  it("are the new side of each hunk; a hunk that only deletes lines has none", () => {
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
