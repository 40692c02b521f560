/** Declarations that move to other files: each honest move beside changes that only look like one. */
import { describe, expect, it } from "vitest";
import { explainMoves } from "../../src/same/explain-moves.ts";

type Versions = readonly [path: string, before: string | null, after: string | null];
const explained = (...files: readonly Versions[]) =>
  explainMoves({
    files: files.map(([path, before, after]) => ({
      ...{ path, from: path, before, after, isTest: /^test|_test\.go$/u.test(path), isDocument: path.endsWith(".md") },
    })),
    goModule: "example.org/lists",
  });
const isExplained = (...files: readonly Versions[]) => {
  const { paths } = explained(...files);
  return files.every(([path]) => paths.includes(path));
};

describe("a function of JavaScript that moves with what it uses", () => {
  const helper = "const half = (n) => n / 2;\n";
  const middle = "function middle(a, b) {\n  const sum = a + b;\n  return half(sum);\n}\n";
  const last = "export function last(list) {\n  return middle(list[0], list.at(-1));\n}\n";
  const a: Versions = [
    "lib/a.js",
    `${helper}export ${middle}${last}`,
    `import { middle } from "./b.js";\nexport { middle };\n${last}`,
  ];
  const b: Versions = ["lib/b.js", null, `${helper}export ${middle}`];
  it("is explained, and its old file still gives it", () => {
    expect(explained(a, b)).toEqual({
      paths: ["lib/a.js", "lib/b.js"],
      moved: [
        { name: "half", from: "lib/a.js", isGone: false, isPublic: false },
        { name: "middle", from: "lib/a.js", isGone: false, isPublic: false },
      ],
      used: [],
    });
  });
  it("is explained if those who load it are adapted, and is then gone from its old file", () => {
    const user = (from: string): string =>
      `import { middle } from "./${from}.js";\nexport const three = () => middle(2, 4);\n`;
    const [, before = null] = a;
    const after = `import { middle } from "./b.js";\n${last}`;
    expect(
      explained(["lib/a.js", before, after], b, ["lib/c.js", user("a"), user("b")]).moved.filter(
        ({ isGone }) => isGone,
      ),
    ).toEqual([{ name: "middle", from: "lib/a.js", isGone: true, isPublic: true }]);
  });
  it("is explained in a namespace whose name is another", () => {
    const user = (from: string): string =>
      `import * as ${from} from "./${from}.js";\nexport const three = () => ${from}.middle(2, 4);\n`;
    const after = `import { middle } from "./b.js";\n${last}`;
    expect(isExplained(["lib/a.js", a[1], after], b, ["lib/c.js", user("a"), user("b")])).toBe(true);
  });
  const of = (change: (text: string) => string): Versions => [b[0], b[1], change(b[2] ?? "")];
  it.each<[why: string, Versions[]]>([
    ["its body differs", [a, of((text) => text.replace("a + b", "b - a"))]],
    ["what it uses differs", [a, of((text) => text.replace("n / 2", "n / 3"))]],
    [
      "a name means another function there",
      [a, of((text) => text.replace(helper, 'import { half } from "./half.js";\n'))],
    ],
    ["a name means something global there", [a, of((text) => text.replace(helper, ""))]],
    ["its parameters are swapped", [a, of((text) => text.replace("(a, b)", "(b, a)"))]],
    ["the old file gives another function", [[a[0], a[1], (a[2] ?? "").replace('"./b.js"', '"./c.js"')], b]],
    [
      "the old file gives another function of the new one",
      [
        [a[0], a[1], (a[2] ?? "").replace("{ middle } from", "{ half as middle } from")],
        of((text) => text.replace("const half", "export const half")),
      ],
    ],
    ["the new file also does something", [a, of((text) => `${text}start();\n`)]],
    ["the new file loads another package", [a, of((text) => `import "polyfill";\n${text}`)]],
    ["the other function of the file differs", [[a[0], a[1], (a[2] ?? "").replace("at(-1)", "at(-2)")], b]],
    [
      "the order of what runs differs",
      [
        ["lib/a.js", `one();\ntwo();\n${helper}export ${middle}`, `two();\none();\nexport { middle } from "./b.js";\n`],
        b,
      ],
    ],
    [
      "a text names it",
      [["lib/a.js", `${a[1]}export const name = "middle";\n`, `${a[2]}export const name = "middle";\n`], b],
    ],
    [
      "code looks names up",
      [
        [
          "lib/a.js",
          `${a[1]}export const f = (name) => eval(name);\n`,
          `${a[2]}export const f = (name) => eval(name);\n`,
        ],
        b,
      ],
    ],
    [
      "a package's function takes its place",
      [
        [
          "lib/a.js",
          `${helper}export ${middle}${last}`,
          `import { middle } from "middle";\nexport { middle };\n${last}`,
        ],
      ],
    ],
    [
      "both files wait for each other",
      [
        a,
        [
          "lib/b.js",
          null,
          `import { last } from "./a.js";\nexport const unused = () => last([1]);\n${helper}export ${middle}`,
        ],
      ],
    ],
  ])("is not explained if %s", (_, files) => {
    expect(isExplained(...files)).toBe(false);
  });
  it("is not explained if it reads a variable that its old file changes", () => {
    const old = (kind: string): string =>
      `${kind} count = 1;\nexport const read = () => count + 1;\nexport const other = () => count;\n`;
    const move = (text: string): Versions[] => [
      [
        "lib/a.js",
        text,
        text.replace("export const read = () => count + 1;\n", 'export { read } from "./b.js";\nexport { count };\n'),
      ],
      ["lib/b.js", null, 'import { count } from "./a.js";\nexport const read = () => count + 1;\n'],
    ];
    expect(isExplained(...move(`${old("let")}export const set = () => { count = 2; };\n`))).toBe(false);
  });
  it("is explained with `require`, and not if the file that it comes from is another", () => {
    const old =
      'const path = require("path");\nconst name = (file) => path.basename(file);\nconst show = (file) => name(file) + "!";\nmodule.exports = { name, show };\n';
    const now = (module: string): string =>
      `const { name } = require("${module}");\nconst show = (file) => name(file) + "!";\nmodule.exports = { name, show };\n`;
    const target: Versions = [
      "lib/names.js",
      null,
      'const path = require("path");\nconst name = (file) => path.basename(file);\nmodule.exports = { name };\n',
    ];
    expect(isExplained(["lib/a.js", old, now("./names")], target)).toBe(true);
    expect(isExplained(["lib/a.js", old, now("./name")], target)).toBe(false);
  });
});

describe("a function of Python that moves with what it uses", () => {
  const imports = "import os\nfrom .config import limit\n\n";
  const f = "def clean(path, most=limit):\n    base = os.path.basename(path)\n    return base[:most]\n";
  const g = "\n\ndef show(path):\n    return clean(path) + '!'\n";
  const a: Versions = ["shop/a.py", `${imports}\n${f}${g}`, `from .b import clean\nfrom .config import limit\n${g}`];
  const b: Versions = ["shop/b.py", null, `${imports}\n${f}`];
  const to = (text: string): Versions => ["shop/b.py", null, text];
  it("is explained, and says which names it uses", () => {
    expect(explained(a, b)).toEqual({
      paths: ["shop/a.py", "shop/b.py"],
      moved: [{ name: "clean", from: "shop/a.py", isGone: false, isPublic: false }],
      used: ["limit", "os"],
    });
  });
  it("is explained with the tests that load it from its new place", () => {
    const test = (from: string): string =>
      `from shop.${from} import clean\n\ndef test_clean():\n    assert clean("a/b") == "b"\n`;
    expect(isExplained(a, b, ["tests/test_a.py", test("a"), test("b")])).toBe(true);
    expect(isExplained(a, b, ["tests/test_a.py", test("a"), test("b").replace('== "b"', '!= "c"')])).toBe(false);
  });
  it.each<[why: string, Versions[]]>([
    ["its default comes from elsewhere", [a, to(`import os\nfrom .settings import limit\n\n${f}`)]],
    ["a module has its name there", [a, to(`import posix as os\nfrom .config import limit\n\n${f}`)]],
    [
      "its default is read before it is set",
      [
        ["shop/a.py", `import os\nlimit = 3\n\n${f}`, "from .b import clean, limit\n"],
        to(`import os\n\n${f}limit = 3\n`),
      ],
    ],
    ["it is called when the file is loaded", [a, to(`${imports}\n${f}clean("a")\n`)]],
    [
      "it is decorated",
      [
        ["shop/a.py", `${imports}\n@cached\n${f}`, "from .b import clean\nfrom .config import limit\n"],
        to(`${imports}\n@cached\n${f}`),
      ],
    ],
    [
      "it names its file",
      [
        ["shop/a.py", `${imports}\n${f}    return __name__\n`, "from .b import clean\nfrom .config import limit\n"],
        to(`${imports}\n${f}    return __name__\n`),
      ],
    ],
    [
      "a variable that it shares is set in its old file",
      [
        [
          "shop/a.py",
          "count = 0\n\ndef read():\n    return count\n\ndef add():\n    global count\n    count += 1\n",
          "from .b import read\ncount = 0\n\ndef add():\n    global count\n    count += 1\n",
        ],
        to("from .a import count\n\ndef read():\n    return count\n"),
      ],
    ],
    [
      "a test is named by its file",
      [
        [
          "tests/test_a.py",
          "def test_a():\n    assert 1\n\ndef test_b():\n    assert 2\n",
          "def test_b():\n    assert 2\n",
        ],
        ["tests/test_b.py", null, "def test_a():\n    assert 1\n"],
      ],
    ],
  ])("is not explained if %s", (_, files) => {
    expect(isExplained(...files)).toBe(false);
  });
});

describe("a function of Go that moves within its package", () => {
  const f = "func Clean(name string) string {\n\treturn strings.TrimSpace(name) + mark\n}\n";
  const rest = 'const mark = "!"\n\ntype List struct{}\n';
  const a: Versions = ["a.go", `package lists\n\nimport "strings"\n\n${f}\n${rest}`, `package lists\n\n${rest}`];
  const to = (text: string): Versions => ["b.go", "package lists\n", `package lists\n\n${text}`];
  it("is explained, also as a method", () => {
    expect(isExplained(a, to(`import "strings"\n\n${f}`))).toBe(true);
    const method = "func (l *List) Size() int { return 0 }\n";
    expect(isExplained(["a.go", `package lists\n\n${rest}${method}`, `package lists\n\n${rest}`], to(method))).toBe(
      true,
    );
  });
  it.each<[why: string, Versions[]]>([
    ["a package has another path there", [a, to(`import "example.org/strings"\n\n${f}`)]],
    ["it moves to another package", [a, ["other/b.go", null, `package other\n\nimport "strings"\n\n${f}`]]],
    [
      "a variable with a call moves",
      [["a.go", "package lists\n\nvar a = f()\nvar b = g()\n", "package lists\n\nvar b = g()\n"], to("var a = f()\n")],
    ],
    [
      "a function that runs at the start moves",
      [["a.go", "package lists\n\nfunc init() { f() }\n", "package lists\n"], to("func init() { f() }\n")],
    ],
  ])("is not explained if %s", (_, files) => {
    expect(isExplained(...files)).toBe(false);
  });
});

it("a change without a move is nobody's move", () => {
  expect(
    explained(["lib/a.js", "export const a = 1;\n", "export const a = 2;\n"], ["lib/b.js", "f();\n", "f();\n"]),
  ).toEqual({ paths: [], moved: [], used: [] });
});
