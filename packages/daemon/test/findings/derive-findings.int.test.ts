/** Control's findings about code do not depend on its encoding. */
import type { ChangedFile } from "@aedev/contracts";
import { expect, it } from "vitest";
import { deriveFindings } from "../../src/findings/derive-findings.ts";
import { changed, shippedPolicy } from "./sample-change.ts";

const find = (path: string, bytes: Uint8Array, before: Uint8Array = Buffer.from("")) =>
  deriveFindings({
    change: {
      tree: "3".repeat(40),
      changed: [changed(path)],
      renames: [],
      linkTargets: new Map(),
      baseLinks: new Map(),
      oldBytes: () => before,
      newBytes: () => bytes,
      contentDigest: "c".repeat(64),
      basePaths: [path],
    },
    patch: Buffer.from(""),
    policy: shippedPolicy,
    tests: ["test/**"],
    readUnchanged: async () => new Map(),
  });
const sly = "let answer = 1;\nif (process.env.NODE_ENV === 'test') answer = 3;\n";
const honest = "let answer = 1;\nif (process.env.DEBUG) answer = 3;\n";

it("reads code in an old encoding like UTF-8, and reports code that is no text at all", async () => {
  for (const [mark, kinds] of [
    ["", ["input-special-cased", "surroundings-used"]],
    ["// caf\xe9\n", ["input-special-cased", "surroundings-used"]],
    ["// \0\n", ["parse-failed"]],
  ] as const) {
    const { testChanges } = await find("index.js", Buffer.from(mark + sly, "latin1"));
    expect(testChanges.code_findings.map(({ kind }) => kind)).toEqual(kinds);
  }
  for (const path of ["index.js", "logo.png"]) {
    const { testChanges } = await find(path, Buffer.from(`// caf\xe9\n${honest}`, "latin1"));
    expect(testChanges.code_findings).toEqual([]);
  }
  expect((await find("logo.png", Buffer.from("\0"))).testChanges.code_findings).toEqual([]);
});

it("asks about new code that the grammar can't read, whatever it hides", async () => {
  const hidden = "module.exports = (a) => { let n = 1;\nn /*\n*/ --> `\nif (process.env.CI) return a;\n// `\n};\n";
  const read = "module.exports = (a) => { let n = 1;\nn --\n};\n";
  const kindsOf = async (after: string, before?: string) => {
    const { testChanges } = await find(
      "index.js",
      Buffer.from(after),
      ...(before === undefined ? [] : [Buffer.from(before)]),
    );
    return testChanges.code_findings.map(({ kind }) => kind);
  };
  expect(await kindsOf(hidden)).toEqual(["parse-failed"]);
  expect(await kindsOf(read)).toEqual([]);
  expect(await kindsOf(`${hidden}// more\n`, hidden)).toEqual([]);
});

it("reads a test file of an old encoding by its tests", async () => {
  const text = (value: number) => `// caf\xe9\ntest('a', () => { expect(f()).toBe(${value}); });\n`;
  const { testChanges } = await find("test/a.js", Buffer.from(text(2), "latin1"), Buffer.from(text(1), "latin1"));
  expect(testChanges.files).toMatchObject([{ parser: "javascript", changed_tests: ["a"], findings: [] }]);
});

it("finds a secret in text of two bytes per character", async () => {
  const secret = ["AKIA", "Q3EGRWX4HZ7LM2NP"].join("");
  for (const encoding of ["utf8", "utf16le"] as const) {
    const { secretReport } = await find("settings.reg", Buffer.from(`\ufeffone=1\r\nkey="${secret}"\r\n`, encoding));
    expect(secretReport.findings, encoding).toMatchObject([{ path: "settings.reg", line: 2 }]);
    const plain = await find("settings.reg", Buffer.from('\ufeffone=1\r\nkey="two"\r\n', encoding));
    expect(plain.secretReport.findings, encoding).toEqual([]);
  }
});

it("asks about a change to a file that the build runs, but not about a file that it builds", async () => {
  const base: Readonly<Record<string, string>> = {
    "package.json": '{"scripts":{"build":"node scripts/bundle.mjs"}}',
    "scripts/bundle.mjs": 'import "./minify.mjs";',
    "scripts/minify.mjs": "",
    "scripts/release.mjs": "",
    "src/a.js": "",
  };
  const asked = async (path: string, build: string | null) => {
    const { pathReport } = await deriveFindings({
      change: {
        tree: "3".repeat(40),
        changed: [changed(path)],
        renames: [],
        linkTargets: new Map(),
        baseLinks: new Map(),
        oldBytes: () => Buffer.from(base[path] ?? ""),
        newBytes: () => Buffer.from("export {};"),
        contentDigest: "c".repeat(64),
        basePaths: Object.keys(base),
      },
      patch: Buffer.from(""),
      policy: shippedPolicy,
      tests: ["test/**"],
      build,
      readUnchanged: async (paths) => new Map(paths.map((one) => [one, Buffer.from(base[one] ?? "")])),
    });
    return pathReport.never_by_itself;
  };
  for (const path of ["scripts/bundle.mjs", "scripts/minify.mjs"])
    expect(await asked(path, "npm run build")).toEqual([{ path, rule: "part of the build" }]);
  for (const path of ["scripts/release.mjs", "src/a.js"]) expect(await asked(path, "npm run build")).toEqual([]);
  expect(await asked("scripts/bundle.mjs", null)).toEqual([]);
});

it("reads the type that a Go method compares where the package declares it", async () => {
  const text = (compared: string) => `package a\n\nfunc (p P) Equal(o P) bool { return ${compared} }\n`;
  const type = Buffer.from("package a\n\ntype P struct{ x, y int }\n");
  const asked = async (compared: string, beside: Readonly<Record<string, Uint8Array>>) => {
    const { testChanges } = await deriveFindings({
      change: {
        tree: "3".repeat(40),
        changed: [changed("a/p.go")],
        renames: [],
        linkTargets: new Map(),
        baseLinks: new Map(),
        oldBytes: () => Buffer.from("package a\n"),
        newBytes: () => Buffer.from(text(compared)),
        contentDigest: "c".repeat(64),
        basePaths: ["a/p.go", ...Object.keys(beside)],
      },
      patch: Buffer.from(""),
      policy: shippedPolicy,
      tests: ["test/**"],
      readUnchanged: async (paths) => new Map(paths.map((path) => [path, beside[path] ?? null])),
    });
    return testChanges.code_findings.map(({ kind, text: what }) => `${kind}: ${what}`);
  };
  const [both, one] = ["p.x == o.x && p.y == o.y", "p.x == o.x"];
  const asks = ["surroundings-used: Equal of P"];
  expect(await asked(both, { "a/type.go": type })).toEqual([]);
  expect(await asked(one, { "a/type.go": type })).toEqual(asks);
  for (const elsewhere of ["b/type.go", "a/type_test.go", "a/b/type.go", "a/type.txt"])
    expect(await asked(both, { [elsewhere]: type }), elsewhere).toEqual(asks);
  // The file is larger than what is read.
  const large = { "a/type.go": type, "a/data.go": Buffer.from(`package a\n//${" ".repeat(2 * 1024 * 1024)}`) };
  expect(await asked(both, large)).toEqual(asks);
});

it("asks about files to which links at instructions, settings and control files of the base lead", async () => {
  const asked = async (path: string) => {
    const { pathReport } = await deriveFindings({
      change: {
        tree: "3".repeat(40),
        changed: [changed(path)],
        renames: [],
        linkTargets: new Map(),
        baseLinks: new Map([
          ["AGENTS.md", ".ai/RULES.md"],
          [".github", "ci/github"],
          ["latest", "src/a.js"],
        ]),
        oldBytes: () => Buffer.from("1\n"),
        newBytes: () => Buffer.from("2\n"),
        contentDigest: "c".repeat(64),
        basePaths: [path],
      },
      patch: Buffer.from(""),
      policy: shippedPolicy,
      tests: ["test/**"],
      readUnchanged: async () => new Map(),
    });
    return pathReport.never_by_itself;
  };
  expect(await asked(".ai/RULES.md")).toEqual([{ path: ".ai/RULES.md", rule: "AGENTS.md leads to it" }]);
  expect(await asked("ci/github/workflows/a.yml")).toMatchObject([{ rule: ".github leads to it" }]);
  expect(await asked("src/a.js")).toEqual([]);
});

it("asks about every link on the way to instructions, settings and control files", async () => {
  const asked = async (path: string, links: [string, string][], status: ChangedFile["status"] = "deleted") => {
    const { pathReport } = await deriveFindings({
      change: {
        tree: "3".repeat(40),
        changed: [changed(path, { status })],
        renames: [],
        linkTargets: new Map(),
        baseLinks: new Map(links),
        oldBytes: () => Buffer.from("1\n"),
        newBytes: () => Buffer.from("2\n"),
        contentDigest: "c".repeat(64),
        basePaths: [path],
      },
      patch: Buffer.from(""),
      policy: shippedPolicy,
      tests: ["test/**"],
      readUnchanged: async () => new Map(),
    });
    return pathReport.never_by_itself.map(({ rule }) => rule);
  };
  const links: [string, string][] = [
    ["AGENTS.md", "docs/RULES.md"],
    ["docs/RULES.md", "RULES2.md"],
    [".aedev.yaml", "conf/a.yaml"],
    ["conf", "ci"],
    ["ci/a.yaml", "real.yaml"],
    [".github", "ci/github"],
    ["ci/github/a.yml", "../../shared/a.yml"],
    ["docs/latest", "v2"],
    ["pages", "docs"],
  ];
  for (const path of ["docs/RULES.md", "docs/RULES2.md"])
    expect(await asked(path, links), path).toEqual(["AGENTS.md leads to it"]);
  for (const path of ["conf", "ci/a.yaml", "ci/real.yaml"])
    expect(await asked(path, links), path).toContain(".aedev.yaml leads to it");
  expect(await asked("conf/a.yaml", links, "added")).toEqual([".aedev.yaml leads to it"]);
  for (const path of ["ci/github/a.yml", "shared/a.yml"])
    expect(await asked(path, links), path).toContain(".github leads to it");
  for (const path of ["docs/latest", "docs/v2", "pages", "docs/other.md", "shared/b.yml"])
    expect(await asked(path, links), path).toEqual([]);
  // Even if the way ends nowhere, its links are asked about.
  for (const target of ["AGENTS.md", "/etc/x", "../x"])
    expect(
      await asked("X.md", [
        ["AGENTS.md", "X.md"],
        ["X.md", target],
      ]),
      target,
    ).toEqual(["AGENTS.md leads to it"]);
});

it("reads the test files of every language, and data beside them", async () => {
  const rust = "#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 3);\n}\n";
  const files = {
    "test/a.go": ["package a\n", 'package a\n\nimport "testing"\n\nfunc TestB(t *testing.T) {\n\tt.Skip()\n}\n'],
    "test/a.rs": [rust, rust.replace("#[test]", "#[test]\n#[ignore]")],
    "test/a.rb": ["def test_a\n  assert true\nend\n", "def test_a\n  skip\n  assert true\nend\n"],
    "test/words.txt": ["a\n", "a\nb\n"],
    "test/a.kt": ["fun a() {}\n", "fun a() { b() }\n"],
  } as const;
  for (const [path, [before, after]] of Object.entries(files)) {
    const { testChanges } = await find(path, Buffer.from(after), Buffer.from(before));
    const kinds = testChanges.files.flatMap(({ findings }) => findings.map(({ kind }) => kind));
    expect({ path, kinds }).toEqual({ path, kinds: /[.](?:go|rs|rb)$/u.test(path) ? ["skip-added"] : [] });
  }
});
