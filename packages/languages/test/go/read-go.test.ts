import { existsSync, globSync, readFileSync } from "node:fs";
import { goDefined, goDefinitionsIn, goSpecs, goUsedIn } from "@aedev/languages/go/go-syntax";
import { parseText } from "@aedev/languages/tree/grammars";
import { fieldOf, partsIn, partsOf, printSyntax, textOf } from "@aedev/languages/tree/print-syntax";
import { type SyntaxNode, type SyntaxTree, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { describe, expect, it } from "vitest";

const readGo = (text: string) => readSyntax(text, "a.go");
const inFunction = (body: string) => readGo(`package p\n\nfunc f() {\n${body}\n}\n`);
const statementsOf = ({ root }: SyntaxTree) => partsOf(fieldOf(root.children.at(-1), "body"));
const textsOf = (tree: SyntaxTree, nodes = statementsOf(tree)) => nodes.map((node) => textOf(node));
const find = (node: SyntaxNode, name: string): SyntaxNode[] => [
  ...(node.name === name ? [node] : []),
  ...node.children.flatMap((child) => find(child, name)),
];

/** The expression with brackets around each binary operation. */
function bracketed(tree: SyntaxTree, node: SyntaxNode): string {
  const [left, sign, right] = ["left", "operator", "right"].map((field) => fieldOf(node, field));
  if (node.name !== "binary_expression" || !left || !sign || !right) return textOf(node);
  return `(${bracketed(tree, left)} ${textOf(sign)} ${bracketed(tree, right)})`;
}

it.each([
  ["a || b && c == d", "(a || (b && (c == d)))"],
  ["a + f(b) * c < d && !e", "(((a + (f(b) * c)) < d) && !e)"],
  ["a - b - c", "((a - b) - c)"],
  ["a<<1 | b&c", "((a << 1) | (b & c))"],
])("groups %s as Go's compiler does", (text, expected) => {
  const tree = inFunction(`\tx := ${text}`);
  const [value] = statementsOf(tree).flatMap((statement) => partsIn(statement, "right"));
  expect(value && bracketed(tree, value)).toBe(expected);
});

it.each([
  ["a space", "for range x {\n\t}"],
  ["a tab", "for\trange x {\n\t}"],
  ["a line end", "for\n\trange x {\n\t}"],
  ["a comment", "for /* each */ range x {\n\t}"],
  ["a comment at a line's end", "for // each\n\trange x {\n\t}"],
])("reads a Go loop without variables, with %s after `for`", (_name, loop) => {
  const tree = inFunction(`\t${loop}\n\tb := 1`);
  expect(tree.errors).toEqual([]);
  expect(textsOf(tree)).toEqual([loop, "b := 1"]);
  const [clause] = find(tree.root, "range_clause");
  expect(textsOf(tree, partsIn(clause, "right"))).toEqual(["x"]);
  expect(partsIn(clause, "left")).toEqual([]);
});

it.each(['"for range x"', "`for range x`", "`\\`", '"\\""', "'\"'", "'\\''", '"/* a"', "`/* a`", '"//"'])(
  "reads %s as one Go literal",
  (text) => {
    const tree = inFunction(`\ta := ${text}\n\tb := '*' /* c */`);
    expect(tree.errors).toEqual([]);
    expect(textsOf(tree)).toEqual([`a := ${text}`, "b := '*'"]);
  },
);

it.each<[string, string[]]>([
  ["\ta := x /* one */\n\tb := 1", ["a := x", "b := 1"]],
  ["\ta := x /* one\n\ttwo */\n\tb := 1", ["a := x", "b := 1"]],
  ["\ta := x\n\t/* one\n\ttwo */ b := 1", ["a := x", "b := 1"]],
  ["\ta := x // for range y {\n\tb := 1", ["a := x", "b := 1"]],
  ["\ta := x // one /*\n\tb := 1 // */", ["a := x", "b := 1"]],
])("ends statements at comments as Go's compiler does: %j", (body, expected) => {
  const tree = inFunction(body);
  expect(tree.errors).toEqual([]);
  expect(textsOf(tree)).toEqual(expected);
});

it("reports an error if only a comment over several lines ends a Go statement", () => {
  expect(inFunction("\ta := x /* one\n\ttwo */ (f)()").errors).toHaveLength(1);
  expect(inFunction("\ta := x /* one two */ (f)()").errors).toEqual([]);
});

it.each(["const true = 1 > 2", "var nil = 3", "func false() {}", "func f(nil int) {}", "func f() { a, true := 1, 2 }"])(
  "reports an error if a Go file redefines a predeclared name: %s",
  (text) => {
    expect(readGo(`package p\n\n${text}\n`).errors).not.toEqual([]);
    expect(readGo(`package p\n\n${text.replace(/true|false|nil/u, "other")}\n`).errors).toEqual([]);
    expect(inFunction("\ta := true == nil").errors).toEqual([]);
  },
);

it("a Go field may have the name of a predeclared constant", () => {
  expect(readGo("package p\n\ntype T struct{ true, false int }\n").errors).toEqual([]);
});

it.each([
  ["f[T](x)", "f[T]", "(x)"],
  ["a.f[b.T](x)", "a.f[b.T]", "(x)"],
  ["handlers[key]( /* c */ x)", "handlers[key]", "( /* c */ x)"],
  ["(a.f[*T])(x,)", "(a.f[*T])", "(x,)"],
  ["f[T, U](x)", "f[T, U]", "(x)"],
  ["f[T](x, y)", "f[T]", "(x, y)"],
])("reads %s as a call of Go", (text, callee, list) => {
  const tree = inFunction(`\t${text}`);
  const [call] = find(tree.root, "call_expression");
  expect(textsOf(tree, [...partsIn(call, "function"), ...partsIn(call, "arguments")])).toEqual([callee, list]);
  expect(partsIn(call, "function")[0]?.name).toMatch(/^(?:index|parenthesized)_expression$/u);
  expect(find(tree.root, "type_conversion_expression")).toEqual([]);
});

it("reads a plain Go conversion as one, and `*T(x)` as a dereference", () => {
  const tree = inFunction("\ta := []byte(x)\n\tb := *[]byte(y)\n\tc := *f[T](z)");
  expect(textsOf(tree, find(tree.root, "type_conversion_expression"))).toEqual(["[]byte(x)", "[]byte(y)"]);
  expect(textsOf(tree, find(tree.root, "unary_expression"))).toEqual(["*[]byte(y)", "*f[T](z)"]);
  expect(textsOf(tree, find(tree.root, "call_expression"))).toEqual(["f[T](z)"]);
});

it("reads a generic function of a Go package like any other member", () => {
  const tree = inFunction("\ta := reflect.TypeAssert[time.Time](b)\n\tc := pkg.New[T, *U]");
  const members = find(tree.root, "selector_expression");
  expect(textsOf(tree, members)).toEqual(["reflect.TypeAssert", "time.Time", "pkg.New"]);
  expect(members.map((one) => textsOf(tree, [...partsIn(one, "operand"), ...partsIn(one, "field")]))).toEqual([
    ["reflect", "TypeAssert"],
    ["time", "Time"],
    ["pkg", "New"],
  ]);
});

it("a Go comment ends at its end mark", () => {
  const tree = readGo(
    "package p\n\nfunc a() {\n\tfor /* a */ false {\n\t\t_ = `/*`\n\t}\n}\n\nfunc init() { limit = 100 }\n\nfunc b() {\n\tfor /* b */ range 1 { // `\n\t}\n}\n",
  );
  const names = find(tree.root, "function_declaration").flatMap((node) => partsIn(node, "name"));
  expect(textsOf(tree, names)).toEqual(["a", "init", "b"]);
});

it("keeps offsets in a Go file after a comment with any character", () => {
  const tree = readGo("/* 😀 */\npackage a\nfunc init() { x = 1 }\n");
  expect(textsOf(tree, tree.root.children)).toContain("func init() { x = 1 }");
});

it("prints Go statements without their comments, line ends and semicolons", () => {
  const printed = (body: string) => {
    const tree = inFunction(body);
    return printSyntax(tree.root);
  };
  expect(printed("\tfor range x {\n\t}")).toBe(printed("\tfor /* all */ range x {\n\t}"));
  expect(printed("\tfor range x {\n\t}")).not.toBe(printed("\tfor i = range x {\n\t}"));
  expect(printed("\ta(); b()")).toBe(printed("\ta() // first\n\n\tb()"));
  expect(printed("\ta(1, 2)")).toBe(printed("\ta(\n\t\t1,\n\t\t2,\n\t)"));
  expect(printed("\tfor ; f(); {\n\t}")).not.toBe(printed("\tfor ; ; f() {\n\t}"));
});

it.each<[string, string]>([
  ["a := [...]int{1}; _ = a", "a"],
  ["for i, v := range x {\n\t}", "i v"],
  ["switch q := y.(type) {\n\t}", "q"],
  ["select {\n\tcase v, ok := <-c:\n\t}", "v ok"],
  ["var a, b = func(c, d int, e ...T) {}, 1", "a b c d e"],
  ["const (\n\t\ta, b = iota, 1\n\t\tc, d\n\t)", "a b c d"],
  ["type (\n\t\tA struct{ *B }\n\t\tC = D\n\t)", "A C"],
  ["a, b = 1, 2", ""],
])("finds the names that Go code defines: %j", (body, expected) => {
  const tree = inFunction(`\t${body}`);
  expect(tree.errors).toEqual([]);
  expect(
    textsOf(
      tree,
      statementsOf(tree).flatMap((one) => goDefinitionsIn(one)),
    ).join(" "),
  ).toBe(expected);
});

it("lists the names that a Go function uses, without those that it defines", () => {
  const tree = inFunction("\tx, err := pkg.F(y, T{key: z}.field)\n\tvar e pkg.T = x");
  expect(textsOf(tree, statementsOf(tree).flatMap(goUsedIn))).toEqual(["pkg", "y", "key", "z", "pkg", "x"]);
});

it("lists the specs of a Go declaration, with and without parentheses", () => {
  const tree = readGo("package p\n\nvar a = 1\nvar (\n\tb int // c\n\td, e = 1, 2\n)\n");
  const names = tree.root.children.flatMap(goSpecs).map((spec) => textsOf(tree, goDefined(spec)).join(" "));
  expect(names).toEqual(["a", "b", "d e"]);
});

describe("a hostile file", () => {
  const bounds = { nodesMax: 100_000, depthMax: 800, parseMsMax: 10_000 };
  it.each<[string, string]>([
    ["deep brackets", `var a = ${"(".repeat(2000)}1${")".repeat(2000)}`],
    ["a long chain of operations", `var a = ${"1 + ".repeat(2000)}1`],
    ["blocks within blocks", `func f() { ${"{".repeat(2000)}${"}".repeat(2000)} }`],
  ])("a Go file is refused for %s", (_name, text) => {
    expect(() => readGo(`package p\n${text}\n`)).toThrow(UnreadableText);
    expect(
      readGo(`package p\n${text.replaceAll(/([({]|1 \+ ){1980}/gu, "").replaceAll(/[)}]{1980}/gu, "")}\n`).errors,
    ).toEqual([]);
  });

  it("a Go file is refused if it is too long", () => {
    const size = 1024 * 1024;
    expect(() => readGo(`package p\n// ${"a".repeat(size)}`)).toThrow(UnreadableText);
    expect(readGo(`package p\n// ${"a".repeat(size - 20)}`).errors).toEqual([]);
  });

  it("a Go file is refused if it has too many nodes", () => {
    const text = "a;".repeat(1000);
    expect(() => parseText(text, "go", { ...bounds, nodesMax: 3000 })).toThrow("syntax nodes");
    expect(parseText(text, "go", { ...bounds, nodesMax: 3001 }).errors).toEqual([]);
  });

  it("a Go file is refused if parsing takes too long, and the next file is read", () => {
    const hard = "for/*".repeat(100_000);
    expect(() => parseText(hard, "go", { ...bounds, parseMsMax: 1 })).toThrow("not parsed within");
    expect(readGo("package p\n").errors).toEqual([]);
  });

  it.each([
    '"\\'.repeat(20_000),
    "'\\".repeat(20_000),
    "`".repeat(9999),
    "func f() { if ".repeat(500),
    "a[".repeat(3000),
  ])("a file that is no Go has errors", (text) => {
    expect(readGo(text).errors.length).toBeGreaterThan(0);
  });
});

const library = "/usr/local/go/src";
/** Generated tables that are one long sum or too large, and files that need a newer version of the language. */
const refused = /too long|\/tables\d|zzipdata|opGen|rewrite[A-Z]|secret_test|arshal_test/u;

it.skipIf(!existsSync(library))("reads Go's library without an error", () => {
  const files = globSync(`${library}/**/*.go`, { exclude: (path) => /testdata/u.test(String(path)) }).toSorted();
  const read = files.filter((path, at) => at % 20 === 0 && !refused.test(path));
  const wrong = read.filter((path) => readGo(readFileSync(path, "utf8")).errors.length > 0);
  expect(read.length).toBeGreaterThan(200);
  expect(wrong).toEqual([]);
});
