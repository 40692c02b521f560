/** Which changes are nothing but new names, paths and types, and which wrong changes only look so. */
import { describe, expect, it } from "vitest";
import { type ChangedSource, explainRenames } from "../../src/same/explain-renames.ts";

type Versions = readonly [path: string, before: string | null, after: string | null, from?: string];

function explained(...files: readonly Versions[]) {
  const sources = files.map(
    ([path, before, after, from = path]): ChangedSource => ({
      ...{ path, from, before, after, isTest: path.startsWith("test"), isDocument: path.endsWith(".md") },
    }),
  );
  return explainRenames({ files: sources, goModule: "example.org/lists" });
}
/** The kind of each explained file. */
const kindsOf = (...files: readonly Versions[]) =>
  Object.fromEntries(explained(...files).files.map(({ path, kind }) => [path, kind]));

const script = (name: string, body = "return a - b;") =>
  `function ${name}(a, b) { ${body} }\nmodule.exports = { ${name} };\n`;
const scriptTest = (name: string, claim = `assert.equal(${name}(2, 1), 1);`) =>
  `const { ${name} } = require("../lib/a.js");\ntest("${name} subtracts", () => { ${claim} });\n`;
const python = (name: string, body = "return a - b") => `def ${name}(a, b):\n    ${body}\n`;
const pythonTest = (name: string) =>
  `from lists.a import ${name}\n\ndef test_${name}():\n    assert ${name}(2, 1) == 1\n`;
const go = (name: string) => `package lists\n\nfunc ${name}(a, b int) int { return a - b }\n`;
const goTest = (name: string) =>
  `package lists_test\n\nimport "example.org/lists"\n\nfunc Test${name}(t *testing.T) { t.Run("${name} subtracts", func(t *testing.T) { want(t, lists.${name}(2, 1), 1) }) }\n`;

describe("new names", () => {
  it("explain a renamed function with its tests in JavaScript, Python and Go", () => {
    const found = explained(
      ["lib/a.js", script("cut"), script("part")],
      ["test/a.js", scriptTest("cut"), scriptTest("part")],
    );
    expect(found).toEqual({
      files: [
        { path: "lib/a.js", from: "lib/a.js", kind: "renamed", names: ["cut"] },
        { path: "test/a.js", from: "test/a.js", kind: "renamed", names: ["cut"] },
      ],
      shared: [{ from: "cut", to: "part", isPublic: true, path: "lib/a.js" }],
      names: [{ from: "cut", to: "part" }],
      titles: [{ from: '"cut subtracts"', to: '"part subtracts"' }],
    });
    expect(
      kindsOf(
        ["lists/a.py", python("cut"), python("part")],
        ["tests/test_a.py", pythonTest("cut"), pythonTest("part")],
      ),
    ).toEqual({ "lists/a.py": "renamed", "tests/test_a.py": "renamed" });
    expect(kindsOf(["a.go", go("Cut"), go("Part")], ["test/a_test.go", goTest("Cut"), goTest("Part")])).toEqual({
      "a.go": "renamed",
      "test/a_test.go": "renamed",
    });
  });

  it("explain a renamed file with the files that load it", () => {
    expect(
      kindsOf(
        ["lib/b.js", script("cut"), script("cut"), "lib/a.js"],
        ["lib/c.js", 'f(require("./a").cut(1));\n', 'f(require("./b").cut(1));\n'],
        ["test/a.js", scriptTest("cut"), scriptTest("cut").replace("lib/a.js", "lib/b")],
      ),
    ).toEqual({ "lib/b.js": "renamed", "lib/c.js": "renamed", "test/a.js": "renamed" });
    const load = (name: string) =>
      `from lists.${name} import cut\nfrom lists import ${name}\n\ncut(${name}.cut(1, 2), 3)\n`;
    expect(
      kindsOf(
        ["lists/parts.py", python("cut"), python("cut"), "lists/cuts.py"],
        ["lists/c.py", load("cuts"), load("parts")],
      ),
    ).toEqual({ "lists/parts.py": "renamed", "lists/c.py": "renamed" });
  });

  it("explain a local variable whose value keeps its key", () => {
    const of = (text: string) => `exports.sum = (all) => { ${text} };\n`;
    const before = of("const n = all.length; return { n };");
    expect(kindsOf(["a.js", before, of("const count = all.length; return { n: count };")])).toEqual({
      "a.js": "renamed",
    });
    expect(kindsOf(["a.js", before, of("const count = all.length; return { count };")])).toEqual({});
  });
});

describe("a wrong change in the guise of new names", () => {
  it.each<[why: string, one: Versions, other?: Versions]>([
    ["two arguments are swapped", ["lib/a.js", script("cut"), script("part", "return b - a;")]],
    ["two parameters are swapped", ["a.js", "exports.f = (a, b) => a - b;\n", "exports.f = (b, a) => a - b;\n"]],
    [
      "two parameters are swapped under new names",
      ["a.js", "exports.f = (a, b) => a - b * a;\n", "exports.f = (x, y) => x - y * y;\n"],
    ],
    [
      "a function of the language takes its place",
      [
        "a.js",
        "function floor(a) { return Math.floor(a); }\nfloor(1);\n",
        "function ceil(a) { return Math.ceil(a); }\nceil(1);\n",
      ],
    ],
    [
      "a function of a package takes its place",
      ["a.js", 'const { cut } = require("x");\ncut(1);\n', 'const { part } = require("x");\npart(1);\n'],
    ],
    [
      "a member of a package takes its place",
      ["a.py", "import x\n\ndef cut():\n    return x.cut()\n", "import x\n\ndef part():\n    return x.part()\n"],
    ],
    [
      "the new name has another meaning",
      ["a.js", "function cut() {}\nfunction part() {}\ncut();\n", "function part() {}\nfunction part() {}\npart();\n"],
    ],
    ["code looks for the old name", ["a.js", `${script("cut")}call("cut");\n`, `${script("part")}call("cut");\n`]],
    [
      "another file still uses the old name",
      ["lib/a.js", script("cut"), script("part")],
      ["lib/c.js", "f((a) => a.cut());\n", "f((a) => a.cut(1));\n"],
    ],
    ["a test loses an assertion", ["test/a.js", scriptTest("cut"), scriptTest("part", "")]],
    [
      "a test expects another result",
      ["test/a.js", scriptTest("cut"), scriptTest("part", "assert.equal(part(2, 1), 0);")],
    ],
    ["a key of data changes", ["a.js", "exports.f = () => ({ total: 1 });\n", "exports.f = () => ({ sum: 1 });\n"]],
    [
      "a fixture of Python gets another name",
      ["test/a.py", "def test_a(tmp_path):\n    use(tmp_path)\n", "def test_a(capsys):\n    use(capsys)\n"],
    ],
    [
      "a parameter of Python gets another name",
      ["a.py", "def cut(text):\n    return text\n", "def cut(value):\n    return value\n"],
    ],
    [
      "a method that a language looks for goes",
      ["a.js", "class A { toString() { return 1; } }\n", "class A { toText() { return 1; } }\n"],
    ],
    ["a file asks for its own place", ["lib/b.js", "exports.a = __dirname;\n", "exports.a = __dirname;\n", "lib/a.js"]],
    ["a file of Go is compiled elsewhere", ["a_windows.go", go("Cut"), go("Cut"), "a.go"]],
    [
      "a comment that acts has the old name",
      [
        "a.go",
        "package p\n\n//go:linkname cut x\nfunc cut() {}\n",
        "package p\n\n//go:linkname cut x\nfunc part() {}\n",
      ],
    ],
  ])("is not explained: %s", (_, one, other) => {
    expect(kindsOf(one, ...(other === undefined ? [] : [other]))).toEqual({});
  });
});

describe("types that nothing evaluates", () => {
  it("explain functions with decorators that read no types", () => {
    const body = (result: string) =>
      `class A:\n    @property\n    def f(self)${result}:\n        self.a = 1\n        return 1\n`;
    expect(kindsOf(["a.py", body(""), body(" -> int")])).toEqual({ "a.py": "types" });
  });

  it("explain a change of TypeScript and of Python", () => {
    const typed = "import type { A } from './a';\nexport const f = (a: A, b?: number): string => (a as B).c!;\n";
    expect(kindsOf(["a.ts", "export const f = (a, b) => (a).c;\n", typed])).toEqual({ "a.ts": "types" });
    expect(
      kindsOf([
        "a.py",
        "def f(a, b=1):\n    c = a\n    return c\n",
        "def f(a: int, b: int = 1) -> int:\n    c: int = a\n    return c\n",
      ]),
    ).toEqual({ "a.py": "types" });
  });

  it.each<[why: string, path: string, before: string, after: string]>([
    [
      "a default value changes",
      "a.ts",
      "export const f = (a, b = 1) => a;\n",
      "export const f = (a: A, b: number = 2) => a;\n",
    ],
    ["a decorator may read them", "a.ts", "class A { @inject() a(b) {} }\n", "class A { @inject() a(b: B) {} }\n"],
    [
      "a parameter becomes a field",
      "a.ts",
      "class A { constructor(a) {} }\n",
      "class A { constructor(public a: B) {} }\n",
    ],
    ["an enum is added", "a.ts", "f();\n", "enum A { B }\nf();\n"],
    ["a class of Python has fields by them", "a.py", "class A:\n    a = 1\n", "class A:\n    a: int = 1\n"],
    [
      "a decorator of Python may read them",
      "a.py",
      "@route\ndef f(a):\n    pass\n",
      "@route\ndef f(a: int):\n    pass\n",
    ],
  ])("don't explain it if %s", (_, ...file) => {
    expect(kindsOf(file)).toEqual({});
  });
});

describe("code that nothing names", () => {
  it("can go from JavaScript, Python and Go, with what only it loaded from packages", () => {
    const script = "export function keep() { return x(); }\n";
    expect(
      kindsOf([
        "a.js",
        `import { x, y } from "z";\n${script}function dead() { y(); }\n`,
        `import { x } from "z";\n${script}`,
      ]),
    ).toEqual({ "a.js": "unused" });
    const module = "def keep():\n    return 1\n";
    expect(kindsOf(["a.py", `import json\n\n${module}\ndef _dead():\n    return json\n`, module])).toEqual({
      "a.py": "unused",
    });
    const body = "func Keep() { fmt.Println() }\n";
    expect(
      kindsOf([
        "a.go",
        `package p\n\nimport (\n\t"fmt"\n\t"os"\n)\n\n${body}\nfunc dead() { os.Exit(1) }\n`,
        `package p\n\nimport (\n\t"fmt"\n)\n\n${body}`,
      ]),
    ).toEqual({ "a.go": "unused" });
  });

  it("is told apart from what code outside the repository may use", () => {
    const { shared } = explained(["a.ts", "const a = 1;\nexport const b = 2;\nf();\n", "f();\n"]);
    expect(shared).toEqual([
      { from: "a", to: "", isPublic: false, path: "a.ts" },
      { from: "b", to: "", isPublic: true, path: "a.ts" },
    ]);
  });

  it.each<[why: string, path: string, before: string, after: string]>([
    ["the rest calls it", "a.js", "f(() => dead());\nfunction dead() {}\n", "f(() => dead());\n"],
    ["a text has its name", "a.js", 'f(globalThis["dead"]);\nfunction dead() {}\n', 'f(globalThis["dead"]);\n'],
    ["it did something when it was loaded", "a.js", "f();\ng();\n", "f();\n"],
    ["its value was computed", "a.js", "f();\nconst dead = g();\n", "f();\n"],
    ["the rest changes too", "a.js", "f(1);\nfunction dead() {}\n", "f(2);\n"],
    ["the order changes", "a.js", "f();\ng();\nfunction dead() {}\n", "g();\nf();\n"],
    ["its base class may know it", "a.py", "class Dead(Base):\n    pass\n\nf()\n", "f()\n"],
    ["a decorator may know it", "a.py", "@known\ndef dead():\n    pass\n\nf()\n", "f()\n"],
    ["another file of the repository is no longer loaded", "a.js", 'import { a } from "./b.js";\nf();\n', "f();\n"],
    ["Go runs it by itself", "a.go", "package p\n\nfunc init() { f() }\n", "package p\n"],
    ["it is a test", "test/a.py", "def test_a():\n    pass\n\nf()\n", "f()\n"],
  ])("is not explained if %s", (_, ...file) => {
    expect(kindsOf(file)).toEqual({});
  });
});
