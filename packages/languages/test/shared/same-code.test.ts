/** Tells whether two versions of code differ only in comments and layout. */
import { describe, expect, it } from "vitest";
import { readersOf } from "../../src/readers.ts";
import { codeDifference } from "../../src/shared/same-code.ts";
import { readSyntax } from "../../src/tree/syntax-tree.ts";

// Written out, Vitest itself would obey it in this file.
const atJest = ["@jest", "environment"].join("-");

function same(path: string, before: string, after: string): boolean {
  const acting = readersOf(path)?.actingComments;
  if (acting === undefined) throw new Error(`no rule about comments for ${path}`);
  return codeDifference(readSyntax(before, path), readSyntax(after, path), acting) === "nothing";
}

describe("two versions of code", () => {
  it.each([
    [
      "a.ts",
      "// adds\nexport const add = (a: number) => a + 1;\n",
      "/** Adds one. */\nexport const add = (a: number) =>\n  a + 1;\n",
    ],
    ["a.js", "f('a')\n", 'f("a");\n'],
    ["a.js", "f([1, 2])\n", "f([\n  1,\n  2,\n])\n"],
    ["a.py", "def f(a):\n    return a  # one\n", "# Returns it.\ndef f(a):\n\n    return a\n"],
    [
      "a.go",
      "package a\n\nfunc F() int { return 1 }\n",
      "// Package a is new.\npackage a\n\n// F gives 1.\nfunc F() int {\n\treturn 1\n}\n",
    ],
    ["a.rs", "fn f() -> i32 { 1 }\n", "/// Gives one.\nfn f() -> i32 {\n    1 // always\n}\n"],
  ])("two versions of %s are the same code if only comments and layout differ: %j", (path, before, after) => {
    expect(same(path, before, after)).toBe(true);
  });

  it.each([
    ["a.ts", "f(1);\n", "f(2);\n"],
    ["a.js", "f('a b')\n", "f('a  b')\n"],
    ["a.js", "f(`a b`)\n", "f(`a  b`)\n"],
    ["a.js", "let a = [,];\n", "let a = [];\n"],
    ["a.js", "class A { static x }\n", "class A { static; x }\n"],
    ["a.py", "if a:\n    b()\n    c()\n", "if a:\n    b()\nc()\n"],
    ["a.py", 'def f():\n    """One."""\n', 'def f():\n    """Two."""\n'],
    ["a.go", "package a\nvar a = `x y`\n", "package a\nvar a = `x  y`\n"],
    ["a.rs", "fn f() -> i32 { 1 }\n", "fn f() { 1; }\n"],
  ])("two versions of %s are not the same code if the code differs: %j", (path, before, after) => {
    expect(same(path, before, after)).toBe(false);
    expect(same(path, before, before)).toBe(true);
  });

  it.each([
    [
      "a comment over two lines that ends a `return` of JavaScript",
      "a.js",
      "f = () => { return /* x */ a }\n",
      "f = () => { return /*\n*/ a }\n",
    ],
    ["a comment over two lines that ends a statement of JavaScript", "a.js", "a /* */ ++\nb\n", "a /*\n*/ ++\nb\n"],
    [
      "a comment over two lines that ends a `return` of Go",
      "a.go",
      "package a\nfunc f() (a int) { return /* */ 1 }\n",
      "package a\nfunc f() (a int) { return /*\n*/ 1 }\n",
    ],
    ["a lone carriage return that ends a comment of Python", "a.py", "a = 1  # b\n", "a = 1  # b\rc()\n"],
    ["a line separator that ends a comment of JavaScript", "a.js", "a() // b\n", "a() // b\u2028c()\n"],
    ["a build tag of Go", "a.go", "package a\n", "//go:build linux\n\npackage a\n"],
    [
      "the expected output of an example in Go",
      "a_test.go",
      "package a\nfunc ExampleF() {\n\tf()\n\t// Output: 1\n}\n",
      "package a\nfunc ExampleF() {\n\tf()\n\t// Output: 2\n}\n",
    ],
    [
      "C above an import in Go",
      "a.go",
      'package a\n\n// int f() { return 1; }\nimport "C"\n',
      'package a\n\n// int f() { return 2; }\nimport "C"\n',
    ],
    ["the encoding of a file of Python", "a.py", "a = 1\n", "# -*- coding: latin-1 -*-\na = 1\n"],
    ["the interpreter of a script", "a.js", "a()\n", "#!/usr/bin/env node\na()\n"],
    ["the environment of a test of Jest", "a.test.js", "a()\n", `/** ${atJest} jsdom */\na()\n`],
    ["the factory of JSX", "a.jsx", "a()\n", "/** @jsx h */\na()\n"],
    ["an error that TypeScript is to ignore", "a.ts", "a()\n", "// @ts-expect-error wrong\na()\n"],
    ["a rule that a linter is to ignore", "a.js", "a()\n", "a() // eslint-disable-line no-undef\n"],
    [
      "a test in the documentation of Rust",
      "a.rs",
      "/// One.\nfn f() {}\n",
      "/// ```\n/// assert!(false);\n/// ```\nfn f() {}\n",
    ],
    [
      "documentation that a macro of Rust may read",
      "a.rs",
      "/// One.\n#[derive(Parser)]\nstruct A;\n",
      "/// Two.\n#[derive(Parser)]\nstruct A;\n",
    ],
  ])("two versions are not the same code because of %s", (_, path, before, after) => {
    expect(same(path, before, after)).toBe(false);
  });

  it.each([
    [
      "a build tag of Go moves below the package",
      "a.go",
      "//go:build linux\n\npackage a\n",
      "package a\n\n//go:build linux\n",
    ],
    [
      "a build tag of Go loses its empty line",
      "a.go",
      "//go:build linux\n\npackage a\n",
      "//go:build linux\npackage a\n",
    ],
    ["an ignored error moves to another line", "a.ts", "// @ts-ignore\na();\nb();\n", "a();\n// @ts-ignore\nb();\n"],
  ])("are not the same code if %s", (_, path, before, after) => {
    expect(same(path, before, after)).toBe(false);
    expect(same(path, before, before)).toBe(true);
  });

  it.each([
    ["a.py", "d[1,]\n", "d[1]\n"],
    ["a.py", "(x,) = y\n", "(x) = y\n"],
    ["a.py", "z = [x for (x,) in y]\n", "z = [x for (x) in y]\n"],
    ["a.js", "let a = [/*a*/,];\n", "let a = [];\n"],
    ["a.js", "let a = [1,/*a*/,];\n", "let a = [1,/*a*/];\n"],
    ["a.rs", "fn f() { let (x,) = g(); }\n", "fn f() { let (x) = g(); }\n"],
    ["a.py", "if x:\n  if y:\n      a()\n  \\\n      b()\n", "if x:\n  if y:\n      a()\n      b()\n"],
    [
      "a.go",
      "package a\nfunc ExampleF() { f() /* Output: 1 */ }\n",
      "package a\nfunc ExampleF() { f() /* Output: 2 */ }\n",
    ],
    ["a.py", "# /// script\n# dependencies = []\na()\n", "# /// script\n# dependencies = ['b']\na()\n"],
    ["a.go", "package a\nfunc f() { g() }\n", "package a\nfunc f() { g() } //nolint\n"],
    ["a.rs", "///x\n///\n///    a();\nfn f() {}\n", "///x\n///\n///    b();\nfn f() {}\n"],
    ["a.rs", "m! { let a = 1; /// One.\n b }\n", "m! { let a = 1; /// Two.\n b }\n"],
  ])("two versions are not the same code if a mark or comment of %s acts: %j", (path, before, after) => {
    expect(same(path, before, after)).toBe(false);
  });

  it.each([
    ["a.py", "f(1, 2)\nx = (1, 2)\n", "f(\n    1,\n    2,\n)\nx = (\n    1,\n    2,\n)\n"],
    ["a.js", "f({ a: 1 });\n", "/**\n * Adds __one__, see global state.\n * @param a the first\n */\nf({ a: 1, });\n"],
    ["a.js", "// const a = 1;\nf();\n", "f();\n"],
  ])("two versions are the same code if %s only looks different: %j", (path, before, after) => {
    expect(same(path, before, after)).toBe(true);
  });

  it("two versions are not the same code if the grammar can't read one of them", () => {
    expect(same("a.js", "f(;\n", "f(; // a\n")).toBe(false);
    expect(same("a.js", "f();\n", "f(); // a\n")).toBe(true);
  });

  it.each([
    ["docstrings", '"""One."""\ndef f():\n    """Adds."""\n    return 1\n', '"""Two."""\ndef f():\n    return 1\n'],
    ["docstrings", "class A:\n    a = 1\n    'one'\n", "class A:\n    a = 1\n    'two'\n"],
    ["code", "def f():\n    f'{a()}'\n", "def f():\n    f'{b()}'\n"],
    ["code", "a = 'one'\n", "a = 'two'\n"],
    ["code", "def f():\n    'one'\n", "def f():\n    '\\x'\n"],
    ["code", "'one'\nfrom __future__ import annotations\n", "'one'\n'two'\nfrom __future__ import annotations\n"],
    ["code", "def f():\n    'one'\n    return 1\n", "def f():\n    'two'\n    return 2\n"],
  ])("differ by %s in Python: %j", (difference, before, after) => {
    const acting = readersOf("a.py")?.actingComments ?? (() => []);
    const [old, young] = [readSyntax(before, "a.py"), readSyntax(after, "a.py")];
    expect(codeDifference(old, young, acting)).toBe(difference);
  });

  it("do not differ by docstrings in JavaScript, where such a statement may be a directive", () => {
    const acting = readersOf("a.js")?.actingComments ?? (() => []);
    const read = (text: string) => readSyntax(text, "a.js");
    expect(codeDifference(read("'use strict';\nf();\n"), read("'use sloppy';\nf();\n"), acting)).toBe("code");
  });
});
