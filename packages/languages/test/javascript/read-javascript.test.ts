/** Our trees of JavaScript and TypeScript agree with engines and the compiler, also where the grammars differ. */
import { describe, expect, it } from "vitest";
import type { SyntaxNode } from "../../src/tree/syntax-node.ts";
import { readSyntax } from "../../src/tree/syntax-tree.ts";
import { comparedPlaces } from "./compiler-places.ts";

const shown = (text: string, path = "a.ts") => {
  const { root } = readSyntax(text, path);
  const show = (node: SyntaxNode): string =>
    node.children.length === 0 ? text.slice(node.from, node.to) : `${node.name}(${node.children.map(show).join(" ")})`;
  return root.children.map(show).join(" ");
};
const errorsOf = (text: string, path = "a.js") => readSyntax(text, path).errors.length;

describe("is read as the compiler reads it", () => {
  it.each([
    [
      "await before brackets",
      "async () => { await (0, a.b)(c); await (a).b; await [a].map(b)[0]; await `x`.y; await (await (a)(b))(c) || d; }",
    ],
    [
      "yield",
      "function* f() { yield a ? b : c; yield (a)(b); yield [a][0]; yield a || b; (yield) + 1; yield* (a)(b); yield /re/g; }",
    ],
    ["new", "new a; new a.b.c(d).e; new (a())(); new a()(); new new a()(); new a`x`; new (a.b()); new.target;"],
    [
      "signs",
      "typeof a.b + c; a ** b ** c; (-a) ** b; !(a in b); -a.b(); typeof (a)(b); void (0)(a); delete (a).b; a ?? b; a?.b.c(d)?.[e];",
    ],
    [
      "arrow functions",
      "a => b => c; a => ({}); async a => await b; (a, b) => c, d; ({ a } = {}) => a; ([a] = []) => a; x = ({ a = 1 } = {}) => a;",
    ],
    [
      "patterns",
      "({ a: b.c, ...d } = e); [a.b, ...c[0]] = d; for ([a, b] of c); for (a.b in c); for (const of of xs);",
    ],
    [
      "names that are no keywords",
      "let async, of, get, set; async\nfunction f() {}\nof; ({ get, set, async, of, await: 1, get get() { return 1 }, async async() {} });",
    ],
    ["ends of lines", "a\n++b\na\n--b\na\n(b)\na\n[b]\na\n`x`\nconst f = () => {\n  return\n  a\n}\nthrow a\nb"],
    [
      "divisions",
      "a\n/b/g; x++ / 2; if (a) /re/.test(b); ({}) / 1; [] / 2 / 3; a = {} / 2; f() / b / c; this / a / b; `x` / 2; {} /re/.x; a ? /b/ : /c/; x = /[/]/; x = /[\\]/]/;",
    ],
    ["templates", "`a#{`b#{`c#{d}`}`}e`; a`b#{c => `d#{e}`}`; `\\`#{'`'}#{/`/}`;"],
    [
      "members of a class",
      "class A { set = 1; static static = 1; static async *[a]() {} 'b' = 2; 1 = 2; #p; get #r() { return 1 } static { this.a; } get = () => 1; static get; in; async *m() {} }",
    ],
    [
      "labels and blocks",
      "a: for (;;) { continue a } if (a) {} else if (b) c\nelse d; do a; while (b) c; switch (a) { case b: { } case c: d; default: e }",
    ],
  ])("reads %s in JavaScript as the compiler does", (_, text) => {
    for (const path of ["a.js", "a.ts", "a.tsx"])
      expect(comparedPlaces(text.replaceAll("#{", "${"), path)).toMatchObject({ errors: [], missing: [] });
  });

  it.each([
    [
      "`!`",
      "a + b!; a && b! > 0; a + b! * c; !a!; delete a!.b; new A!(); a instanceof B!; a! in b!; x = -a!; a ? b : c!; a => b!; a!\n.b; a!! = c; f(...a!)",
    ],
    [
      "`as` and `satisfies`",
      "a as B.C.D; x = a satisfies B.C.D; a as any as B.C; a as B + c; a + b as C; a as B ? c : d; (a as B).c = d; a as const; f(a as B.C.D, c)",
    ],
    [
      "arguments of types",
      "f<A>(b); f<A<B<C>>>(d); a < b > (c); a < b, c > d; new F<A>; a?.b<C>(d); async () => await f<'a'>(b).c<{ d: E }>(f); g(f<typeof import('./a')>(b));",
    ],
    [
      "functions",
      "const f = <T,>(a: T) => a, g = (a?: B, ...c: D[]): E => f, h = (a): a is B => c, i = a ? (b) : (c) => d, j = async <T,>(a: T) => await a;",
    ],
    [
      "classes",
      "abstract class A<in T, out U> extends B<T> implements C.D { constructor(private a: B, readonly b = 1, @I() d: E = f) { super(a) } declare c: D; abstract f(): G; @e() u() { } @f get v() { return 1 } accessor w = 1; [k: string]: R }",
    ],
    [
      "declarations",
      "enum E { A, B = 'x'.length, 'C' = 2 } namespace N.O { export const a = 1; } declare global { var t: U; } export type * from 'k'; import F = require('f'); function over(a: string): void; function over(a: any) { } const a: [k: string, object: B] = b; f(using);",
    ],
    ["`using`", "using a = f(b); async () => { await using c = g(d); }"],
    [
      "words that end their line",
      "let a = 1, using, out; function f() { using\na = a + 1; using /* b */ // c\na = 2; let b = 1, out\nA = 4; }",
    ],
  ])("reads %s in TypeScript as the compiler does", (_, text) => {
    expect(comparedPlaces(text, "a.ts")).toMatchObject({ errors: [], missing: [] });
  });

  it("reads JSX elements as the compiler does", () => {
    const text =
      'const a = <div a="b" c={d} {...e} f=\'g"h\' i=<j/>>k {l} {/* m */} &amp; it\'s // n {a && <b>{`t`}</b>} <O.P q:r="s"/></div>, b = <></>;';
    for (const path of ["a.jsx", "a.tsx"])
      expect(comparedPlaces(text, path)).toMatchObject({ errors: [], missing: [] });
  });

  it("the comparison with the compiler notices a tree that differs", () => {
    expect(comparedPlaces("import a = b.c;\nx = f<A>`y`;", "a.ts")?.missing).not.toEqual([]);
  });
});

it("reads `using` at the end of a line as a name, or counts an error", () => {
  const write = /statement\(assignment_expression\(a = /;
  for (const path of ["a.js", "a.ts"])
    for (const end of ["\n", " // b\n", "\r", "\u2028", " /*\n*/ "]) {
      const text = `let a = 1, using;\nfunction f() { using${end}a = a + 1; }`;
      if (end.endsWith("\n") || errorsOf(text, path) === 0) expect(shown(text, path)).toMatch(write);
    }
  for (const text of ["{ using a = b; }", "{ using /* c */ a = b; }"])
    expect(shown(text, "a.js")).toMatch(/using_declaration/);
});

it.each([
  ["a mark, a hashbang", "\ufeff#!/usr/bin/env node\na;\r\nb;"],
  ["every end of a line", "a; // b\rc; // d\u2028e; // f\u2029g; // h\r\ni;"],
  ["comments of old pages", "<!-- a\n--> b\nc --> d; a;"],
])("reads %s in JavaScript without an error", (_, text) => {
  expect(errorsOf(text.replace("\ufeff#!", "#!"))).toBe(0);
  expect(
    readSyntax(text.replace("\ufeff#!", "#!"), "a.js").root.children.filter(
      ({ name }) => name === "expression_statement",
    ).length,
  ).toBeGreaterThan(1);
});

it("reads JavaScript after a comment that ends with a carriage return or a line separator", () => {
  for (const end of ["\r", "\u2028", "\u2029", "\n"])
    expect(shown(`// a${end}b`, "a.js")).toBe(`// a expression_statement(b)`);
});

it.each([
  ["a comment within an expression", "a <!--b", "a < !(--b)"],
  ["an end of a line behind return", "function f() { return\n/a/.test(b) }", "function f() { return /a/.test(b) }"],
  ["such a comment behind another one", "a /*\n*/ --> b", "a;\nwhile (a /* left */ --> b) {}"],
  ["`using` before a comment that ends a line", "using /*\n*/ a = b;", "using a = b;"],
  ["a sign behind a comment that ends a line", "a /*\r*/ ++\nb", "a /* c */ ++\nb"],
  ["a member behind a field without a mark", "class A { get\nb() {} }", "class A { get; b() {} }"],
])("counts %s in JavaScript as an error", (_, hidden, plain) => {
  for (const path of ["a.js", "a.ts"]) {
    expect(errorsOf(hidden, path)).toBeGreaterThan(0);
    expect(errorsOf(plain, path)).toBe(0);
  }
});

it.each(["declare class A {}", "abstract class A {}", "namespace A {}", "interface A {}", "type A = b;"])(
  "reads the first word of %s as a name, or counts an error, if the word is alone on its line",
  (text) => {
    expect(errorsOf(text, "a.ts")).toBe(0);
    const apart = readSyntax(text.replace(" ", "\n"), "a.ts");
    expect(apart.errors.length > 0 || apart.root.children[0]?.name === "expression_statement").toBe(true);
  },
);

it("keeps comments after a JavaScript statement outside it, and drops empty statements", () => {
  expect(shown("a() // b\nfunction f() {} // c\n;;", "a.js")).toBe(
    "expression_statement(call_expression(a arguments(( )))) // b function_declaration(function f formal_parameters(( )) statement_block({ })) // c",
  );
});

it("puts decorators of JavaScript and TypeScript into their member", () => {
  const members = (text: string, path: string) =>
    readSyntax(text, path)
      .root.children[0]?.children.at(-1)
      ?.children.map(({ name, from, to }) => `${name} ${text.slice(from, to)}`);
  const text = "class A { @a @b() /* c */ d() {} e() {} }";
  const found = ["{ {", "method_definition @a @b() /* c */ d() {}", "method_definition e() {}", "} }"];
  for (const path of ["a.js", "a.ts"]) expect(members(text, path)).toEqual(found);
});
