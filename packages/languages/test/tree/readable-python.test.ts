/** Python that the grammar can't parse as it is written is read all the same, and nothing else is read in another way. */
import { expect, it } from "vitest";
import { readablePython } from "../../src/tree/readable-python.ts";
import type { SyntaxNode } from "../../src/tree/syntax-node.ts";
import { readSyntax } from "../../src/tree/syntax-tree.ts";

const textsOf = (text: string, node: SyntaxNode, name: string): string[] => [
  ...(node.name === name ? [text.slice(node.from, node.to)] : []),
  ...node.children.flatMap((child) => textsOf(text, child, name)),
];

it.each([
  "with (a() as b, c() as d):\n    e()\n",
  "with (a() as b):\n    e()\n",
  "with(\n    a(x, (y)) as b,  # f() as g, )\n    c(')', '''\n''') as d,\n):\n    e()\n",
  "async def f():\n    async with (\n        a as b,\n        c[')':]\n    ) :\n        e()\n",
])("reads %j", (text) => {
  const { errors, root, text: kept } = readSyntax(`${text}last()\n`, "a.py");
  expect([errors, kept]).toEqual([[], `${text}last()\n`]);
  expect(textsOf(kept, root, "WithStatement")).toHaveLength(1);
  expect(textsOf(kept, root, "CallExpression").slice(-2)).toEqual(["e()", "last()"]);
});

it.each([
  "with (a, b):\n    c()\n",
  "with (a).b as c:\n    d()\n",
  "with (yield x):\n    y()\n",
  "with ((a as b), c):\n    d()\n",
  "x = 'with (a as b):'\n",
  "# with (a as b):\n",
  "with (a as b]:\n    c()\n",
  "with (a as b\n",
  "with (a as b) as c:\n    d()\n",
  "notwith (a as b):\n    c()\n",
  "with (x): pass\nf(a as b):\n",
  "with (x): pass\ncase (a as b):\n",
  "with [a as b):\n  c\nwith (d):\n",
  "éwith (a as b):\n",
])("leaves %j as it is", (text) => {
  expect(readablePython(text)).toBe(text);
});

it("keeps every character's place", () => {
  const text = "with (é() as ü,  # 日本\n 𝒳 as y,\n):\n    z()\n";
  expect(readablePython(text)).toHaveLength(text.length);
  expect(readablePython(text)).toBe("with  é() as ü,        𝒳 as y   :\n    z()\n");
});

it("reads each character of unterminated strings and unbalanced parentheses once", () => {
  for (const text of [
    `with (${"'''\\\\".repeat(50_001)}`,
    `${"with (".repeat(100_000)}${" ".repeat(100_000)}`,
    `${"with (".repeat(100_000)}${" )".repeat(100_000)}`,
    `with (${"a as b,".repeat(50_000)}${")".repeat(50_000)}`,
  ])
    expect(readablePython(text)).toBe(text);
});

it("ends a comment at a carriage return", () => {
  const text = "with (a() as b, # c\r  d(e) as f,\n):\n    pass\n";
  expect(readablePython(text)).toContain("d(e) as f");
});

it("reads a bare yield, with a comment too", () => {
  const read = (text: string) => readSyntax(text, "a.py").errors;
  for (const text of ["yield", "yield  # a", "x = yield", "x = yield  # a", "f((yield))"])
    expect(read(`def g():\n    ${text}\n    h()\n`)).toEqual([]);
  for (const text of ["x = yield +", "yield from"]) expect(read(`def g():\n    ${text}\n`)).not.toEqual([]);
});
