/** The ways through changed JavaScript and TypeScript that a run takes: statements, both sides of conditions, operands and defaults. */

import { probeJavaScript } from "@aedev/languages/javascript/probe";
import { expect, it } from "vitest";
import { missedBy, probed } from "./probed.ts";

const node = (
  text: string,
  calls: string,
  options: { name?: string; lines?: { first: number; last: number }[] } = {},
) =>
  missedBy(probeJavaScript, {
    name: options.name ?? "code.cjs",
    text,
    more: {
      "run.mjs": `import * as code from './${options.name ?? "code.cjs"}';\nconst f = code.f ?? code.default.f;\n${calls}\n`,
    },
    ...(options.lines === undefined ? {} : { lines: options.lines }),
    command: [process.execPath, "--disable-warning=ExperimentalWarning", "run.mjs"],
  });

it("coverage reports nothing missed if both sides ran, and the code behaves as before", async () => {
  const text = "exports.f = (n) => {\n  if (n > 1000) return 'large';\n  return 'small';\n};\n";
  const ran = await node(text, "console.log(f(1), f(2000));");
  expect(ran).toEqual({ missed: [], stdout: "small large", stderr: "" });
});

it.each([
  [
    "the side of an if",
    "exports.f = (n) => {\n  if (n > 1000) return 'large';\n  return 'small';\n};",
    "f(1)",
    ["2 true"],
  ],
  ["an if that is never false", "exports.f = (n) => {\n  if (n > 0) n = 1;\n  return n;\n};", "f(1)", ["2 false"]],
  [
    "what follows an if that always leaves",
    "exports.f = (n) => {\n  if (n) return 1;\n  g(n);\n  return h(n);\n};",
    "f(1)",
    ["3 statement"],
  ],
  [
    "a refusal",
    "exports.f = (n) => {\n  if (n > 9) {\n    console.log(n);\n    throw new RangeError('large');\n  }\n  return n;\n};",
    "f(1)",
    ["2 true!"],
  ],
  ["the side of a ternary", "exports.f = (n) => (n > 1000 ? Math.floor : Math.round)(n);", "f(1)", ["1 true"]],
  ["an operand of &&", "exports.f = (a, b) => a && b > 2;", "f(0, 1)", ["1 evaluated"]],
  ["an operand of && that is never skipped", "exports.f = (a, b) => a && b > 2;", "f(1, 1)", ["1 skipped!"]],
  ["an operand of ||", "exports.f = (a, b) => a || b;", "f(1, 1)", ["1 evaluated"]],
  ["an operand of ??", "exports.f = (a, b) => a ?? b();", "f(0)", ["1 evaluated"]],
  ["a default", "exports.f = (a = g()) => a;", "f(1)", ["1 default"]],
  ["a default of a plain value", "exports.f = (a = 1, { b = 'x' } = {}) => a;", "f(1, {})", []],
  [
    "an error that is swallowed",
    "exports.f = (g) => {\n  try {\n    return g();\n  } catch {}\n};",
    "f(() => 1)",
    ["4 statement"],
  ],
  [
    "a case",
    "exports.f = (n) => {\n  switch (n) {\n    case 1: return 1;\n    case 2: g(); return 2;\n    default: throw new Error('x');\n  }\n};",
    "f(1)",
    ["4 statement", "5 statement!"],
  ],
  [
    "a body of a loop",
    "exports.f = (all) => {\n  for (const one of all) g(one);\n  while (all.length) { h(); }\n};",
    "f([])",
    ["2 statement", "3 true"],
  ],
  ["a function", "exports.f = () => 1;\nfunction g() {\n  const x = 1;\n  return x;\n}", "f()", ["3 statement"]],
  ["a callback", "exports.f = (all) => all.map((one) => one + 1);", "f([])", ["1 statement"]],
  [
    "else if",
    "exports.f = (n) => {\n  if (n === 1) return 1;\n  else if (n === 2) return 2;\n  else return 3;\n};",
    "f(1); f(2)",
    ["3 false"],
  ],
  [
    "an assignment to what is missing",
    "exports.f = (o) => { o.x ??= g(); return o; };",
    "f({ x: 1 })",
    ["1 evaluated"],
  ],
  [
    "an operand of a condition for a refusal",
    "exports.f = (n) => {\n  if (!(n >= 0 && n <= 100)) throw new RangeError('n');\n  return n;\n};",
    "f(1); try { f(101); } catch {}",
    ["2 skipped!"],
  ],
  [
    "an operand that leads to something else",
    "exports.f = (n) => {\n  if (n >= 0 && n <= 100) return n;\n  return 0;\n};",
    "f(1); f(101)",
    ["2 skipped!"],
  ],
  [
    "an empty fallback",
    "exports.f = (o) => o.list ?? [];\nexports.g = (o) => o.n || 0;\nexports.h = (o) => o.n ?? 5;\nexports.i = (o) => o.n && 0;",
    "f({ list: 1 }); code.g({ n: 1 }); code.h({ n: 1 }); code.i({ n: 0 })",
    ["1 evaluated!", "2 evaluated!", "3 evaluated", "4 evaluated"],
  ],
  ["a chain of operands once", "exports.f = (a, b, c) => a && b && c;", "f(1, 1, 1)", ["1 skipped!"]],
  [
    "a method that the language calls for texts",
    "class A {\n  toString() { return 'a'; }\n  size() { return 1; }\n}\nexports.f = () => new A();",
    "f()",
    ["2 statement!", "3 statement"],
  ],
])("coverage misses %s", async (_name, text, calls, missed) => {
  expect(await node(`${text}\n`, calls)).toEqual({ missed, stdout: "", stderr: "" });
});

it("coverage treats an empty fallback as minor if only its own line changed", async () => {
  const text = "exports.f = (a) =>\n  a ||\n  [];\n";
  expect((await node(text, "f(1)", { lines: [{ first: 3, last: 3 }] })).missed).toEqual(["3 evaluated!"]);
});

it("coverage counts only changed lines, and both sides of a condition with a changed line", async () => {
  const text = "exports.f = (n) => {\n  if (n > 1) g();\n  if (\n    n > 2 &&\n    n > 3\n  ) h();\n  return n;\n};\n";
  expect((await node(text, "f(1)", { lines: [{ first: 7, last: 7 }] })).missed).toEqual([]);
  expect((await node(text, "f(1)", { lines: [{ first: 5, last: 5 }] })).missed).toEqual(["4 true", "5 evaluated"]);
});

it("coverage reads TypeScript and leaves its types alone", async () => {
  const text = `type Size<T = number> = T extends number ? 1 : 2;
interface Box { readonly size?: Size }
export function f(n: number): string;
export function f(n: number, box: Box = {}): string {
  const found = (box as Box).size ?? 2;
  return n > found ? ('large' satisfies string) : 'small';
}
`;
  const ran = await node(text, "console.log(f(1));", { name: "code.mts" });
  expect(ran).toEqual({ missed: ["5 skipped!", "6 true"], stdout: "small", stderr: "" });
});

it("probes keep directives first, and labels, names without semicolons, and code before super intact", async () => {
  const text = `'use strict'
class A {}
class B extends A {
  constructor(n) {
    const x = n
    super()
    this.x = x
  }
}
exports.f = (n) => {
  let all = []
  outer: for (const a of [1, 2]) {
    for (const b of [1, 2]) { if (b > n) continue outer; else all.push(a + b) }
  }
  ;[1].forEach((one) => all.push(one))
  do all.push(0)
  while (all.length < 1)
  return [new B(n).x, all.join(), (function () { return this === undefined })()]
}
`;
  const ran = await node(text, "console.log(JSON.stringify(f(1)));");
  expect(ran).toEqual({ missed: ["17 true"], stdout: '[1,"2,3,1,0",true]', stderr: "" });
});

it("each place gets a token of its own, and a file without changed code gets no probes", () => {
  const text = "// a\nexports.f = (n) => n;\n";
  expect(probed(probeJavaScript, { name: "a.js", text, lines: [{ first: 1, last: 1 }] })).toEqual({ text, places: [] });
  const { places } = probed(probeJavaScript, { name: "a.js", text });
  expect(new Set(places.map(({ token }) => token)).size).toBe(places.length);
  expect(places.length).toBeGreaterThan(0);
});

it("no probe is put inside a statement that the grammar cut short, and assignments in it are still measured", async () => {
  const text = [
    "export function f(votes: Record<string, number>, name?: string) {",
    "  if (name !== undefined)",
    "    votes[name]! += 1;",
    "  else votes.none! = 1;",
    "  (votes as Record<string, unknown>) = { ...votes };",
    "  return votes;",
    "}",
    "",
  ].join("\n");
  const ran = await node(text, "console.log(f({ a: 1 }, 'a').a);", { name: "code.ts" });
  expect(ran).toEqual({ missed: ["2 false"], stdout: "2", stderr: "" });
  const both = await node(text, "console.log(f({ a: 1 }, 'a').a, f({}).none);", { name: "code.ts" });
  expect(both).toEqual({ missed: [], stdout: "2 1", stderr: "" });
});

it("probes leave an import with attributes alone", async () => {
  const text = "import own from './own.json' with { type: 'json' };\nexport const f = () => own.a;\n";
  const channel = { name: "code.mjs", text };
  expect(probed(probeJavaScript, channel).text.split("\n")[0]).toBe(text.split("\n")[0]);
});

it.each([
  ["a choice", "yield n < 2 ? 'few' : 'many'", ["2 false"]],
  ["an operand", "yield n < 2 && 'few'", ["2 skipped!"]],
  ["a default", "yield n[0] ?? 'few'", ["2 skipped!"]],
  ["a choice of an inner generator", "yield* n < 2 ? ['few'] : []", ["2 false"]],
  ["the body of a loop", "for (const few of ['few']) yield few", []],
  ["the body of a loop that never runs", "for (const few of []) yield few; yield 'few'", ["2 statement"]],
  ["what is in brackets", "(yield 'few') ? 1 : 2", ["2 true"]],
])("a probed expression yields what the code yields: %s", async (_, statement, missed) => {
  const ran = await node(`exports.f = function* (n) {\n  ${statement};\n};\n`, "console.log([...f(1)].join());");
  expect(ran).toEqual({ missed, stdout: "few", stderr: "" });
});
