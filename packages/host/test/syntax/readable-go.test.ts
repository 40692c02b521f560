import { printSyntax, sourceText } from "@aedev/host/syntax/print-syntax";
import { goBlockComments } from "@aedev/host/syntax/readable-go";
import { readSyntax, type SyntaxNode, type SyntaxTree } from "@aedev/host/syntax/syntax-tree";
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
