/** JavaScript and TypeScript that the grammar can't parse as it is written is read all the same, and nothing else is read in another way. */
import { expect, it } from "vitest";
import { readableJavaScript } from "../../src/syntax/readable-javascript.ts";
import { readSyntax, type SyntaxNode } from "../../src/syntax/syntax-tree.ts";

const namesOf = ({ name, children }: SyntaxNode): string[] => [name, ...children.flatMap(namesOf)];

it.each(["x! = 1;", "a[b]! += 2;", "this.a! ??= 3;", "a.b! >>>= 1;", "a[b].c! **=  2;"])(
  "reads an assignment to %s",
  (text) => {
    const { errors, root } = readSyntax(text, "a.ts");
    expect(errors).toEqual([]);
    expect(namesOf(root)).toContain("AssignmentExpression");
    expect(readSyntax(text, "a.js").errors).not.toEqual([]);
  },
);

it.each([
  "a != b;",
  "a! == b;",
  "a! === b;",
  "if (!a) b();",
  "a !== b;",
  "f(!a);",
  "a! => b",
  "x!.y = 1;",
  "let a = b!;",
])("leaves %s as it is", (text) => {
  expect(readableJavaScript(text, true).text).toBe(text);
});

it("keeps the text and its offsets", () => {
  const text = "/* x! = 1 */ votes[name]! += 3; const after = 1;";
  const tree = readSyntax(text, "a.ts");
  expect(tree.text).toBe(text);
  const last = tree.root.children.at(-1);
  expect(text.slice(last?.from, last?.to)).toBe("const after = 1;");
});

it.each([
  "import a from './a.json' with { type: 'json' };",
  'export { b } from "./b.json" with {type: "json"};',
  "import './c.css' with { type: 'css' };",
])("reads %s", (text) => {
  const { errors, root } = readSyntax(text, "a.mjs");
  expect(errors).toEqual([]);
  expect(root.children.map(({ name }) => name)).toEqual([expect.stringMatching(/^(?:Import|Export)Declaration$/u)]);
});

it("leaves a statement behind an import alone", () => {
  const text = "import './c.css'\nwith (a) { b(); }";
  expect(readableJavaScript(text, false).text).toBe(text);
});

it.each([
  `const [, a] = ['from "a" with {', process.env.CI, '}'];`,
  `f({ a: 'import "x" with {', at: Date.now(), z: '}' });`,
  `import a from "b" with { type: f() };`,
  "const a = `\nimport 'b' with { type: \"` + f() + `\" }`;",
])("hides no code: %s", (text) => {
  expect(readableJavaScript(text, false).text).toBe(text);
});

it.each([
  "const isFoo = (x: unknown): x is a.Foo => { return f(x) };",
  "let later!: string;",
  "type Pair = [a?: string, ...b: number[]];",
  "try { f() } catch (error: unknown) { g() }",
  "type Call = { <T>(a: T): T; new (a: string): Call };",
  "function only(x: unknown): asserts x is string {}",
  "(a[0] as string) += b;",
  "f();import a = require('a')\nimport b = a.b;",
  "class A { constructor(public override name: string, private override readonly b = 1) {} }",
])("reads TypeScript: %s", (text) => {
  const source = `${text}\nlast();`;
  const { errors, root } = readSyntax(source, "a.ts");
  expect(errors).toEqual([]);
  const last = root.children.at(-1);
  expect(source.slice(last?.from, last?.to)).toBe("last();");
});

it("keeps code and its offsets where types are left out, also enums and JSX", () => {
  const text = "const is = (x: Ä): x is { a: 1 } => { f(x as B) };\nenum C { d = g() }\nh();";
  for (const [path, source] of [
    ["a.ts", text],
    ["a.tsx", `${text}\nconst i = <p>{j as K}</p>;`],
  ] as const) {
    const { errors, root, text: kept } = readSyntax(source, path);
    expect([errors, kept]).toEqual([[], source]);
    const calls = (node: SyntaxNode): string[] => [
      ...(node.name === "CallExpression" ? [source.slice(node.from, node.to)] : []),
      ...node.children.flatMap(calls),
    ];
    expect(calls(root)).toEqual(["f(x as B)", "g()", "h()"]);
  }
});

it("leaves a file as it is that the compiler can't parse either", () => {
  expect(readSyntax("const a: = ; f(", "a.ts").errors).not.toEqual([]);
  expect(readSyntax("const isFoo = (x: unknown): x is Foo => {};", "a.js").errors).not.toEqual([]);
});

it.each(["export default class { a() { f() } }", "export default class extends A { a() { f() } }"])(
  "reads %s, and gives the class no name",
  (text) => {
    const { errors, root } = readSyntax(`${text}\nlast();`, "a.js");
    expect(errors).toEqual([]);
    const [shown] = root.children;
    expect(root.children.map(({ name }) => name)).toEqual(["ExportDeclaration", "ExpressionStatement"]);
    expect(text.slice(shown?.from, shown?.to)).toBe(text);
    const definition = shown?.children.find(({ name }) => name === "ClassDeclaration");
    expect(definition?.children.map(({ name }) => name)).not.toContain("VariableDefinition");
    expect(namesOf(root)).toContain("MethodDeclaration");
  },
);

it("reads comments in JSX, and nothing else without a value", () => {
  for (const text of ["<p>{/* a */}</p>", "<p>{ // a\n/* b * c */ }</p>", "<p>{/* a */ b}</p>"])
    expect(readSyntax(`const a = ${text};`, "a.tsx").errors).toEqual([]);
  expect(readSyntax("const a = <p>{b +}</p>;", "a.tsx").errors).not.toEqual([]);
});

it.each([
  ["a.js", "const f = ({ a } = {}) => g(a);"],
  ["a.js", "const f = ([a, { b }] = [], ...c) => { g(a) };"],
  ["a.js", "h(({ a: { b = 1 } = {} } = {}, c = 2) /* d */ => ({ b: g(c) }));"],
  ["a.js", "const f = ({ a } = {}) => ({ b } = {}) => ([c] = []) => g(a);"],
  ["a.ts", "const f = ({ a }: A = {}, b?: B): C => g(a);"],
  ["a.tsx", "const f = <T,>({ a }: A<T> = {}): C => <p>{g(a)}</p>;"],
])("reads a pattern with a default in front of an arrow (%s): %s", (path, text) => {
  const source = `${text}\nlast();`;
  const { errors, root } = readSyntax(source, path);
  expect(errors).toEqual([]);
  const textsOf = (node: SyntaxNode, name: string): string[] => [
    ...(node.name === name ? [source.slice(node.from, node.to)] : []),
    ...node.children.flatMap((child) => textsOf(child, name)),
  ];
  expect(textsOf(root, "CallExpression").at(-1)).toBe("last()");
  expect(textsOf(root, "CallExpression")).toContain(text.includes("g(c)") ? "g(c)" : "g(a)");
  expect(textsOf(root, "ParamList")[0]).toMatch(/^\([[{]/u);
  expect(textsOf(root, "VariableDefinition")).not.toContain("");
});

it("leaves an assignment to a pattern as it is", () => {
  const { errors, root } = readSyntax("({ a } = b);\nlet = (", "a.js");
  expect(errors).not.toEqual([]);
  expect(namesOf(root)).toContain("AssignmentExpression");
});
