/** Who owns a path: GitHub's documented examples, what is not valid, and files that are made to take long. */
import { describe, expect, it } from "vitest";
import { ownersOf } from "../../src/github/code-owners.ts";

/** The example of GitHub's documentation, with an owner of its own for each pattern. */
const example = `# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat

docs/* @docs
apps/ @octocat
/docs/ @doctocat2
/scripts/ @doctocat @octocat
**/logs @logs
/apps/special/ @special
/apps/special/github
`;

const owned = (text: string, ...paths: string[]) => {
  const found = ownersOf(text, paths);
  return found === null ? null : [...found.users, ...found.teams];
};

describe("the owners of a path", () => {
  it.each([
    ["README.md", ["global-owner1", "global-owner2"]],
    ["deep/down/file", ["global-owner1", "global-owner2"]],
    ["src/a.js", ["js-owner"]],
    ["src/a.jsx", ["global-owner1", "global-owner2"]],
    ["a.go", []],
    ["notes/a.txt", ["octo-org/octocats"]],
    ["build/logs/today", ["logs"]],
    ["deeply/nested/logs", ["logs"]],
    ["deeply/nested/logs/x/y", ["logs"]],
    ["some/apps/x/y", ["octocat"]],
    ["apps/x", ["octocat"]],
    ["some/apps", ["global-owner1", "global-owner2"]],
    ["docs/x", ["doctocat2"]],
    ["docs/x/y", ["doctocat2"]],
    ["other/docs/x", ["global-owner1", "global-owner2"]],
    ["scripts/x", ["doctocat", "octocat"]],
    ["apps/special/other", ["special"]],
    ["apps/special/github", []],
    ["apps/special/github/x", []],
  ])("the owners of a path: %s", (path, expected) => {
    expect(owned(example, path)).toEqual(expected);
  });

  it.each([
    ["docs/*", ["docs/a"], ["docs/a/b", "x/docs/a"]],
    ["docs/**", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]],
    ["/docs/", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]],
    ["a/**/b", ["a/b", "a/x/b", "a/x/y/b", "a/x/b/c"], ["b", "x/a/b", "a/bb"]],
    ["name", ["name", "x/name", "x/name/y"], ["names", "x/aname"]],
    ["/name", ["name", "name/y"], ["x/name"]],
    ["a*b?c", ["abxc", "aXXbYc", "d/abxc"], ["abc", "ab/c", "abxcd"]],
    ["my\\ file", ["my file"], ["my", "my\\ file"]],
    ["a\\*b", ["a*b"], ["axb"]],
    ["README.md", ["README.md"], ["readme.md", "READMEXmd"]],
    ["*", ["a", "a/b"], []],
    ["**", ["a", "a/b"], []],
    ["{a,b}", ["{a,b}"], ["a"]],
    ["src/*/x", ["src/a/x", "src/a/x/y"], ["src/x", "src/a/b/x"]],
  ])("the pattern %s matches %j and not %j", (pattern, yes, no) => {
    for (const path of yes) expect([path, owned(`${pattern} @me`, path)]).toEqual([path, ["me"]]);
    for (const path of no) expect([path, owned(`${pattern} @me`, path)]).toEqual([path, []]);
  });

  it("the owners are those of the last matching line, even if it has none, and each is named once", () => {
    expect(owned("* @a\n/x @b\n", "x", "y")).toEqual(["b", "a"]);
    expect(owned("/x @b\n* @a\n", "x")).toEqual(["a"]);
    expect(owned("* @a\n/x\n", "x")).toEqual([]);
    expect(owned("* @Ann @ann @Org/Team @org/team\r\n", "x", "y")).toEqual(["ann", "org/team"]);
  });
});

describe("what can't be used of the file", () => {
  it("invalid lines and e-mail addresses in CODEOWNERS are left out and named", () => {
    const text = "* @a\n!x @b\n[ab] @b\n\\#x @b\nx b\nx @b/\nx @b\u0007\ny me@example.com @c\n";
    expect(owned(text, "x", "a", "#x")).toEqual(["a"]);
    expect(ownersOf(text, ["y"])).toEqual({
      users: ["c"],
      teams: [],
      ignored: [
        "me@example.com is an e-mail address",
        "line 2 begins with !",
        "line 3 has [ or ]",
        "line 4 begins with \\#",
        "3 more lines are not valid",
      ],
    });
  });

  it("CODEOWNERS can't put control characters into a note", () => {
    const [note = ""] = ownersOf("x \u202eevil\n", ["x"])?.ignored ?? [];
    expect(note).toMatch(/^line 1 names /);
    expect(note).not.toContain("\u202e");
  });

  it("matching takes a bounded time for any patterns, and says if that was not enough", () => {
    const stars = `${"*a".repeat(500)}b @me\n`.repeat(2_000);
    const deep = `${"**/a/".repeat(300)}b @me\n`.repeat(2_000);
    const path = `${"a/".repeat(500)}${"a".repeat(500)}`;
    const began = performance.now();
    expect(owned(stars, path)).toEqual([]);
    expect(owned(deep, path)).toEqual([]);
    const many = Array.from({ length: 300 }, (_, index) => `${"a".repeat(200)}${index}`);
    expect(ownersOf("a*a*b @me\n".repeat(100_000), many)).toBeNull();
    expect(ownersOf("* @me\n".repeat(300_000), ["x"])?.users).toEqual(["me"]);
    expect(performance.now() - began).toBeLessThan(20_000);
    const large = `${Array.from({ length: 5_000 }, (_, index) => `/folder-${index}/ @me`).join("\n")}\n`;
    const paths = Array.from({ length: 200 }, (_, index) => `other/${index}`);
    expect(ownersOf(large, paths)?.users).toEqual([]);
  });
});
