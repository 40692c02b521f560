/** Changes that only look like new names, types or unused code, each beside the honest change of its form. */
import { describe, expect, it } from "vitest";
import { explainRenames } from "../../src/same/explain-renames.ts";

type Versions = readonly [path: string, before: string, after: string, from?: string];
type Change = Versions | readonly Versions[];

/** Whether each file of a change is explained. */
function isExplained(change: Change): boolean {
  const files = (typeof change[0] === "string" ? [change] : change) as readonly Versions[];
  const sources = files.map(([path, before, after, from = path]) => ({
    ...{ path, from, before, after, isTest: /^test|_test\.go$/u.test(path), isDocument: false },
  }));
  const found = explainRenames({ files: sources, goModule: "example.org/lists" });
  return files.every(([path]) => found.files.some((file) => file.path === path));
}

const renamed = (path: string, text: (name: string) => string, from: string, to: string): Versions => [
  path,
  text(from),
  text(to),
];

type Row = readonly [why: string, honest: Change, other: Change];

describe("types of Python", () => {
  const typed = (types: string, rest = "") => `def f(a${types}):\n    return a\n${rest}`;
  it.each<Row>([
    ["call a function", ["a.py", typed(""), typed(": dict[str, x.Y] | None")], ["a.py", typed(""), typed(": x()")]],
    [
      "bind a name",
      ["a.py", typed(": int"), typed(": 'Literal[-1, ...]'")],
      ["a.py", typed(": int"), typed(": (b := 1)")],
    ],
    [
      "are computed in a text",
      ["a.py", typed(": int"), typed(": list['A']")],
      ["a.py", typed(": int"), typed(": f'{x()}'")],
    ],
    [
      "carry what a framework runs",
      ["a.py", typed(": int"), typed(": Optional[int]")],
      ["a.py", typed(": int"), typed(": Annotated[int, check]")],
    ],
    [
      "are those of a function that is handed on",
      ["a.py", typed("", "f(1)\n"), typed(": int", "f(1)\n")],
      ["a.py", typed("", "run(f)\n"), typed(": int", "run(f)\n")],
    ],
    [
      "are those of a method whose class is handed on",
      ["a.py", "class A:\n    def f(self, a): pass\nA()\n", "class A:\n    def f(self, a: int): pass\nA()\n"],
      ["a.py", "class A:\n    def f(self, a): pass\nadd(A)\n", "class A:\n    def f(self, a: int): pass\nadd(A)\n"],
    ],
    [
      "are those of a class whose base may read them",
      ["a.py", "class A(object):\n    def f(self, a): pass\n", "class A(object):\n    def f(self, a: int): pass\n"],
      ["a.py", "class A(Model):\n    def f(self, a): pass\n", "class A(Model):\n    def f(self, a: int): pass\n"],
    ],
    [
      "have a decorator that only looks like one of the language",
      [
        "a.py",
        "class A:\n    @a.setter\n    def a(self, b): pass\n",
        "class A:\n    @a.setter\n    def a(self, b: int): pass\n",
      ],
      ["a.py", `@rpc.setter\n${typed("")}`, `@rpc.setter\n${typed(": int")}`],
    ],
    [
      "tell what makes the objects of a class what to give them",
      ["a.py", "class A:\n    def __init__(self, a): pass\n", "class A:\n    def __init__(self, a: int): pass\n"],
      ["a.py", "class A:\n    def __init__(self, a): pass\n", "class A:\n    def __init__(self, a: Mailer): pass\n"],
    ],
    [
      "are read by the file",
      ["a.py", typed("", "x.__doc__\n"), typed(": int", "x.__doc__\n")],
      ["a.py", typed("", "x.__annotations__\n"), typed(": int", "x.__annotations__\n")],
    ],
    [
      "stand in the body of a class, where they are data",
      ["a.py", "def f():\n    a = 1\n", "def f():\n    a: int = 1\n"],
      ["a.py", "class A:\n    a: int\n    b: int\n", "class A:\n    b: int\n    a: int\n"],
    ],
    [
      "make a global name local",
      ["a.py", "def f():\n    a = 1\n", "def f():\n    a: int = 1\n"],
      ["a.py", "def f():\n    global a\n    a = 1\n", "def f():\n    global a\n    a: int = 1\n"],
    ],
  ])("don't explain a change if they %s", (_, honest, other) => {
    expect([isExplained(honest), isExplained(other)]).toEqual([true, false]);
  });
});

describe("types of TypeScript", () => {
  it.each<Row>([
    [
      "tell a call what to generate",
      ["a.ts", "export const m = new Map();\n", "export const m = new Map<string, number>();\n"],
      ["a.ts", "export const p = defineProps<{ a: A }>();\n", "export const p = defineProps<any>();\n"],
    ],
    [
      "change inside what a call generates",
      ["a.ts", "export const m = new Map<A, { a: B }>();\n", "export const m = new Map<A>();\n"],
      ["a.ts", "export const p = defineProps<{ a: A }>();\n", "export const p = defineProps<{ a?: A; b: B }>();\n"],
    ],
    [
      "are what a test tests",
      ["a.ts", "const a = f();\n", "const a: A = f();\n"],
      ["test/a.ts", "const a = f();\n", "const a: A = f();\n"],
    ],
    [
      "are a namespace",
      ["a.ts", "f();\n", "interface A {}\nf();\n"],
      ["a.ts", "f();\n", "namespace A { g(); }\nf();\n"],
    ],
    [
      "take the place of a value",
      ["a.ts", "const a = { b: 1 };\nf(a);\n", "const a = { b: 1 } as const satisfies B;\nf(a);\n"],
      ["a.ts", "const a = 1;\nf(a);\n", "declare const a: number;\nf(a);\n"],
    ],
  ])("don't explain a change if they %s", (_, honest, other) => {
    expect([isExplained(honest), isExplained(other)]).toEqual([true, false]);
  });
});

describe("a new name", () => {
  const load = (module: string) => (name: string) => `import { ${name} } from "${module}";\nf(() => ${name}());\n`;
  const own = renamed("lib/b.js", (name) => `export function ${name}() {}\n`, "cut", "part");
  const python = (name: string) => `def ${name}():\n    pass\n`;
  const method = (name: string) => `class A {\n  ${name}() {}\n}\nexports.A = A;\n`;
  const call = (object: string) => (name: string) => `${script(name)}exports.g = (a) => ${object}${name}();\n`;
  const script = (name: string) => `function ${name}() {}\nexports.${name} = ${name};\n`;
  const based = (base: string) => (name: string) => `class ${name}${base} {}\nf(${name});\nexports.a = 1;\n`;
  const go = (name: string) => `package p\n\ntype a struct{}\n\nfunc (b a) ${name}() {}\n`;
  it.each<Row>([
    [
      "is one of a module that did not change",
      [own, renamed("lib/a.js", load("./b.js"), "cut", "part")],
      renamed("lib/a.js", load("./generated/b.js"), "cut", "part"),
    ],
    [
      "is declared by another file than the one that it is loaded from",
      [own, renamed("lib/a.js", load("./b"), "cut", "part")],
      [own, renamed("lib/a.js", load("./c"), "cut", "part")],
    ],
    [
      "is passed on from a file that did not change",
      [own, renamed("lib/a.js", (name) => `export { ${name} } from "./b.js";\n`, "cut", "part")],
      renamed("lib/a.js", (name) => `export { ${name} } from "./c.js";\n`, "cut", "part"),
    ],
    [
      "is one of a module of Python that did not change",
      [renamed("b.py", python, "cut", "part"), renamed("a.py", (name) => `from .b import ${name}\n`, "cut", "part")],
      renamed("a.py", (name) => `from .b import ${name}\n`, "cut", "part"),
    ],
    [
      "is a variable and a member that the change does not declare",
      renamed("a.js", (name) => `exports.f = (a) => { const ${name} = a[0]; return ${name}; };\n`, "gross", "net"),
      renamed("a.js", (name) => `exports.f = (a) => { const ${name} = a.${name}; return ${name}; };\n`, "gross", "net"),
    ],
    [
      "is a variable and a member of Python that the change does not declare",
      renamed("a.py", (name) => `def f(a):\n    ${name} = a[0]\n    return ${name}\n`, "is_staff", "is_active"),
      renamed("a.py", (name) => `def f(a):\n    ${name} = a.b.${name}\n    return ${name}\n`, "is_staff", "is_active"),
    ],
    [
      "is a variable and a field of Go",
      renamed("a.go", (name) => `package p\n\nfunc f(a b) int { ${name} := a[0]; return ${name} }\n`, "gross", "net"),
      renamed(
        "a.go",
        (name) => `package p\n\nfunc f(a b) int { ${name} := a.${name}; return ${name} }\n`,
        "gross",
        "net",
      ),
    ],
    [
      "is a function and a member of an object that may be anything",
      renamed("a.js", call(""), "enqueue", "submitJob"),
      renamed("a.js", call("a."), "enqueue", "submitJob"),
    ],
    [
      "is a method, which whoever gets the object may call",
      renamed("a.js", script, "enqueue", "submitJob"),
      renamed("a.js", method, "enqueue", "submitJob"),
    ],
    [
      "is a method of Python, which a base class may call",
      renamed("a.py", python, "_deny", "_permit"),
      renamed("a.py", (name) => `class A(B):\n    def ${name}(self): pass\n`, "_deny", "_permit"),
    ],
    [
      "is one of a class whose base may read it",
      renamed("a.js", based(""), "Users", "People"),
      renamed("a.js", based(" extends Model"), "Users", "People"),
    ],
    [
      "is one of a class of Python whose base may read it",
      renamed("a.py", (name) => `class ${name}:\n    pass\n`, "_User", "_Person"),
      renamed("a.py", (name) => `class ${name}(Base):\n    pass\n`, "_User", "_Person"),
    ],
    [
      "is given to other files but declared nowhere",
      renamed("a.js", (name) => `const ${name} = 1;\nmodule.exports = { ${name} };\n`, "cut", "part"),
      renamed("a.js", (name) => `module.exports = { ${name} };\n`, "cut", "part"),
    ],
    [
      "is a method of Go that other packages may look for",
      renamed("a.go", go, "enqueue", "submitJob"),
      renamed("a.go", go, "Hijack", "TakeOver"),
    ],
    [
      "is one that a decorator reads",
      renamed("a.py", (name) => `@cached\n${python("g")}\n\n${python(name)}`, "cut", "part"),
      renamed("a.py", (name) => `@command\n${python(name)}`, "cut", "part"),
    ],
    [
      "is one that the file may look up",
      renamed("a.py", (name) => `def f():\n    ${name} = 1\n    return g(${name})\n`, "title", "label"),
      renamed("a.py", (name) => `def f():\n    ${name} = 1\n    return g(${name}, locals())\n`, "title", "label"),
    ],
    [
      "is one that the file may look up in parts",
      renamed("a.py", (name) => `${python(name)}getattr(x, "b")\n`, "_deny", "_permit"),
      renamed("a.py", (name) => `${python(name)}getattr(x, "_" + b)\n`, "_deny", "_permit"),
    ],
    [
      "is one that a text of code has",
      renamed("a.js", (name) => `exports.f = () => { const ${name} = 1; return g("cap + 1"); };\n`, "limit", "bound"),
      renamed(
        "a.js",
        (name) => `exports.f = () => { const ${name} = 1; return eval("cap + 1"); };\n`,
        "limit",
        "bound",
      ),
    ],
    [
      "is a key of a pattern",
      renamed(
        "a.py",
        (name) => `def f(p):\n    ${name} = 1\n    match p:\n        case P(a=q):\n            return ${name}\n`,
        "x",
        "y",
      ),
      renamed(
        "a.py",
        (name) => `def f(p):\n    ${name} = 1\n    match p:\n        case P(${name}=q):\n            return q\n`,
        "x",
        "y",
      ),
    ],
    [
      "is a member in a pattern",
      renamed("a.py", (name) => `def f(p):\n    ${name} = 1\n    return ${name}\n`, "red", "blue"),
      renamed(
        "a.py",
        (name) => `def f(p):\n    ${name} = 1\n    match p:\n        case C.${name}:\n            return ${name}\n`,
        "red",
        "blue",
      ),
    ],
    [
      "is a parameter that a caller may name",
      renamed("a.js", (name) => `exports.f = (${name}) => ${name} + 1;\n`, "size", "count"),
      renamed("a.py", (name) => `f = lambda ${name}: ${name}\nf(size=1)\n`, "size", "count"),
    ],
  ])("is not explained if it %s", (_, honest, other) => {
    expect([isExplained(honest), isExplained(other)]).toEqual([true, false]);
  });

  it("is shared if a script without modules declares it, since a page may use it", () => {
    const sharedBy = (rest: string) => {
      const [path, before, after] = renamed("a.js", (name) => `function ${name}() {}\n${rest}`, "save", "store");
      const file = { path, from: path, before, after, isTest: false, isDocument: false };
      return explainRenames({ files: [file], goModule: null }).shared.map(({ from }) => from);
    };
    expect([sharedBy(""), sharedBy("exports.a = 1;\n")]).toEqual([["save"], []]);
  });
});

describe("a test", () => {
  const go = (name: string) => `package p\n\nfunc ${name}(t *testing.T) { t.Fatal() }\n`;
  const python = (name: string) => `def ${name}():\n    assert f() == 1\n`;
  const titled = (call: string) => `it("refuses", () => { g(${call}); });\n`;
  const script = 'it("a", () => { f(); });\n';
  it.each<Row>([
    [
      "gets another value from a function that is called as runners call tests",
      ["test/a.js", titled("1"), titled("1").replace("refuses", "holds")],
      ["test/a.js", titled('mail.test("bad@")'), titled('mail.test("bad")')],
    ],
    [
      "runs another command of Go",
      [
        "a_test.go",
        'package p\n\nfunc TestA(t *testing.T) { t.Run("a", func(t *testing.T) { f() }) }\n',
        'package p\n\nfunc TestA(t *testing.T) { t.Run("b", func(t *testing.T) { f() }) }\n',
      ],
      [
        "a_test.go",
        'package p\n\nfunc TestA(t *testing.T) { f(cli.Run("delete")) }\n',
        'package p\n\nfunc TestA(t *testing.T) { f(cli.Run("nothing")) }\n',
      ],
    ],
    [
      "gets the title of another",
      ["test/a.js", `${script}it("b", () => { g(); });\n`, `${script}it("c", () => { g(); });\n`],
      ["test/a.js", `${script}it("b", () => { g(); });\n`, 'it("b", () => { f(); });\nit("a", () => { g(); });\n'],
    ],
    [
      "gets a name that its runner does not look for",
      renamed("test/a.py", python, "test_cut", "test_part"),
      renamed("test/a.py", python, "test_cut", "check_cut"),
    ],
    [
      "gets a name that Go does not look for",
      renamed("a_test.go", go, "TestCut", "TestPart"),
      renamed("a_test.go", go, "TestCut", "Testcut"),
    ],
    [
      "moves to a file that its runner does not look for",
      ["tests/test_b.py", python("test_a"), python("test_a"), "tests/test_a.py"],
      ["tests/helpers_a.py", python("test_a"), python("test_a"), "tests/test_a.py"],
    ],
    [
      "moves to a file of another kind",
      ["test/b.test.js", script, script, "test/a.test.js"],
      ["test/a.helper.js", script, script, "test/a.test.js"],
    ],
  ])("does not stay the same if it %s", (_, honest, other) => {
    expect([isExplained(honest), isExplained(other)]).toEqual([true, false]);
  });
});

describe("unused code", () => {
  const keep = "def keep():\n    return 1\n";
  const removed = (path: string, text: string, rest: string): Versions => [path, `${text}${rest}`, rest];
  it.each<Row>([
    [
      "did something when a default was computed",
      removed("a.py", "def _dead(a=None, b=-1):\n    pass\n\n", keep),
      removed("a.py", "def _dead(a=register()):\n    pass\n\n", keep),
    ],
    [
      "did something when a type was computed",
      removed("a.py", "class _Dead:\n    def f(self, a: int): pass\n\n", keep),
      removed("a.py", "class _Dead:\n    def f(self, a: register()): pass\n\n", keep),
    ],
    [
      "did something when a key was computed",
      removed("a.js", 'class Dead { ["a"]() {} }\n', "exports.f = 1;\n"),
      removed("a.js", "class Dead { [register()]() {} }\n", "exports.f = 1;\n"),
    ],
    [
      "loaded a package that may act",
      removed("a.js", 'import { join } from "node:path";\n', "f();\n"),
      removed("a.js", 'import { x } from "polyfill";\n', "f();\n"),
    ],
    [
      "loaded a file of the repository",
      removed("a.py", "import json\n\n", keep),
      removed("a.py", "import app.models\n\n", keep),
    ],
    [
      "loaded a package of Go that may act",
      ["a.go", 'package p\n\nimport "os"\n\nfunc Keep() {}\n', "package p\n\nfunc Keep() {}\n"],
      ["a.go", 'package p\n\nimport "github.com/lib/pq"\n\nfunc Keep() {}\n', "package p\n\nfunc Keep() {}\n"],
    ],
    [
      "may be looked up by a computed name",
      removed("a.py", "def _on_delete():\n    pass\n\n", "def run(a):\n    return f(a)\n"),
      removed("a.py", "def _on_delete():\n    pass\n\n", "def run(a):\n    return globals()['_on_' + a]()\n"),
    ],
  ])("is not explained if it %s", (_, honest, other) => {
    expect([isExplained(honest), isExplained(other)]).toEqual([true, false]);
  });
});

describe("a moved file", () => {
  const moved = (path: string, from: string, text = "exports.a = 1;\n"): Versions => [path, text, text, from];
  const loader = (old: string, young: string): Versions => [
    "lib/c.js",
    `f(require("${old}"));\n`,
    `f(require("${young}"));\n`,
  ];
  const loads = (name: string) => `from lib import ${name}\n\nf(${name})\n`;
  const python = (from: string, to: string, text = "def f():\n    return 1\n"): Versions[] => [
    [`lib/${to}.py`, text, text, `lib/${from}.py`],
    ["lib/c.py", loads(from), loads(to)],
  ];
  const goFile = (text: string): Versions => moved("z.go", "a.go", `package p\n\n${text}\n`);
  it.each<Row>([
    [
      "is found by its folder, because no code loads it",
      [moved("pages/open.js", "pages/admin.js"), loader("../pages/admin", "../pages/open")],
      moved("pages/open.js", "pages/admin.js"),
    ],
    [
      "is loaded by a test only",
      [moved("lib/b.js", "lib/a.js"), loader("./a", "./b")],
      [moved("lib/b.js", "lib/a.js"), ["test/a.js", 'f(require("../lib/a"));\n', 'f(require("../lib/b"));\n']],
    ],
    [
      "has a text with a path that starts in its folder",
      [moved("lib/sub/b.js", "lib/b.js", 'exports.a = "w.js";\n'), loader("./b", "./sub/b")],
      [moved("lib/sub/b.js", "lib/b.js", 'exports.a = new Worker("./w.js");\n'), loader("./b", "./sub/b")],
    ],
    ["takes the place of a module of Python", python("cuts", "parts"), python("cuts", "random")],
    ["changes the order in which Go sets variables", goFile("func f() {}"), goFile("func init() { f() }")],
  ])("is not explained if it %s", (_, honest, other) => {
    expect([isExplained(honest), isExplained(other)]).toEqual([true, false]);
  });
});
