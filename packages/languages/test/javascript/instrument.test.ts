/** A JavaScript file that records calls of its exports keeps every line in its place and its behaviour. */
import { runInNewContext } from "node:vm";
import { instrument } from "@aedev/languages/javascript/instrument";
import { expect, it } from "vitest";

const recorder = "((name, real) => marked(name, real))";

it.each<[string, string, string[]]>([
  ["a declared function", "export function add(a, b) { return a + b; }", ['add = record("add", add)']],
  ["an arrow function", "export const add = (a, b) => a + b, three = 3;", ['add = record("add", add)']],
  ["a typed one", "export const add: Sum = async (a: number): Promise<number> => a;", ['add = record("add", add)']],
  ["a function that another one gives", "export const add = same((a, b) => a + b);", ['add = record("add", add)']],
  ["a default export with a name", "export default function add() {}", ['add = record("default", add)']],
  [
    "a group with other names",
    "function a() {}\nconst b = function () {};\nexport { a as one, b };",
    ['a = record("one", a)', 'b = record("b", b)'],
  ],
])("records calls of %s of a module", (_title, text, calls) => {
  const found = instrument(text, "lib/add.ts", recorder);
  expect(found?.style).toBe("module");
  for (const call of calls) expect(found?.text).toContain(call);
  const lines = text.replaceAll("const ", "let   ").split("\n");
  expect(found?.text.split("\n").slice(0, lines.length)).toEqual(lines);
});

it("records a module's classes without changing the values of their names", () => {
  const found = instrument(
    "export class Sum { add() {} }\nclass Other {}\nexport { Other as Third };",
    "lib/add.js",
    recorder,
  );
  expect(found?.text).toContain('\nrecord("Sum", Sum); record("Third", Other); }');
});

it.each([
  ["a value", "export const three = 3;"],
  ["a function of another file", "export { add } from './add.js';"],
  ["nothing", "import './add.js';\nfunction add() {}"],
])("records nothing in a module that exports only %s", (_title, text) => {
  expect(instrument(text, "lib/add.js", recorder)).toBeNull();
});

it.each([
  ["a nameless arrow function", "export default (a) => a;"],
  ["a nameless function", "export default async function (a) { return a; }"],
  ["a function that another one gives", "export default same((a) => a);"],
  ["a function by its name", "const add = (a) => a;\nexport default add;"],
])("records %s as the default export under a new name", (_title, text) => {
  const found = instrument(`import './exportedDefault.js';\n${text}`, "lib/add.js", recorder)?.text.split("\n") ?? [];
  expect(found.slice(1)).toContain(text.split("\n").at(-1)?.replace("export default", "let exportedDefault_ ="));
  expect(found).toContain('exportedDefault_ = record("default", exportedDefault_); }');
  expect(found.at(-2)).toBe("export { exportedDefault_ as default };");
});

it.each([
  ["a class", "export default class {}"],
  ["an object", "export default { add() {} };"],
  ["a type", "export default interface Sum {}"],
  [
    "declarations of a function's types",
    "export default function (a: string): void;\nexport default function (a: any) {}",
  ],
])("does not record a default export of %s", (_title, text) => {
  expect(instrument(text, "lib/add.ts", recorder)).toBeNull();
});

it.each([
  ["properties", "exports.add = (a, b) => a + b;\nexports.three = 3;", { add: "add" }],
  ["a computed name", "module['ex' + 'ports'].add = () => 1;\nmodule['ex' + 'ports'].three = 3;", { add: "add" }],
  ["an object", "const add = () => 1;\nmodule.exports = { add, three: 3 };", { add: "add" }],
])("records functions that a CommonJS file exports as %s, and no other exports", (_title, text, names) => {
  const found = instrument(text, "lib/add.js", recorder);
  const module = { exports: {} as Record<string, unknown> };
  const marks: string[] = [];
  const marked = (name: string, real: unknown) => {
    marks.push(name);
    return real;
  };
  runInNewContext(found?.text ?? "", { module, exports: module.exports, marked });
  expect(marks).toEqual(Object.values(names));
  expect(module.exports["three"]).toBe(3);
});

it("records nothing in a script without exports or a text that is no JavaScript", () => {
  expect(instrument("console.log(1)", "lib/run.js", recorder)).toBeNull();
  expect(instrument("export ((((", "lib/run.js", recorder)).toBeNull();
});
