/** Finding the verb in a command line. */
import { describe, expect, it } from "vitest";
import { splitLine, wantsJson } from "../../src/command-line/split-line.ts";
import { findVerb } from "../../src/verb-table.ts";

describe("splitting a command line", () => {
  it("takes the verb's words and the global options between them", () => {
    const line = splitLine(["--json", "mission", "--home", "/h", "show", "m-1", "--json"]);
    expect(line).toEqual({ words: ["mission", "show"], globals: ["--json", "--home", "/h"], rest: ["m-1", "--json"] });
  });

  it("stops splitting at the first option that is not global", () => {
    expect(splitLine(["events", "--follow", "verify"])).toEqual({
      words: ["events"],
      globals: [],
      rest: ["--follow", "verify"],
    });
  });

  it("leaves a command line without a verb whole", () => {
    expect(splitLine(["--json", "--version"])).toEqual({ words: [], globals: [], rest: ["--json", "--version"] });
  });

  it("finds the longer of two names, and a one-word verb with its argument", () => {
    expect(findVerb(["events", "verify"])?.name).toBe("events verify");
    expect(findVerb(["events"])?.name).toBe("events");
    expect(findVerb(["intake", "make it faster"])?.name).toBe("intake");
    expect(findVerb(["mission"])).toBeUndefined();
    expect(findVerb(["constructor"])).toBeUndefined();
  });

  it("recognizes --json only before a double dash", () => {
    expect(wantsJson(["status", "--json"])).toBe(true);
    expect(wantsJson(["intake", "--", "--json"])).toBe(false);
  });
});
