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
  expect(readableJavaScript(text, true)).toBe(text);
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
  expect(readableJavaScript(text, false)).toBe(text);
});

it.each([
  `const [, a] = ['from "a" with {', process.env.CI, '}'];`,
  `f({ a: 'import "x" with {', at: Date.now(), z: '}' });`,
  `import a from "b" with { type: f() };`,
  "const a = `\nimport 'b' with { type: \"` + f() + `\" }`;",
])("hides no code: %s", (text) => {
  expect(readableJavaScript(text, false)).toBe(text);
});
