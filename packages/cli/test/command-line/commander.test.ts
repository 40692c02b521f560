/** Arguments and options of every verb. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseVerb } from "../../src/command-line/commander.ts";
import { sourceOf } from "../../src/repo/given.ts";
import { findVerb, verbNames } from "../../src/verb-table.ts";
import { verb as intake } from "../../src/verbs/intake.ts";
import { verbs as repo } from "../../src/verbs/repo.ts";

function inputOf(verb: typeof intake, line: readonly string[]) {
  const parsed = parseVerb(verb, { name: "verb", arguments: line });
  if (parsed.kind !== "run") throw new Error("help was shown");
  return parsed.input;
}

describe("parsing a verb's arguments", () => {
  it("collects a repeatable option, and omits an option that was not given", () => {
    const input = inputOf(intake, ["do it", "--repo", "tool", "--criterion", "first", "--criterion=second", "--json"]);
    expect(input.argument(0)).toBe("do it");
    expect(input.texts("criterion")).toEqual(["first", "second"]);
    expect(input.flag("json")).toBe(true);
    expect(inputOf(intake, ["do it", "--repo", "tool"]).texts("criterion")).toBeUndefined();
  });

  it("distinguishes a given flag, an absent flag and a negated flag", () => {
    const line = ["/r", "--name", "tool"];
    expect(inputOf(repo.add, line).choice("allowWrites")).toBeUndefined();
    expect(inputOf(repo.add, [...line, "--allow-writes"]).choice("allowWrites")).toBe(true);
    expect(inputOf(repo.add, [...line, "--no-allow-writes"]).choice("allowWrites")).toBe(false);
  });

  it.each([
    [["do it", "--repo", "tool", "--frob"], /unknown option/],
    [["do it", "--repo"], /--repo/],
    [["do it", "more", "--repo", "tool"], /too many arguments/],
  ])("refuses %j as wrong usage", (line, words) => {
    expect(() => parseVerb(intake, { name: "intake", arguments: line })).toThrow(words);
  });

  it("has help with an example for every verb", async () => {
    for (const name of verbNames) {
      const row = findVerb(name.split(" "));
      const { verb } = (await row?.load()) ?? {};
      if (verb === undefined) throw new Error(`no verb ${name}`);
      const parsed = parseVerb(verb, { name, arguments: ["--help"] });
      if (parsed.kind !== "help") throw new Error(`no help for ${name}`);
      expect(parsed.text).toContain(`Usage: aedev ${name}`);
      expect(parsed.text).toMatch(/Examples:\n {2}\$ \S/);
      expect(verb.examples.every((example) => example.includes(`aedev `) && example.includes(name))).toBe(true);
    }
  });
});

describe("the source of a repository", () => {
  it("makes a repository's source absolute if it is a path, and leaves an address unchanged", () => {
    expect(sourceOf("https://example.org/tool.git")).toBe("https://example.org/tool.git");
    expect(sourceOf("git@example.org:tool.git")).toBe("git@example.org:tool.git");
    expect(sourceOf("./tool")).toBe(`${process.cwd()}/tool`);
    expect(sourceOf("tool")).toBe(`${process.cwd()}/tool`);
    expect(sourceOf("./a:b")).toBe(`${process.cwd()}/a:b`);
    expect(sourceOf("octo/hello.js")).toBe("octo/hello.js");
    for (const path of ["./octo/hello", "../octo", "octo/hello/", "octo/.hello", "a/b/c", "packages/cli"])
      expect(sourceOf(path)).toBe(resolve(path));
  });
});
