/** What is read of a refactoring besides its calls: names that others use and that are gone, and the functions that reach changed code. */
import { describe, expect, it } from "vitest";
import { readRefactoring } from "../../src/same/refactored.ts";

const fileOf = (path: string, before: string | null, after: string | null) => ({
  ...{ path, from: path, before, after, isTest: path.startsWith("test"), isDocument: path.endsWith(".md") },
});
const read = (...files: readonly [path: string, before: string | null, after: string | null][]) =>
  readRefactoring({ files: files.map((one) => fileOf(...one)) });

describe("names that other files use", () => {
  it.each([
    [
      "a helper is extracted",
      "a.js",
      "export function f(a) { return a * 2 + 1; }",
      "const twice = (a) => a * 2;\nexport function f(a) { return twice(a) + 1; }",
      [],
    ],
    [
      "an exported function is gone",
      "a.js",
      "export function f(a) { return a; }\nexport const g = 1;",
      "export const g = 1;",
      ["f"],
    ],
    [
      "a parameter is new",
      "a.js",
      "export function f(a) { return a; }",
      "export function f(a, b = 1) { return a * b; }",
      ["f"],
    ],
    ["a default is another", "a.py", "def f(a, b=1):\n    return a\n", "def f(a, b=2):\n    return a\n", ["f"]],
    [
      "a method has other parameters",
      "a.py",
      "class A:\n    def f(self, a):\n        return a\n",
      "class A:\n    def f(self):\n        return 1\n",
      ["A.f"],
    ],
    [
      "a private function is gone",
      "a.py",
      "def _f():\n    pass\ndef g():\n    return 1\n",
      "def g():\n    return 1\n",
      [],
    ],
    ["a function moved and is loaded again", "a.py", "def f(a):\n    return a\n", "from .b import f\n", []],
    ["module.exports loses a name", "a.js", "module.exports = { f, g };", "module.exports = { f };", ["g"]],
    ["exports.name is gone", "a.js", "exports.f = (a) => a;\nexports.g = 1;", "exports.g = 1;", ["f"]],
    [
      "an exported function of Go has another result",
      "a.go",
      "package a\nfunc F(a int) int { return a }\n",
      'package a\nfunc F(a int) string { return "" }\n',
      ["F"],
    ],
    [
      "a private function of Go is gone",
      "a.go",
      "package a\nfunc f() {}\nfunc G() {}\n",
      "package a\nfunc G() {}\n",
      [],
    ],
    [
      "a method of Go is gone",
      "a.go",
      "package a\ntype A struct{}\nfunc (a *A) F() {}\n",
      "package a\ntype A struct{}\n",
      ["A.F"],
    ],
    [
      "a default export is gone",
      "a.ts",
      "export default function (a: string) { return a; }",
      "export const f = 1;",
      ["default"],
    ],
  ])("are lost if %s: %s", (_, path, before, after, lost) => {
    const { gone = [], altered = [] } = read([path, before, after]) ?? {};
    expect([...gone, ...altered]).toEqual(lost);
  });
});

describe("changed code", () => {
  const before = "exports.f = (a) => a * 2 + 1;\nfunction g() { return 3; }\nexports.g = g;\n";
  it("is reached by itself and by the functions that mention it", () => {
    const after = `const twice = (a) => a * 2;\n${before.replace("a * 2 + 1", "twice(a) + 1")}`;
    expect(read(["a.js", before, after])?.changed).toEqual([
      { unit: "a.js twice", reached_by: ["a.js twice", "a.js f"] },
      { unit: "a.js f", reached_by: ["a.js f"] },
    ]);
  });
  it.each([
    ["const twice = (a) => a * 2;\nmodule.exports = (a) => twice(a) + 1;\n", "a.js module.exports"],
    ["function twice(a) { return a * 2; }\nmodule.exports = { twice, once: (a) => a };\n", "a.js twice"],
    ["const twice = (a) => a * 2;\nexport default function (a) { return twice(a); }\n", "a.js default"],
    ["const twice = (a) => a * 2;\nexport default function last(a) { return twice(a); }\n", "a.js default"],
    ["const twice = (a) => a * 2;\nexport default twice;\n", "a.js default"],
  ])("is reached under the name by which others call it: %j", (text, name) => {
    const found = read(["a.js", text, text.replace("a * 2", "2 * a")])?.changed.flatMap(({ reached_by }) => reached_by);
    expect(found).toContain(name);
  });
  it("is a method, and not its whole class", () => {
    const text = (body: string) =>
      `class A:\n    def f(self, a):\n        return ${body}\n    def g(self):\n        return 1\n`;
    expect(read(["a.py", text("a + 1"), text("1 + a")])?.changed).toEqual([
      { unit: "a.py A.f", reached_by: ["a.py A.f"] },
    ]);
  });
  it("is what uses a name that now comes from elsewhere", () => {
    const text = (module: string) =>
      `from .${module} import add\nfrom .c import other\ndef f(a):\n    return add(a)\ndef g():\n    return other()\n`;
    expect(read(["a.py", text("a1"), text("b1")])?.changed.map(({ unit }) => unit)).toEqual(["a.py f"]);
  });
  it("is nothing if only imports of a new file are added", () => {
    expect(read(["b.py", null, "def f(a):\n    return a\n"])?.changed.map(({ unit }) => unit)).toEqual(["b.py f"]);
  });
  it.each([
    ["a call at the top", "a.js", "f();\n", "g();\n"],
    ["an added call at the top", "a.js", "exports.a = 1;\n", "f();\nexports.a = 1;\n"],
    ["a removed call at the top", "a.js", "f();\nexports.a = 1;\n", "exports.a = 1;\n"],
    ["an import for its effects", "a.js", 'import "./a1";\n', 'import "./b1";\n'],
  ])("can't be shown by calls, so that only lost names count: %s", (_, path, old, young) => {
    expect(read([path, old, young], ["b.js", "exports.b = 1;\n", "exports.c = 1;\n"])).toEqual({
      gone: ["b"],
      altered: [],
      changed: [],
    });
  });
  it.each([
    ["a file of another language", "a.rb", "def f; end\n", "def f; 1; end\n"],
    ["a file that is no code", "a.json", "{}", "[]"],
    ["a text that can't be read", "a.js", "f(", "f(1"],
    [
      "a line end that the grammar reads otherwise",
      "a.js",
      "exports.a = 1; // b\r exports.c = 2;\n",
      "exports.a = 1;\n",
    ],
  ])("can't be read: %s", (_, path, old, young) => {
    expect(read([path, old, young])).toBeNull();
  });
  it("leaves out tests and documents", () => {
    expect(read(["test/a.js", "f();", "g();"], ["a.md", "a", "b"])).toEqual({ gone: [], altered: [], changed: [] });
  });
});
