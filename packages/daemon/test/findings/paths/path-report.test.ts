/** Each attack by name, mode or place is found, and an innocent change of the same shape is not. */
import type { ByteChange } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { added, changed, reportOf } from "../sample-change.ts";

const rules = (entries: { rule: string }[]) => entries.map((entry) => entry.rule);
const whys = (entries: { why: string }[]) => entries.map((entry) => entry.why).join("; ");

it("reports no path of an honest change", () => {
  const report = reportOf([
    changed("src/a.js"),
    added("src/new-file.js"),
    changed("src/old.js", { status: "deleted" }),
  ]);
  expect(report).toMatchObject({ forbidden: [], unsafe: [], never_by_itself: [] });
  expect(report.files).toHaveLength(3);
});

describe("forbidden", () => {
  it("forbids the policy's paths at any depth and in any case, also deleted ones", () => {
    for (const path of [
      ".env",
      "a/b/.ENV.local",
      ".env.d/x",
      "deep/Secrets/x.txt",
      "secrets/a/b",
      "x/KEY.PEM",
      "tls.key",
    ]) {
      expect(reportOf([added(path)]).forbidden, path).toHaveLength(1);
      expect(reportOf([changed(path, { status: "deleted" })]).forbidden, path).toHaveLength(1);
    }
    for (const path of ["src/env.js", "environment.js", "keys.js", "a/monkey", "src/secrets.js", "pem.js"])
      expect(reportOf([added(path)]).forbidden, path).toEqual([]);
  });
  it("finds a forbidden path under the names that forgiving file systems give it", () => {
    for (const path of [".e\u200cnv", ".env. ", ".ENV::$DATA", "a\n/.env", "ｓecrets/x"])
      expect(reportOf([added(path)]).forbidden, JSON.stringify(path)).toHaveLength(1);
  });
  it("forbids the old and the new name of a rename", () => {
    const from = [{ from: "secrets/a", to: "public/a", similarity: 100 }];
    expect(reportOf([added("public/a")], { renames: from }).forbidden).toEqual([
      { path: "secrets/a", rule: "secrets/**" },
    ]);
    const harmless = [{ from: "src/a.js", to: "src/b.js", similarity: 100 }];
    expect(reportOf([added("src/b.js")], { renames: harmless }).forbidden).toEqual([]);
  });
  it("forbids a submodule, a gitlink and anything named .git", () => {
    expect(rules(reportOf([added("vendor/x", "160000")]).forbidden)).toEqual(["submodule (gitlink)"]);
    expect(rules(reportOf([changed("x", { old_mode: "160000", status: "deleted" })]).forbidden)).toHaveLength(1);
    for (const path of [".git/config", "a/.GIT/x", "a/.g\u200dit/x", "GIT~1/x", ".git./x", ".git::$INDEX_ALLOCATION/x"])
      expect(rules(reportOf([added(path)]).forbidden), path).toContain(".git entry");
    for (const path of [".gitignore", "git/x", "a.git", "digit~1"])
      expect(reportOf([added(path)]).forbidden, path).toEqual([]);
  });
});

describe("unsafe", () => {
  it("a new name is unsafe if another system reads it differently", () => {
    const names = ["con.txt", "a/NUL", "com1", "a:b", "a?b", "a\\b", "dot.", "space ", "a/./b", "../x", "bell\u0007"];
    const unseen = [
      "tag\u{e0041}.js",
      "filler\u3164.js",
      "blank\u2800.js",
      "line\u2028.js",
      "aux .txt",
      "lpt\u00b9.log",
    ];
    for (const path of [
      ...names,
      ...unseen,
      "rtl\u202etxt.js",
      "zero\u200bwidth.js",
      "broken\ufffd.js",
      "x".repeat(256),
    ])
      expect(reportOf([added(path)]).unsafe, JSON.stringify(path)).not.toEqual([]);
    for (const path of [
      "console.txt",
      "com.js",
      "Ünïcödé.md",
      "日本語.txt",
      "a b.js",
      ".hidden",
      "a+b@c.js",
      "❤\ufe0f.md",
      "auxiliary.txt",
    ])
      expect(reportOf([added(path)]).unsafe, path).toEqual([]);
    expect(reportOf([changed("aux.js")]).unsafe, "the base's own name").toEqual([]);
  });
  it("a name in Latin-1 asks and is not unsafe, unless something else is wrong with it", () => {
    const asking = [{ path: "b\\xfccher/x.js", rule: "its name is not UTF-8; each \\x is one byte" }];
    for (const change of [added, changed])
      expect(reportOf([change("b\\xfccher/x.js")])).toMatchObject({
        forbidden: [],
        unsafe: [],
        never_by_itself: asking,
      });
    expect(reportOf([added("b\\x5cxfccher/x.js")])).toMatchObject({
      unsafe: [{ why: "invalid on Windows" }],
      never_by_itself: [],
    });
    expect(reportOf([added("b\\xfccher./x.js")]).unsafe).toHaveLength(1);
    expect(reportOf([added("b\\xfc/\\x5c.git/x")]).forbidden).toHaveLength(1);
    expect(reportOf([added("b\\xfccher/.env")]).forbidden).toHaveLength(1);
    expect(reportOf([added("b\\xfccher/x.js"), added("b\\xf6cher/x.js")]).unsafe).toEqual([]);
  });
  it("a file or folder is unsafe if another has the same name after case folding and composition", () => {
    expect(whys(reportOf([added("INDEX.js")]).unsafe)).toContain("index.js");
    expect(whys(reportOf([added("SRC/b.js")]).unsafe)).toContain("src");
    expect(reportOf([added("caf\u00e9.md"), added("cafe\u0301.md")]).unsafe).toHaveLength(2);
    expect(reportOf([added("src/A2.js")]).unsafe).toEqual([]);
    const renamed = [changed("index.js", { status: "deleted" }), added("Index.js")];
    expect(reportOf(renamed).unsafe, "a rename in case only").toEqual([]);
  });
  it("a mode that no file has is unsafe", () => {
    expect(whys(reportOf([changed("a.sh", { new_mode: "100664" })]).unsafe)).toBe("mode 100664");
    expect(reportOf([changed("a.sh", { new_mode: "100755" })]).unsafe).toEqual([]);
  });
  it("a symbolic link that leaves the tree on any way is unsafe", () => {
    const link = (target: string, others: [string, string][] = []) =>
      reportOf([added("src/link", "120000")], { linkTargets: new Map([["src/link", target], ...others]) }).unsafe;
    for (const target of ["/etc/passwd", "../../x", "a/../../../x", "C:\\x", "~/x", "..\\x", "../.git/config", ""])
      expect(link(target), target).toHaveLength(1);
    expect(link("../up/../secret", [["up", "deep/er"]])).toEqual([]);
    expect(link("hop/../../../x", [["src/hop", "../a/b/c/d"]]), "lexically out, really inside").toEqual([]);
    expect(link("../deep/down/../../x", [["deep/down", ".."]]), "lexically inside, really out").toHaveLength(1);
    expect(link("../out/passwd", [["out", "/etc"]])).toHaveLength(1);
    expect(whys(link("b", [["src/b", "link"]]))).toContain("loop");
    for (const target of ["a.js", "../index.js", "./a.js", "../../repo"].slice(0, 3))
      expect(link(target), target).toEqual([]);
    expect(whys(reportOf([added("l", "120000")]).unsafe)).toBe("link target unknown");
  });
});

describe("never automatically", () => {
  it("never merges T7's paths automatically, at any depth and in any case", () => {
    for (const path of ["CLAUDE.md", "a/claude.MD", ".github/workflows/ci.yml", "x/.claude/settings.json", ".npmrc"])
      expect(reportOf([changed(path)]).never_by_itself, path).not.toEqual([]);
    expect(reportOf([changed("README.md")]).never_by_itself).toEqual([]);
  });
  it("never merges a control file automatically", () => {
    expect(rules(reportOf([changed("sub/Makefile")]).never_by_itself)).toEqual(["control file Makefile"]);
    expect(reportOf([changed("src/make.js")]).never_by_itself).toEqual([]);
  });
  it("never merges a symlink, a new executable, a change of mode or a binary automatically", () => {
    const linkTargets = new Map([["l", "index.js"]]);
    expect(rules(reportOf([added("l", "120000")], { linkTargets }).never_by_itself)).toEqual(["new symlink"]);
    expect(rules(reportOf([added("x.sh", "100755")]).never_by_itself)).toEqual(["new executable"]);
    expect(rules(reportOf([changed("x.sh", { new_mode: "100755" })]).never_by_itself)).toEqual([
      "mode change 100644 to 100755",
    ]);
    expect(rules(reportOf([changed("x.png", { binary: true })]).never_by_itself)).toEqual(["binary"]);
    const pictures = new Set(["x.png"]);
    expect(reportOf([changed("x.png", { binary: true })], { pictures }).never_by_itself).toEqual([]);
    expect(reportOf([changed("x.js"), added("y.js")]).never_by_itself).toEqual([]);
  });
  it("never merges a key of package.json automatically, except dependencies and descriptions", () => {
    const report = (before: string | null, after: string | null) =>
      reportOf([changed("package.json")], { manifests: new Map([["package.json", { before, after }]]) })
        .never_by_itself;
    const base = '{"name": "x", "scripts": {"test": "node --test"}}';
    expect(rules(report(base, '{"name": "x", "scripts": {"test": "true"}}'))).toEqual(["package.json: scripts"]);
    expect(rules(report(base, '{"scripts": {"test": "node --test"}, "jest": {"bail": 1}}'))).toHaveLength(1);
    expect(rules(report(base, "{"))).toEqual(["package.json: (unreadable)"]);
    expect(report(base, '{"name": "x", "scripts": {"test": "node --test"}, "dependencies": {"a": "1"}}')).toEqual([]);
    for (const key of ["type", "version", "homepage", "keywords"])
      expect(rules(report(base, `{"${key}": "2", "name": "x", "scripts": {"test": "node --test"}}`))).toEqual([
        `package.json: ${key}`,
      ]);
    const released = '{"description": "y", "author": "z", "name": "x", "scripts": {"test": "node --test"}}';
    expect(report(base, released)).toEqual([]);
    expect(rules(report(base, released.replace("--test", "")))).toEqual(["package.json: scripts"]);
    expect(rules(reportOf([changed("package.json")]).never_by_itself)).toEqual(["package.json: (not compared)"]);
  });
});

it("asks about files outside the only registered folder, and about no others for this reason", () => {
  const files = [changed("packages/a/x.js"), added("packages/ab/y.js"), changed("z.js", { status: "deleted" })];
  expect(reportOf(files, { folder: "packages/a" }).never_by_itself).toEqual([
    { path: "packages/ab/y.js", rule: "outside of packages/a" },
    { path: "z.js", rule: "outside of packages/a" },
  ]);
  expect(reportOf(files).never_by_itself).toEqual([]);
});

it("keeps the byte changes that can hold if there are more than a report lists", () => {
  const change = (kind: ByteChange["kind"], index: number): ByteChange => ({
    ...{ path: `src/${index}.js`, kind, lines: 1, letters: 0, examples: [] },
  });
  const indented = Array.from({ length: 250 }, (_, index) => change("indentation", index));
  const kinds = (byteChanges: ByteChange[]) => [
    ...new Set(reportOf([changed("index.js")], { byteChanges }).byte_changes?.map(({ kind }) => kind)),
  ];
  expect(kinds([...indented, change("letters-destroyed", 250)])).toEqual(["letters-destroyed", "indentation"]);
  expect(kinds(indented)).toEqual(["indentation"]);
});
