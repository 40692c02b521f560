/** Methods by which tests compare values must not make wrong values look equal (SECURITY T26). */

import { readersOf } from "@aedev/languages/readers";
import { describe, expect, it } from "vitest";
import { addedSurroundings } from "../../../src/findings/test-diff/code-findings.ts";

const surroundingsIn = (path: string, text: string, beside: readonly string[] = []) =>
  readersOf(path)?.surroundings?.(path, text, beside) ?? [];

const uses = (path: string, text: string, beside: readonly string[] = []) =>
  surroundingsIn(path, text, beside).map(({ what }) => what);
/** The uses that a change of one file asks about. */
const asked = (path: string, before: string, after: string) =>
  addedSurroundings(surroundingsIn(path, before), surroundingsIn(path, after)).map(({ what }) => what);

const head = 'package a\nimport ("bytes"; "cmp"; "maps"; "slices"; "strings"; "time")\n';
const kinds = `${head}type P struct { kind error; name string }\n`;
const pair = `${head}type P struct { x int64; y *Other }\ntype Other struct{}\n`;
const method = (body: string, signature = "(a P) Equal(b P) bool") => `func ${signature} { ${body} }\n`;

describe("equality of a type in Go", () => {
  it.each<[string, string]>([
    ["each field", pair + method("return a.x == b.x && a.y == b.y")],
    ["each field, the other's first, in brackets", pair + method("return (b.x == a.x && (b.y == a.y))")],
    ["both as a whole", pair + method("return a == b")],
    ["what pointers point to", pair + method("return *a == *b", "(a *P) Equal(b *P) bool")],
    ["fields by their own methods", pair + method("return a.x == b.x && a.y.Equal(b.y)")],
    ["fields by methods that compare", pair + method("return a.x == b.x && b.y.Cmp(a.y) == 0")],
    [
      "fields in several statements",
      pair + method("if a.x != b.x || !a.y.Equal(b.y) {\n return false\n }\n return true"),
    ],
    ["a last field at the end", pair + method("if a.x != b.x { return false }\n return a.y == b.y")],
    [
      "fields of pointers",
      pair +
        method(
          "if a == b { return true }\n if a == nil || b == nil { return a == b }\n return a.x == b.x && a.y == b.y",
          "(a *P) Equal(b *P) bool",
        ),
    ],
    [
      "a pointer with nil first",
      pair + method("if a == nil { return b == nil }\n return a.x == b.x && a.y == b.y", "(a *P) IsEqual(b *P) bool"),
    ],
    [
      "any value of the type",
      pair +
        method("o, ok := b.(P)\n if !ok { return false }\n return a.x == o.x && a.y == o.y", "(a P) Equal(b any) bool"),
    ],
    [
      "an error of the type",
      pair + method("o, ok := b.(*P)\n return ok && a.x == o.x && a.y == o.y", "(a *P) Is(b error) bool"),
    ],
    ["an error as its own kind", kinds + method("return b == a.kind", "(a *P) Is(b error) bool")],
    [
      "an error as its own kind by another package",
      `package p\nimport "errors"\n${kinds.replace(head, "")}${method("return errors.Is(a.kind, b)", "(a *P) Is(b error) bool")}`,
    ],
    [
      "lists and maps",
      `${head}type P struct { x, y []int; z map[string]int; Other }\n${method("return len(a.x) == len(b.x) && slices.Equal(a.x, b.x) && bytes.Equal(a.y, b.y) && maps.Equal(a.z, b.z) && a.Other == b.Other")}`,
    ],
    ["a list", `${head}type P []int\n${method("return slices.Equal(a, b)")}`],
    ["a number", `${head}type P int\n${method("return a == b", "(a P) Same(b P) bool")}`],
    [
      "a type with parameters",
      `${head}type P[T any] struct { x T }\n${method("return a.x == b.x", "(a P[T]) Equal(b P[T]) bool")}`,
    ],
    ["what is unequal", pair + method("return a.x != b.x || a.y != b.y", "(a P) NotEqual(b P) bool")],
    [
      "by another plain method",
      pair + method("return !a.Equal(b)", "(a P) NotEqual(b P) bool") + method("return a.x == b.x && a.y == b.y"),
    ],
    ["with blank fields", `${head}type P struct { x int; _ [4]byte }\n${method("return a.x == b.x")}`],
  ])("may compare %s", (_, text) => {
    expect(uses("a.go", text)).toEqual([]);
  });

  it.each<[string, string]>([
    ["a field with itself", pair + method("return a.x == a.x && a.y == b.y")],
    ["the other's field with itself", pair + method("return b.x == b.x && a.y == b.y")],
    ["both with themselves", pair + method("return a == a")],
    ["both as a whole, and something else", pair + method("return a == b && a.near()")],
    ["more than its fields", pair + method("return a.x == b.x && a.y == b.y && a.z == b.z")],
    [
      "a value whose type it leaves open",
      pair + method("o, ok := b.(P)\n return a.x == o.x && a.y == o.y", "(a P) Equal(b any) bool"),
    ],
    ["pointers with themselves", pair + method("return *b == *b", "(a *P) Equal(b *P) bool")],
    ["one field twice", pair + method("return a.x == b.x && a.x == b.x")],
    ["one field of two", pair + method("return a.x == b.x")],
    ["a field with another", pair + method("return a.x == b.y && a.y == b.x")],
    ["either field", pair + method("return a.x == b.x || a.y == b.y")],
    ["either field in brackets", pair + method("return (a.x == b.x || a.y == b.y)")],
    ["one field or another after all", pair + method("return a.x == b.x && a.y == b.y || a.x == -b.x")],
    ["what is not different in both", pair + method("if a.x != b.x && a.y != b.y { return false }\n return true")],
    ["nothing for some values", pair + method("if a.x < 0 { return true }\n return a.x == b.x && a.y == b.y")],
    ["nothing for zero", pair + method("if a == (P{}) { return true }\n return a.x == b.x && a.y == b.y")],
    [
      "nothing for nil",
      pair +
        method("if a == nil || b == nil { return true }\n return a.x == b.x && a.y == b.y", "(a *P) Equal(b *P) bool"),
    ],
    ["nothing", pair + method("return true")],
    ["nothing of a value without a name", pair + method("return true", "(P) Equal(P) bool")],
    ["remainders", pair + method("return a.x%10000 == b.x%10000 && a.y == b.y")],
    ["converted fields", pair + method("return int8(a.x) == int8(b.x) && a.y == b.y")],
    ["what methods make of fields", pair + method("return a.shown() == b.shown() && a.y == b.y")],
    ["texts without their case", `${head}type P struct { x string }\n${method("return strings.EqualFold(a.x, b.x)")}`],
    [
      "the opposites of fields",
      `${head}type P struct { x, y bool }\n${method("if !a.x == b.x { return false }\n return a.y == b.y")}`,
    ],
    ["the sizes of fields", `${head}type P struct { x []int }\n${method("return len(a.x) == len(b.x)")}`],
    ["a list by a function", `${head}type P struct { x []int }\n${method("return slices.EqualFunc(a.x, b.x, near)")}`],
    ["a list with itself", `${head}type P struct { x []int }\n${method("return slices.Equal(a.x, a.x)")}`],
    [
      "a list by the repository's own package",
      `package a\nimport "example.com/a/slices"\ntype P struct { x []int }\n${method("return slices.Equal(a.x, b.x)")}`,
    ],
    [
      "a list by a package of another name",
      `package a\nimport slices "example.com/a/lists"\ntype P struct { x []int }\n${method("return slices.Equal(a.x, b.x)")}`,
    ],
    [
      "a list by what a parameter is called",
      `package a\nimport "bytes"\ntype P struct { x []byte }\n${method("return bytes.Equal(a.x, bytes.x)", "(a P) Equal(bytes P) bool")}`,
    ],
    [
      "a list by a variable of the package",
      `package a\nvar slices near\ntype P struct { x []int }\n${method("return slices.Equal(a.x, b.x)")}`,
    ],
    [
      "deeply, with itself",
      `package a\nimport "reflect"\ntype P struct { x []int }\n${method("return reflect.DeepEqual(a, a)")}`,
    ],
    [
      "what an embedded type has",
      `${head}type Base struct { x int }\ntype P struct { Base; y int }\n${method("return a.x == b.x && a.y == b.y")}`,
    ],
    ["all but an embedded type", `${head}type P struct { *Base; y int }\n${method("return a.y == b.y")}`],
    ["a part of a field", `${head}type P struct { x Other }\n${method("return a.x.y == b.x.y")}`],
    ["what it has set before", pair + method("a = b\n return a.x == b.x && a.y == b.y")],
    ["a field that it has set before", pair + method("b.x = a.x\n return a.x == b.x && a.y == b.y")],
    ["rounded values", pair + method("a, b = a.round(), b.round()\n return a == b")],
    [
      "another value of the same name",
      pair + method("if b := a; a.x == b.x && a.y == b.y { return true }\n return false"),
    ],
    ["a value of the same name inside", pair + method("{ b := a; return a.x == b.x && a.y == b.y }")],
    [
      "with a named result that is set at the end",
      pair + method("defer func() { ok = true }()\n return a.x == b.x && a.y == b.y", "(a P) Equal(b P) (ok bool)"),
    ],
    ["with a jump", pair + method("goto end\n end: return true")],
    ["in a function of its own", pair + method("return func(b P) bool { return a.x == b.x && a.y == b.y }(a)")],
    ["with something else if it differs", pair + method("if a.x != b.x { return a.y == b.y }\n return a.y == b.y")],
    [
      "with a second way",
      pair + method("if a.x != b.x { return false } else if a.y.near() { return true }\n return a.y == b.y"),
    ],
    [
      "a value whose type it does not ask for",
      pair + method("o, _ := b.(P)\n return a.x == o.x && a.y == o.y", "(a P) Equal(b any) bool"),
    ],
    [
      "a value of which it does not need the type",
      pair + method("o, ok := b.(P)\n return !ok || a.x == o.x && a.y == o.y", "(a P) Equal(b any) bool"),
    ],
    [
      "a value whose type it ignores",
      pair +
        method("o, ok := b.(P)\n if ok { return true }\n return a.x == o.x && a.y == o.y", "(a P) Equal(b any) bool"),
    ],
    [
      "by a method that does not",
      pair + method("return a.Same(b)") + method("return a.x == b.x", "(a P) Same(b P) bool"),
    ],
    ["by a method of another type", pair + method("return a.Same(b)") + method("return true", "(a Q) Same(b Q) bool")],
    ["by methods in a circle", pair + method("return a.Same(b)") + method("return b.Equal(a)", "(a P) Same(b P) bool")],
    ["another type's value", pair + method("return b.Has(a)", "(a P) Equal(b Set) bool")],
    ["an error by its type", pair + method("_, ok := b.(*P)\n return ok", "(a *P) Is(b error) bool")],
    ["an error as any but its kind", kinds + method("return b != a.kind", "(a *P) Is(b error) bool")],
    [
      "an error as its kind or else",
      kinds + method("return b == a.kind || a.name == b.Error()", "(a *P) Is(b error) bool"),
    ],
    ["an error as anything or its kind", kinds + method("return loose || b == a.kind", "(a *P) Is(b error) bool")],
    ["an error as what is no field", kinds + method("return b == a.other", "(a *P) Is(b error) bool")],
    ["by another name of bool", `${pair}type answer = bool\n${method("return true", "(a P) Equal(b P) answer")}`],
    ["false as true", `${pair}const false = true\n${method("return a.x == b.x && a.y == b.y")}`],
    ["false as true in a list", `${pair}const (\n one = true\n false\n)\n${method("return a.x == b.x && a.y == b.y")}`],
    ["by assembly", `${pair}func (a P) Equal(b P) bool\n`],
    ["some of what is unequal", pair + method("return a.x != b.x", "(a P) NotEqual(b P) bool")],
    ["what a comment hides", pair + method("return a.x == b.x && /* a.y == */ b.y == b.y")],
    ["a type that is not seen", head + method("return a.x == b.x && a.y == b.y")],
    ["a type of several declarations", `${pair}type P struct { x int64 }\n${method("return a.x == b.x")}`],
    ["another type's alias", `${pair}type Q = P\n${method("return a.x == b.x", "(a Q) Equal(b Q) bool")}`],
  ])("asks if it compares %s", (_, text) => {
    expect(uses("a.go", text).filter((use) => / of /u.test(use))).not.toEqual([]);
  });

  it.each<[string, string]>([
    ["has another name", "(a P) Covers(b P) bool"],
    ["takes indexes", "(a P) Less(i, j int) bool"],
    ["takes more", "(a P) Equal(b P, near int64) bool"],
    ["says something else", "(a P) Eq(b any) Clause"],
    ["gives a value", "(a P) After(b int) P"],
    ["compares with another type", "(a P) Before(b time.Time) bool"],
    ["is a test of a name", "(a P) Is(name string) bool"],
  ])("does not ask for a method that %s", (_, signature) => {
    expect(uses("a.go", pair + method("return a.found(b)", signature))).toEqual([]);
  });

  it("reads a type that another file of the package declares", () => {
    const text = head + method("return a.x == b.x && a.y == b.y");
    const of = (fields: string, clause = "package a") => `${clause}\ntype P struct { ${fields} }\n`;
    const equality = ["Equal of P"];
    expect(uses("a.go", text, ["package a\n", of("x int64; y *Other")])).toEqual([]);
    expect(uses("a.go", text, [of("x int64; y *Other; z int")])).toEqual(equality);
    expect(uses("a.go", text, [of("x int64; y *Other", "package b")])).toEqual(equality);
    expect(uses("a.go", text, [of("x int64; y *Other"), of("x int64; y *Other")])).toEqual(equality);
    expect(uses("a.go", text, [of("x int64; y *Other"), "package a\nconst false = true\n"])).toEqual(equality);
    expect(uses("a.go", text, [of(`x int64; y *Other; ${"z struct { ".repeat(900)}${"}".repeat(900)}`)])).toEqual(
      equality,
    );
    const answers = head + method("return a.x == b.x", "(a P) Equal(b P) answer");
    expect(uses("a.go", answers, ["package a\ntype answer = bool\n"])).toEqual(equality);
    expect(uses("a.go", answers, ["package a\ntype answer string\n"])).toEqual([]);
    const plain = `package a\n${method("return a.x == b.x && a.y == b.y", "(a P) Same(b P) bool")}`;
    const byOther = pair + method("return a.Same(b)");
    expect(uses("a.go", byOther, [plain])).toEqual([]);
    expect(uses("a.go", byOther, [plain.replace("a.y == b.y", "b.y == b.y")])).toEqual(equality);
  });
});

describe("order of a type in Go", () => {
  const order = (body: string) => pair + method(body, "(a P) Less(b P) bool");
  const sign = (body: string) => pair + method(body, "(a P) Compare(b P) int");

  it.each<[string, string]>([
    ["a field", order("return a.x < b.x")],
    ["a field by its method", order("return b.y.Before(a.y)")],
    ["fields in turn", order("if a.x != b.x { return a.x > b.x }\n return cmp.Compare(a.y, b.y) < 0")],
    [
      "by another method",
      order("return a.Cmp(b) < 0") +
        method("return cmp.Or(cmp.Compare(a.x, b.x), a.y.Compare(b.y))", "(a P) Cmp(b P) int"),
    ],
    [
      "by the opposite of another method",
      order("return !b.Before(a)") + method("return a.x < b.x", "(a P) Before(b P) bool"),
    ],
    [
      "each field in several statements",
      sign("if c := cmp.Compare(a.x, b.x); c != 0 { return c }\n return a.y.Cmp(b.y)"),
    ],
    ["each field by differences", sign("if a.x != b.x { return cmp.Compare(a.x, b.x) }\n return a.y.Compare(b.y)")],
    [
      "each field by its directions",
      sign(
        "if a.x < b.x { return -1 }\n if a.x > b.x { return 1 }\n switch { case a.y < b.y: return 1\n case b.y < a.y: return -1\n default: return 0 }",
      ),
    ],
  ])("may compare %s", (_, text) => {
    expect(uses("a.go", text)).toEqual([]);
  });

  it.each<[string, string]>([
    ["a field with itself", order("return a.x < a.x")],
    ["different fields", order("return a.x < b.y")],
    ["one field where another differs", order("if a.x != b.x { return a.y < b.y }\n return a.x < b.x")],
    ["with a margin", order("return a.x+10 < b.x")],
    [
      "one direction before both",
      sign("if a.x < b.x { return 1 }\n if a.x != b.x { return cmp.Compare(a.x, b.x) }\n return cmp.Compare(a.y, b.y)"),
    ],
    [
      "both directions alike after another",
      sign(
        "if a.x < b.x { return -1 }\n if a.x < b.x { return 1 }\n if a.x > b.x { return -1 }\n return cmp.Compare(a.y, b.y)",
      ),
    ],
    ["nothing", order("return false")],
    ["by itself", order("return a.Less(b)")],
    ["by another method that is none", order("return a.Cmp(b) < 0")],
    ["one field of two", sign("return cmp.Compare(a.x, b.x)")],
    ["one direction", sign("if a.x < b.x { return -1 }\n return cmp.Compare(a.y, b.y)")],
    [
      "both directions alike",
      sign("if a.x < b.x { return -1 }\n if a.x > b.x { return -1 }\n return cmp.Compare(a.y, b.y)"),
    ],
    [
      "one direction twice",
      sign("if a.x < b.x { return -1 }\n if b.x > a.x { return 1 }\n return cmp.Compare(a.y, b.y)"),
    ],
    [
      "differences that are too small",
      sign("if a.x < b.x { return -1 }\n if a.x > b.x+9 { return 1 }\n return cmp.Compare(a.y, b.y)"),
    ],
    ["what is 0 for others", sign("if a.x != b.x { return 0 }\n return cmp.Compare(a.y, b.y)")],
    ["only what it asks for", sign("if c := cmp.Compare(a.x, b.x); c > 0 { return c }\n return cmp.Compare(a.y, b.y)")],
    [
      "by the repository's own function",
      sign("return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y))").replace('"cmp"', '"example.com/cmp"'),
    ],
    ["a value of another type", pair + method("return 0", "(a P) Compare(b Set) int")],
  ])("asks if it compares %s", (_, text) => {
    expect(uses("a.go", text)).not.toEqual([]);
  });
});

describe("a comparison that a change rewrites", () => {
  const python = (compared: string) => `class P(Q):\n    def __eq__(self, other):\n        return ${compared}\n`;
  const rust = (compared: string) => `impl PartialEq for P { fn eq(&self, other: &Self) -> bool { ${compared} } }\n`;
  const unseen = (body: string) => head + method(body);

  it.each<[string, string, string, string, string[]]>([
    ["in Go", "a.go", unseen("return a.x == b.x"), unseen("return a.x%9 == b.x%9"), ["Equal of P"]],
    [
      "in Go, from an honest one",
      "a.go",
      pair + method("return a == b"),
      pair + method("return a.x == b.x"),
      ["Equal of P"],
    ],
    ["in Python", "a.py", python("self.a == other.a"), python("self.a % 9 == other.a % 9"), ["__eq__"]],
    [
      "in Python by a decorator",
      "a.py",
      python("self.a == other.a"),
      python("self.a == other.a").replace("    def", "    @near\n    def"),
      ["__eq__"],
    ],
    [
      "in Python by another function",
      "a.py",
      "class P:\n    __eq__ = one\n",
      "class P:\n    __eq__ = other\n",
      ["__eq__"],
    ],
    ["in Python from outside", "a.py", "P.__eq__ = one\n", "P.__eq__ = other\n", ["__eq__"]],
    ["in Rust", "a.rs", rust("self.a() == other.a()"), rust("self.a() % 9 == other.a() % 9"), ["impl PartialEq for"]],
    [
      "in JavaScript, of a number that a class stands for",
      "a.js",
      "class P { valueOf() { return this.a.b; } }",
      "class P { valueOf() { return this.a.b % 9; } }",
      ["valueOf"],
    ],
  ])("asks %s", (_, path, before, after, expected) => {
    expect(asked(path, before, after)).toEqual(expected);
    expect(asked(path, before, before)).toEqual([]);
    expect(asked(path, after, after)).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    [
      "comments in Go",
      "a.go",
      unseen("return a.x == b.x"),
      `// Package a.\n${unseen("// All.\n return a.x ==\n b.x")}`,
    ],
    [
      "types and documentation in Python",
      "a.py",
      python("self.a == other.a"),
      python("self.a == other.a").replace("other):", "other: object) -> bool:\n        '''Compares.'''"),
    ],
    [
      "lifetimes in Rust",
      "a.rs",
      "impl<'a> PartialEq<P> for &'a Q { fn eq(&self, other: &P) -> bool { f(self, other) } }",
      "impl PartialEq<P> for &Q {\n    // All.\n    fn eq(&self, other: &P) -> bool { f(self, other) }\n}",
    ],
    [
      "what a value does at its end in Rust",
      "a.rs",
      "impl Drop for P { fn drop(&mut self) { one() } }",
      "impl Drop for P { fn drop(&mut self) { other() } }",
    ],
    [
      "another method in Python",
      "a.py",
      "class P:\n    def __bool__(self): return f()\n",
      "class P:\n    def __bool__(self): return g()\n",
    ],
  ])("does not ask for a change of %s", (_, path, before, after) => {
    expect(asked(path, before, after)).toEqual([]);
  });
});

describe("equality of a class in JavaScript", () => {
  const ofClass = (equality: string, more = "") =>
    `class P {\n  #a;\n  constructor(a, b) { this.#a = a; this.b = b; Object.freeze(this); }\n  get a() { return this.#a; }\n  static of(a) { return new P(a, 0); }\n${more}  ${equality}\n}\n`;
  const plain = ofClass("equals(other) { return other instanceof P && this.#a === other.#a && this.b === other.b; }");

  it.each<[string, string]>([
    [
      "after asking for the class",
      ofClass("equals(o) { if (!(o instanceof P)) return false; return o.b === this.b && this.#a.equals(o.#a) }"),
    ],
    ["without asking for the class", ofClass("equals(o) { return (this.#a === o.#a) && this.b === o.b; }")],
    [
      "with a field more",
      ofClass("equals(o) { return this.#a === o.#a && this.b === o.b && this.c === o.c; }", "  c = 0;\n"),
    ],
  ])("may compare each field %s", (_, after) => {
    expect(asked("a.js", plain, after)).toEqual([]);
    expect(asked("a.js", after, ofClass("equals(other) { return true; }"))).toEqual(["equals"]);
  });

  it.each<[string, string]>([
    ["one field of two", ofClass("equals(o) { return this.#a === o.#a; }")],
    ["a field with itself", ofClass("equals(o) { return this.#a === o.#a && this.b === this.b; }")],
    ["one field for another", ofClass("equals(o) { return this.#a === o.b && this.b === o.#a; }")],
    ["either field", ofClass("equals(o) { return this.#a === o.#a || this.b === o.b; }")],
    ["fields of different types", ofClass("equals(o) { return this.#a === o.#a && this.b == o.b; }")],
    ["remainders", ofClass("equals(o) { return this.#a % 9 === o.#a % 9 && this.b === o.b; }")],
    [
      "nothing for some values",
      ofClass("equals(o) { if (this.#a < 0) return true; return this.#a === o.#a && this.b === o.b; }"),
    ],
    ["what an accessor gives", ofClass("equals(o) { return this.a === o.a && this.b === o.b; }")],
    ["a field that a method hides", ofClass("equals(o) { return this.#a === o.#a; }", "  b() { return this; }\n")],
    ["something else too", ofClass("equals(o) { return this.#a === o.#a && this.b === o.b && o.near(); }")],
    [
      "not those of its parent",
      `class Q {}\n${ofClass("equals(o) { return this.#a === o.#a && this.b === o.b; }").replace("class P", "class P extends Q")}`,
    ],
    ["by a parameter with a default", ofClass("equals(o = this) { return this.#a === o.#a && this.b === o.b; }")],
    ["by a function that it keeps", ofClass("equals = (o) => P.near(this, o);")],
    ["by a computed member", ofClass("['equals'](o) { return true; }")],
    ["by an accessor", ofClass("get equals() { return P.near; }")],
    ["by what the class gets later", `${ofClass("")}P.prototype.equals = P.near;\n`],
    ["by its parent", `class Q { equals(o) { return true; } }\n${ofClass("").replace("class P", "class P extends Q")}`],
  ])("asks if it compared each field, and now compares %s", (_, after) => {
    expect(asked("a.js", plain, after)).toEqual(["equals"]);
    expect(asked("a.js", ofClass(""), after)).toEqual([]);
  });

  it("may have an order by its only field", () => {
    const by = (value: string) =>
      `class P {\n  constructor(a) { this.a = a; }\n  compareTo(o) { return ${value}; }\n}\n`;
    expect(asked("a.ts", by("this.a - o.a"), by("Math.round(this.a) - Math.round(o.a)"))).toEqual(["compareTo"]);
    expect(asked("a.ts", by("near(this.a, o.a)"), by("this.a - o.a"))).toEqual([]);
  });

  it("reads fields of TypeScript", () => {
    const by = (fields: string) =>
      `class P {\n  constructor(private readonly a: number, public b = 1, c: number) {}\n  equals(other: P): boolean { return ${fields}; }\n}\n`;
    const both = by("this.a === other.a && this.b === other.b");
    expect(asked("a.ts", both, by("this.a === other.a"))).toEqual(["equals"]);
    expect(asked("a.ts", both, by("this.b === other.b && this.a === other.a"))).toEqual([]);
  });
});
