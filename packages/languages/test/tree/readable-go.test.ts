import { printSyntax, sourceText } from "@aedev/languages/tree/print-syntax";
import { goBlockComments, readableGo } from "@aedev/languages/tree/readable-go";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { expect, it } from "vitest";

const inFunction = (body: string) => readSyntax(`package p\n\nfunc f() {\n${body}\n}\n`, "a.go");
const statementsOf = ({ root }: SyntaxTree) =>
  (root.children.at(-1)?.children.at(-1)?.children ?? []).filter(({ name }) => !/^[{}]$|Comment$/u.test(name));
const textsOf = (tree: SyntaxTree) => statementsOf(tree).map((node) => sourceText(tree, node));

it.each<[string, string]>([
  ["a space", "for range x {\n\t}"],
  ["a tab", "for\trange x {\n\t}"],
  ["two spaces", "for  range x {\n\t}"],
  ["a line end", "for\n\trange x {\n\t}"],
  ["a comment", "for /* each */ range x {\n\t}"],
  ["a comment at a line's end", "for // each\n\trange x {\n\t}"],
])("reads a loop without variables, with %s", (_name, loop) => {
  const tree = inFunction(`\t${loop}\n\tb := 1`);
  expect(tree.errors).toEqual([]);
  expect(textsOf(tree)).toEqual([loop, "b := 1"]);
  const looped = statementsOf(tree)[0]
    ?.children.find(({ name }) => name === "RangeClause")
    ?.children.at(-1);
  expect(looped && sourceText(tree, looped)).toBe("x");
});

it("puts every node behind several such loops where it stands", () => {
  const tree = inFunction("\tfor range a {\n\t}\n\tfor range b {\n\t\tfor range c {\n\t\t}\n\t}\n\td := 1");
  expect(textsOf(tree)).toEqual(["for range a {\n\t}", "for range b {\n\t\tfor range c {\n\t\t}\n\t}", "d := 1"]);
  const ordered = (node: SyntaxNode): boolean =>
    node.from <= node.to &&
    node.children.every((child) => node.from <= child.from && child.to <= node.to && ordered(child));
  expect(ordered(tree.root)).toBe(true);
});

it.each(['"for range x"', "`for range x`", "`\\`", '"\\""', "'\"'", "'\\''", '"/* a"', "`/* a`", '"//"'])(
  "leaves %s as it is",
  (text) => {
    const tree = inFunction(`\ta := ${text}\n\tb := '*' /* c */`);
    expect(tree.errors).toEqual([]);
    expect(textsOf(tree)[0]).toBe(`a := ${text}`);
    expect(statementsOf(tree)).toHaveLength(2);
  },
);

it.each<[string, string[]]>([
  ["\ta := x /* one\n\ttwo */ b := 1", ["a := x", "b := 1"]],
  ["\ta := x /* one */\n\tb := 1", ["a := x", "b := 1"]],
  ["\ta := x // for range y {\n\tb := 1", ["a := x", "b := 1"]],
  ["\ta := x // one /*\n\tb := 1 // */", ["a := x", "b := 1"]],
])("ends statements at comments as the compiler does: %j", (body, expected) => {
  const tree = inFunction(body);
  expect(tree.errors).toEqual([]);
  expect(textsOf(tree)).toEqual(expected);
});

it("does not take a comment further than its end", () => {
  const tree = readSyntax(
    "package p\n\nfunc a() {\n\tfor /* a */ false {\n\t\t_ = `/*`\n\t}\n}\n\nfunc init() { limit = 100 }\n\nfunc b() {\n\tfor /* b */ range 1 { // `\n\t}\n}\n",
    "a.go",
  );
  expect(
    tree.root.children.filter(({ name }) => name === "FunctionDecl").map((node) => sourceText(tree, node).slice(5, 9)),
  ).toEqual(["a() ", "init", "b() "]);
});

it("keeps places behind a comment with any character", () => {
  const tree = readSyntax("/* 😀 */\npackage a\nfunc init() { x = 1 }\n", "a.go");
  expect(tree.root.children.map((node) => sourceText(tree, node))).toContain("func init() { x = 1 }");
});

it("reads each character once", () => {
  for (const text of [
    `for${"/**/".repeat(40_000)}x{}`,
    '"\\'.repeat(200_000),
    "'\\".repeat(200_000),
    "for/*".repeat(100_000),
    "`".repeat(99_999),
    "/*/".repeat(99_999),
  ])
    expect(readableGo(text).text).toHaveLength(text.length);
});

it("counts what several loops insert", () => {
  const { text, originalOf } = readableGo("for range a {}\nfor range b {}\nc");
  expect(text).toBe("for _=range a {}\nfor _=range b {}\nc");
  expect([0, 3, 4, 5, 6, 7, text.indexOf("b"), text.length].map(originalOf)).toEqual([0, 3, 4, 4, 4, 5, 25, 31]);
});

it("prints a loop without variables unlike one that sets some", () => {
  const printed = (loop: string) => {
    const tree = inFunction(`\t${loop} {\n\t}`);
    return printSyntax(tree, tree.root);
  };
  expect(printed("for range x")).toBe(printed("for /* all */ range x"));
  expect(printed("for range x")).not.toBe(printed("for i = range x"));
});

it("lists block comments and nothing that only looks like one", () => {
  expect(goBlockComments("/* a */ x := `/* b */` // /* c */\n/* d\n*/ '/' \"/* e */\"")).toEqual([
    "/* a */",
    "/* d\n*/",
  ]);
});
