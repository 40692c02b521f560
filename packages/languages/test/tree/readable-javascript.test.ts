/** JavaScript and TypeScript that the grammar can't parse as it is written is read all the same, and nothing else is read in another way. */
import { describe, expect, it } from "vitest";
import { arrowPatterns } from "../../src/tree/arrow-patterns.ts";
import { blankTypes } from "../../src/tree/blank-types.ts";
import { readableJavaScript } from "../../src/tree/readable-javascript.ts";
import type { SyntaxNode } from "../../src/tree/syntax-node.ts";
import { readSyntax } from "../../src/tree/syntax-tree.ts";

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
  "(a) == b;",
  "(a) => b;",
  "f(a) = 1;",
  "importing = a;",
  "import { a } from 'b';",
  "class A { public override(a) {} }",
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
  "export default abstract class { a() { f() } }",
  "export default class implements A { a() { f() } }",
  "(a[0] as string) += b;",
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

it("blanks no types where the compiler finds an error, nor in JavaScript", () => {
  expect(blankTypes("let a!: T; f(", false)).toBeNull();
  expect(blankTypes("let a!: T; f()", false)).toBe("let a    ; f()");
  expect([blankTypes("<T>a;", true), blankTypes("<T>a;", false)]).toEqual([null, "<T>a;"]);
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
  for (const text of ["<p>{/* a */}</p>", "<p>{ /* a *//* b * c */ }</p>", "<p>{/* a */ b}</p>"])
    expect(readSyntax(`const a = ${text};`, "a.tsx").errors).toEqual([]);
  for (const text of ["<p>{b +}</p>", "<p a={/* b */} />"])
    expect(readSyntax(`const a = ${text};`, "a.tsx").errors).not.toEqual([]);
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

it("finds a pattern in front of an arrow, and no assignment to one", () => {
  for (const [end, found] of [
    [" /* a */ => b;", [1]],
    ["; /* => */ b;", []],
  ] as const) {
    const text = `({ a } = b)${end}`;
    expect(arrowPatterns(text, readSyntax("({ a } = b);", "a.js"))).toEqual(found);
  }
});

it("reads a few nested arrows with patterns, and reports errors for many", () => {
  const nested = (count: number) => readSyntax(`const f = ${"({ a } = {}) => ".repeat(count)}a;`, "a.js").errors;
  expect(nested(7)).toEqual([]);
  expect(nested(12)).not.toEqual([]);
});

describe("TypeScript in which blanking would hide what runs", () => {
  const misread = "const is = (x: a): x is b => f(x);\n";
  it.each([
    "global\n{ if (process.env.CI) f(); }",
    "function g(n) {\n global\n { if (n === 1234) return 42; }\n return 1; }",
    "class A { @((t: any) => { f(); }) declare name: string; }",
    "abstract class A { @dec(process.env.CI) abstract name: string; }",
    "class A { a(@dec(f()) b: string): void; a(b: any) {} }",
    "let x: unique\nObject.is = f;",
    "global\n{ enum A { b = f() } }",
    "function g(n) { global\n{ return } check(n); }",
    "for (const x of xs) { global\n{ continue } check(x); }",
    "class Q { declare export\nA = f() }",
    "if (a) g(); else interface T {}\nf();",
    "if (a) g(); else type T = 1\nf();",
    "class A { get: string\nfoo() { f() } }",
    "class A { static: string\nfoo() { f() } }",
    "abstract class Q { abstract export\nstatic A = f() }",
  ])("is reported: %s", (code) => {
    expect(readSyntax(misread + code, "a.ts").errors).not.toEqual([]);
  });

  it.each([
    "declare global { interface A { b: c } }",
    "class A { get: string; set!: string; foo() { f() } }",
    "if (a) { type T = 1 } else { f() }",
    "export namespace A.B { export type C = d; interface E { f: g } }",
    "class A { declare name: string; @dec(f()) b!: string; constructor(@dec() c: d) {} }",
    "abstract class A { abstract name: string; abstract b(c: d): e; [key: string]: f }",
    "function a(b: string): void; function a(this: c, b: any) { return <d>b + 1; }",
    "let x: unique symbol; import type { a } from 'b'; import { type c, d } from 'e'; export type { f } from 'g';",
    "class A extends B<c> implements D, E.F<g> { constructor(private readonly h: i = j()) { super() } }",
    "export const f = async <T>(a: T, b?: c): Promise<d> => await (a as e)!.f<g>(h satisfies i);",
  ])("is read otherwise: %s", (code) => {
    expect(readSyntax(misread + code, "a.ts").errors).toEqual([]);
  });
});

it.each([
  "<p>{\\u03c0(process.env.CI)}</p>",
  "<p>{/* c */ \\u03c0(process.env.CI)}</p>",
  "<p>{@dec(process.env.CI) class {}}</p>",
  "<p>{// c\\rprocess.env.CI\n}</p>",
  "<a>{/* b */ ]]}</a>",
])("takes nothing for a comment that is more: %s", (text) => {
  expect(readSyntax(`const a = ${text};`, "a.jsx").errors).not.toEqual([]);
});

it("ends a comment where the language does", () => {
  for (const end of ["\r", "\u2028", "\u2029", "\n", "\r\n"])
    expect(namesOf(readSyntax(`// a${end}f();`, "a.js").root)).toContain("CallExpression");
});

it("reads a file that is nested too deep for the compiler as before", () => {
  const { errors } = readSyntax(`const is = (x: a): x is b => 1;${"if(a)b;else ".repeat(3400)}c`, "a.ts");
  expect(errors).not.toEqual([]);
});

it("blanks whole types and nothing beside them", () => {
  for (const [text, plain] of [
    ["const f = <T>(a: T) => g(a);", "const f =    (a   ) => g(a);"],
    ["let a: readonly b[]; let c: keyof d;", "let a              ; let c         ;"],
    ["global\n{ class extends (f()) {} }", null],
    ["abstract class A { x = () => { global\n{ f() } } }", null],
  ] as const)
    expect(blankTypes(text, false)).toBe(plain);
});

it("finds no arrow pattern in other parentheses, and tries no more than 2,000", () => {
  expect(arrowPatterns("(f()) => b;", readSyntax("(f());", "a.js"))).toEqual([]);
  expect(arrowPatterns("(a = b) => c;", readSyntax("(a = b);", "a.js"))).toEqual([]);
  const many = (count: number, text: string) => readSyntax(`[${text.repeat(count)}]`, "a.js").errors;
  expect(many(2001, "({ a } = {}) => b,")).not.toEqual([]);
  expect(many(1500, "({ a } = {}) => ({ b } = {}) => c,")).not.toEqual([]);
  expect(many(100, "({ a } = {}) => ({ b } = {}) => c,")).toEqual([]);
});

it("reads types in .mts and .cts files, also beside arrow patterns", () => {
  for (const path of ["a.mts", "a.cts"])
    expect(readSyntax("let a!: T; const f = ({ a }: A = {}): a is b => g(a);", path).errors).toEqual([]);
});
