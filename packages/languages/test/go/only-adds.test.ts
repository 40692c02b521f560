/** Which changes of a Go test file only add. */

import { actsOnGoPackage, changedGo, changesExistingGo } from "@aedev/languages/go/only-adds";
import { expect, it } from "vitest";

const base = `//go:build linux

package calc

import (
	"testing"
)

type pair struct{ a, b int }

func TestAdd(t *testing.T) {
	tests := []struct {
		name string
		in   pair
		want int
		ok   bool
	}{
		{"one", pair{1, 1}, 2, true},
		{name: "two", in: pair{2, 2}, want: 4},
	}
	for _, tt := range tests {
		if got := Add(tt.in.a, tt.in.b); got != tt.want {
			t.Errorf("%s: %d", tt.name, got)
		}
	}
	c := New()
	c.fast = true
	if c.Sum() != 0 {
		t.Fatal("not empty")
	}
	limit := 1
	_ = limit
}

func helper(x int) int { return x }
`;
const row = '\t\t{"three", pair{3, 3}, 6, false},\n';
const end = "\t_ = limit\n";
/** The file with these statements before the test's check. */
const between = (...statements: string[]) =>
  base.replace("\tif c.Sum()", `${statements.map((one) => `\t${one}\n`).join("")}\tif c.Sum()`);

it.each<[string, string]>([
  ["nothing", base],
  ["a comment", base.replace("func helper", "// helper helps.\nfunc helper")],
  ["a row", base.replace('\t\t{"one"', `${row}\t\t{"one"`)],
  [
    "a check between statements",
    base.replace("\tif c.Sum()", '\tif c.Len() != 0 {\n\t\tt.Error("long")\n\t}\n\tif c.Sum()'),
  ],
  [
    "statements at the end",
    base.replace(end, `${end}\tsum := c.Add(1)\n\tlimit = 3\n\tif sum != 1 {\n\t\tt.Fatal("no one")\n\t}\n`),
  ],
  [
    "a loop at the end that only checks",
    base.replace(
      end,
      `${end}\tfor _, x := range others {\n\t\tsum, err := Parse(x)\n\t\tif err != nil {\n\t\t\tt.Fatal(err)\n\t\t} else if sum != x {\n\t\t\tt.Error(x)\n\t\t}\n\t}\n`,
    ),
  ],
  ["a check by a function of its own", base.replace("\tif c.Sum()", "\tassertEmpty(t, c.Len())\n\tif c.Sum()")],
  [
    "a subtest between statements",
    base.replace(
      "\tc := New()",
      '\tt.Run("more", func(t *testing.T) {\n\t\tgot := Add(1, 2)\n\t\tgot = Add(got, 1)\n\t\tassert.Equal(t, 4, got)\n\t})\n\tc := New()',
    ),
  ],
  [
    "all of these",
    base.replace('\t\t{"one"', `${row}\t\t{"one"`).replace(end, `${end}\tsum := c.Add(1)\n\tassert.Equal(t, 1, sum)\n`),
  ],
  [
    "a test with an import, a type and its methods",
    base
      .replace('\t"testing"\n', '\t"fmt"\n\t"testing"\n')
      .replace(
        "func helper",
        "type odd struct{}\n\nfunc (o *odd) String() string { return fmt.Sprint(1) }\n\nvar limit = 5\n\nfunc TestOdd(t *testing.T) {}\n\nfunc helper",
      ),
  ],
  [
    "types of a test's own",
    base
      .replace("\tc := New()", "\ttype odd struct{ a int }\n\tc := New()")
      .replace(end, `${end}\to := odd{1}\n\tassert.Equal(t, 1, o.a)\n`),
  ],
  [
    "a value under a new name between statements, and a check of it",
    between("sum := c.Sum()", "assert.Equal(t, 0, sum)"),
  ],
  [
    "values under new names, with an error",
    between("sum, err := Add(1, 2)", "assert.Nil(t, err)", "assert.Equal(t, 3, sum)"),
  ],
  ["a value under a new name, and one that is ignored", between("sum, _ := Add(1, 2)", "assert.Equal(t, 3, sum)")],
  ["a value that is only written differently", between("text := fmt.Sprint(c.Sum())", 'assert.Equal(t, "0", text)')],
  ["a condition that notes and reports", between("if c.Sum() > 9 {", "t.Log(1)", "t.Error(1)", "}")],
  [
    "a condition with two reports",
    between("if c.Sum() > 9 {", "t.Error(1)", "} else if c.Sum() > 8 {", "t.Error(2)", "}"),
  ],
  ["a claim that a call panics", between("assert.Panics(t, func() { Add(9, 9) })")],
  ["a claim about how a call panics", between('assert.PanicsWithValue(t, "no place", func() {', "Add(9, 9)", "})")],
  ["a check of functions that only return", between("assert.Equal(t, 1, c.Each(func(x int) int { return x + 1 }))")],
  [
    "a value that a package makes",
    base
      .replace('\t"testing"\n', '\t"strings"\n\t"testing"\n')
      .replace("func helper", 'var title = strings.Repeat("a", 3)\n\nfunc helper'),
  ],
])("a Go test file only grows with %s", (_name, after) => {
  expect(changesExistingGo(base, after)).toBe(false);
});

it.each<[string, string]>([
  ["a changed row", base.replace("pair{1, 1}, 2", "pair{1, 1}, 3")],
  ["a removed row", base.replace('\t\t{"one", pair{1, 1}, 2, true},\n', "")],
  [
    "a row of a list that is used in another way",
    base.replace('\t\t{"one"', `${row}\t\t{"one"`).replace("_ = limit", "_ = tests[:1]"),
  ],
  ["a statement between others", base.replace("\tif c.Sum()", "\tc.Reset()\n\tif c.Sum()")],
  [
    "a check that assigns",
    base.replace("\tif c.Sum()", "\tif c.fast = false; c.Len() != 0 {\n\t\tt.Error()\n\t}\n\tif c.Sum()"),
  ],
  ["a method that looks like a claim", base.replace("\tif c.Sum()", "\tc.Empty()\n\tif c.Sum()")],
  ["a report that does more", between("if c.Len() > 9 {", "t.Error(1)", "helper(1)", "}")],
  ["a claim that the next value panics", between("assert.Panics(t, func() { c.Next() })")],
  ["a claim about a function that sets something", between("assert.Panics(t, func() { c.fast = false })")],
  ["a claim about a function that changes something", between("assert.Panics(t, func() { c.Reset() })")],
  [
    "a claim about a function beside another one",
    between("assert.Panics(t, func() { Add(9, 9) }, func() { c.fast = false })"),
  ],
  ["a claim about a function that decides", between("assert.Panics(t, func() { if Add(9, 9) > 1 { Add(1, 1) } })")],
  ["another claim that is given a function", between("assert.Same(t, func() { Add(9, 9) })")],
  ["a condition that only notes something", between("if c.Sum() > 9 {", "t.Log(1)", "}")],
  ["a condition whose other way does more", between("if c.Sum() > 9 {", "t.Error(1)", "} else {", "helper(1)", "}")],
  ["a check of its own that is given nothing", between("assertEmpty(t)")],
  [
    "a check of a function that does more than return",
    between("assert.Equal(t, 1, c.Each(func(x int) int { c.fast = false; return x }))"),
  ],
  ["another meaning of nil", between("nil := c.Sum()", "assert.Equal(t, 0, nil)")],
  ["a value that copies", between("n := copy(want, got)", "assert.Equal(t, 3, n)")],
  ["a value from what the test does not call", between("sum := c.Total()", "assert.Equal(t, 0, sum)")],
  ["a value that is called", between("sum := c.Sum", "assert.Equal(t, 0, sum())")],
  ["a value from a list of functions", between("sum := c.all[0](1)", "assert.Equal(t, 0, sum)")],
  ["a value that nothing looks at", between("var _ = c.Sum()")],
  ["a claim that what the test does not call panics", between("assert.Panics(t, func() { cancel() })")],
  ["a claim of something that is no library's", between("c.Greater(0, 1)")],
  ["a value that another one gives once", between("first := c.Next()", "assert.Equal(t, 1, first)")],
  ["a value from something that changes", between("was := c.SetFast(false)", "assert.True(t, was)")],
  ["a value from something that gets the test", between("fresh := Add(t, 2)", "assert.Equal(t, 0, fresh)")],
  [
    "a value with a function that sets something",
    between("fresh := fmt.Sprint(func() { c.fast = false })", 'assert.Equal(t, "", fresh)'),
  ],
  [
    "a value of what by its name changes something",
    between("fresh := fmt.Sprint(c.reset)", 'assert.Equal(t, "", fresh)'),
  ],
  ["a value of what gives each value once", between("fresh := fmt.Sprint(scan)", 'assert.Equal(t, "", fresh)')],
  [
    "a value from a function that sets something",
    between("fresh := run(func() { c.fast = false })", "assert.Nil(t, fresh)"),
  ],
  ["a value from an address", between("fresh := load(&c)", "assert.Nil(t, fresh)")],
  ["a value under a known name too", between("length, c := c.Copy()", "assert.Equal(t, 0, length)")],
  ["a removed check", base.replace('\tif c.Sum() != 0 {\n\t\tt.Fatal("not empty")\n\t}\n', "")],
  ["a skip", base.replace(end, `${end}\tt.Skip()\n`)],
  ["a statement at the end that reaches more", base.replace(end, `${end}\tc.fast = false\n`)],
  ["a call at the end", base.replace(end, `${end}\tc.Reset()\n`)],
  ["a type by a name that Go has", base.replace("\tc := New()", "\ttype any struct{ a int }\n\tc := New()")],
  ["a type by a name that the test has", base.replace("\tc := New()", "\ttype pair struct{ b, a int }\n\tc := New()")],
  [
    "a function that gets the test at the end, and nothing says what it does",
    base.replace(end, `${end}\tencodes(t, c)\n`),
  ],
  [
    "a check that writes",
    base.replace("\tif c.Sum()", "\tif err := load(&c); err != nil {\n\t\tt.Fatal(err)\n\t}\n\tif c.Sum()"),
  ],
  ["another package for an import", base.replace('\t"testing"\n', '\tt "testing"\n')],
  [
    "a function that is called at the end",
    base.replace(end, `${end}\tlimit = func() int { c.fast = false; return 1 }()\n`),
  ],
  ["a goto at the end", base.replace(end, `${end}\tlimit = 2\n\tgoto out\n`)],
  ["an address at the end", base.replace(end, `${end}\terr := load(&c)\n`)],
  [
    "a check that sets the environment",
    base.replace("\tif c.Sum()", '\tassert.NoError(t, os.Setenv("A", "b"))\n\tif c.Sum()'),
  ],
  [
    "a row that calls a function of its own",
    base.replace('\t\t{"one"', '\t\t{"x", pair{func() int { limit = 9; return 1 }(), 1}, 2, true},\n\t\t{"one"'),
  ],
  ["a variable that receives", `${base}\nvar first = <-ready\n`],
  [
    "a loop at the end that does more than check",
    base.replace(end, `${end}\tfor _, x := range others {\n\t\tc.Add(x)\n\t}\n`),
  ],
  [
    "a loop at the end that can end the test",
    base.replace(end, `${end}\tfor _, x := range others {\n\t\tif x > 1 {\n\t\t\tt.Error(x)\n\t\t}\n\t\treturn\n\t}\n`),
  ],
  ["a call of a function that is not given the test", base.replace("\tif c.Sum()", "\tcheckOff(c)\n\tif c.Sum()")],
  [
    "a subtest that sets what the test has",
    base.replace("\tif c.Sum()", '\tt.Run("more", func(t *testing.T) {\n\t\tc = New()\n\t})\n\tif c.Sum()'),
  ],
  [
    "a subtest that sets it before it defines the name",
    base.replace(
      "\tif c.Sum()",
      '\tt.Run("more", func(t *testing.T) {\n\t\tc = New()\n\t\tc := 1\n\t\tassert.Equal(t, 1, c)\n\t})\n\tif c.Sum()',
    ),
  ],
  ["a value at the end under a name of the package", base.replace(end, `${end}\tDefault = New()\n`)],
  ["a skip at its start", base.replace("\ttests :=", "\tt.Skip()\n\ttests :=")],
  ["a changed helper", base.replace("return x }", "return x + 1 }")],
  ["a longer helper", base.replace("{ return x }", "{\n\tif x > 3 {\n\t\treturn 0\n\t}\n\treturn x\n}")],
  ["init", `${base}\nfunc init() { patch() }\n`],
  ["TestMain", `${base}\nfunc TestMain(m *testing.M) { os.Exit(0) }\n`],
  ["a method of a type that is not new", `${base}\nfunc (p pair) String() string { return "" }\n`],
  ["a new meaning of a known name", `${base}\nfunc len(x any) int { return 0 }\n`],
  ["a type under a known name", `${base}\ntype error interface{}\n`],
  ["a variable whose value is called for", `${base}\nvar _ = patch()\n`],
  ["an import for its effect", base.replace('\t"testing"\n', '\t"testing"\n\t_ "calc/patch"\n')],
  ["an import of all names", base.replace('\t"testing"\n', '\t"testing"\n\t. "calc/patch"\n')],
  ["another build constraint", base.replace("linux", "windows")],
  ["an indented directive", ` //go:build ignore\n${base}`],
  [
    "a method of a type by another name",
    `${base}\ntype other = pair\n\nfunc (o other) String() string { return "" }\n`,
  ],
  ["a directive", base.replace("func helper", "//go:linkname helper calc.Add\nfunc helper")],
])("a Go test file changes existing tests with %s", (_name, after) => {
  expect(after).not.toBe(base);
  expect(changesExistingGo(base, after)).toBe(true);
});

const example = "package calc\n\nfunc ExampleAdd() {\n\tfmt.Println(Add(1, 2))\n\t// Output: 3\n}\n";
it.each<[string, string]>([
  ["another output", example.replace("3", "4")],
  ["no output", example.replace("\t// Output: 3\n", "")],
])("a Go example changes with %s", (_name, after) => {
  expect(changesExistingGo(example, after)).toBe(true);
});

const looped = (row: string, { head = "_, x", body = "if Add(x, 0) != x {\n\t\t\tt.Error(x)\n\t\t}" } = {}) =>
  `package calc\n\nfunc TestAll(t *testing.T) {\n\tfor ${head} := range []int{${row}} {\n\t\t${body}\n\t}\n}\n`;
it.each<[string, boolean, { head?: string; body?: string }]>([
  ["goes through its rows", false, {}],
  ["goes on with the next one", false, { body: "if x < 0 {\n\t\t\tt.Error(x)\n\t\t\tcontinue\n\t\t}" }],
  ["can end by break", true, { body: "if x < 0 {\n\t\t\tt.Error(x)\n\t\t\tbreak\n\t\t}" }],
  ["numbers its rows", true, { head: "i, x" }],
  [
    "can end before all rows",
    true,
    { body: "if x < 0 {\n\t\t\treturn\n\t\t}\n\t\tif Add(x, 0) != x {\n\t\t\tt.Error(x)\n\t\t}" },
  ],
  ["checks nothing", true, { body: "Enable(x)" }],
])("tells whether another row changes a Go test whose loop %s", (_name, isChange, form) => {
  expect(changesExistingGo(looped("1, 2", form), looped("1, 2, 3", form))).toBe(isChange);
});

it("a Go test changes if its rows change their order", () => {
  expect(changesExistingGo(looped("1, 2"), looped("2, 1"))).toBe(true);
});

it.each([
  "defer func() { recover() }()",
  "defer catch()",
  "defer c.Rescue()",
  "defer c.CloseAll()",
  "defer os.Exit(0)",
  "defer precancel()",
  "go func() { c.Run() }()",
  "go c.Run()",
  't.Run("x", func(t *testing.T) {\n\t\tfor i := 0; i < 3; i++ {\n\t\t\tt.Run("y", func(t *testing.T) { t.Parallel() })\n\t\t}\n\t})',
])("a Go test changes with another check at its end if code may run after it: %s", (statement) => {
  const test = (more: string) => `package calc\n\nfunc TestA(t *testing.T) {\n\tc := New()\n\t${statement}\n${more}}\n`;
  const more = "\tif c.Sum() != 1 {\n\t\tt.Fatal()\n\t}\n";
  expect(changesExistingGo(test("").replace(statement, "_ = 1"), test(more).replace(statement, "_ = 1"))).toBe(false);
  expect(changesExistingGo(test(""), test(more))).toBe(true);
});

it.each([
  "c.fast = false\n\tdefer func() {\n\t\tc.fast = true\n\t}()",
  "t.Cleanup(stop)",
  "t.Parallel()",
  "for range 3 {\n\t\tc.Add(1)\n\t}",
  "file := open()\n\tdefer file.Close()",
  "mu.Lock()\n\tdefer mu.Unlock()",
  "mu.RLock()\n\tdefer mu.RUnlock()",
  "defer clock.timer.Stop()",
  "ctx, cancel := context.WithCancel(parent)\n\tdefer cancel()",
  "defer os.Remove(path)",
  "defer os.RemoveAll(folder)",
  'for range 3 {\n\t\tt.Run("y", func(t *testing.T) { t.Parallel() })\n\t}',
  "// for all tests of Add, which recover",
  'log("no Parallel, no recover")',
])("another row or check does not change a Go test with %s", (statement) => {
  const test = (row: string, more = "") =>
    `package calc\n\nfunc TestA(t *testing.T) {\n\t${statement}\n\ttests := []int{${row}}\n\tfor _, x := range tests {\n\t\tif Add(x, 0) != x {\n\t\t\tt.Error(x)\n\t\t}\n\t}\n${more}}\n`;
  expect(changesExistingGo(test("1"), test("1, 2", "\tif Add(0, 0) != 0 {\n\t\tt.Fatal()\n\t}\n"))).toBe(false);
  expect(changesExistingGo(test("1"), test("2"))).toBe(true);
  if (/defer|Cleanup/u.test(statement)) expect(changesExistingGo(test("1"), test("1", "\tx := 1\n"))).toBe(true);
});

const mapped = (rows: string, head = "in, want") =>
  `package calc\n\nfunc TestAll(t *testing.T) {\n\tinputs := map[pair]int{\n${rows}\t}\n\tfor ${head} := range inputs {\n\t\tif Add(in.a, in.b) != want {\n\t\t\tt.Error(in)\n\t\t}\n\t}\n}\n`;
it.each<[string, boolean, string]>([
  ["another key", false, "\t\t{1, 2}: 3,\n\t\tpair{2, 2}: 4,\n"],
  ["a key that is there, which wins", true, "\t\t{1, 2}: 3,\n\t\tpair{1, 2}: 9,\n"],
  ["a key that may be there", true, "\t\t{1, 2}: 3,\n\t\tpair{one, 2}: 9,\n"],
  ["a key that may be there, written in another way", true, "\t\t{1, 2}: 3,\n\t\tpair{0x1, 2}: 9,\n"],
])("tells whether another row of a map changes a Go test, with %s", (_name, isChange, rows) => {
  expect(changesExistingGo(mapped("\t\t{1, 2}: 3,\n"), mapped(rows))).toBe(isChange);
});

const test = (body: string, more = "") =>
  `package calc\n\nimport "testing"\n\n${more}func TestA(t *testing.T) {\n${body}}\n`;
const add = "\tgot := Add(1, 2)\n\twant := 3\n";
const judged = "\tif got != want {\n\t\tt.Error(got)\n\t}\n";
/** Edits that check less but look like additions; a reviewer found them. */
it.each<[string, string, string]>([
  ["an old check behind a new statement", test(add + judged), test(`${add}\tgot = 3\n${judged}`)],
  [
    "an old check behind a definition that sets",
    test(add + judged),
    test(`${add}\tgot, err := AddSafe(1, 2)\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n${judged}`),
  ],
  [
    "a helper that is new too",
    test(add + judged),
    test(`\trequireEnv(t, "X")\n${add}${judged}`, "func requireEnv(t *testing.T, n string) { t.Skip(n) }\n\n"),
  ],
  [
    "a check that receives",
    test(add + judged),
    test(`${add}\tif e := <-events; e.Err != nil {\n\t\tt.Fatal(e)\n\t}\n${judged}`),
  ],
  [
    "a check that copies",
    test(add + judged),
    test(`${add}\tif n := copy(want, got); n != 2 {\n\t\tt.Error(n)\n\t}\n${judged}`),
  ],
  [
    "a check that makes what the code should make",
    test(add + judged),
    test(`${add}\tif err := os.MkdirAll(dir, 0o755); err != nil {\n\t\tt.Fatal(err)\n\t}\n${judged}`),
  ],
  [
    "a subtest whose loop sets",
    test(add + judged),
    test(
      `${add}\tt.Run("more", func(t *testing.T) {\n\t\tfor _, got = range []int{3} {\n\t\t\tif got != 3 {\n\t\t\t\tt.Error(got)\n\t\t\t}\n\t\t}\n\t})\n${judged}`,
    ),
  ],
  [
    "a subtest that sets what a function in it defines",
    test(add + judged),
    test(
      `${add}\tt.Run("more", func(t *testing.T) {\n\t\tdouble := func(got int) int { return got }\n\t\tgot = 3\n\t\tassert.Equal(t, 3, double(got))\n\t})\n${judged}`,
    ),
  ],
  [
    "a subtest that takes all of a channel",
    test(add + judged),
    test(
      `${add}\tt.Run("more", func(t *testing.T) {\n\t\tfor e := range events {\n\t\t\tif e > 100 {\n\t\t\t\tt.Error(e)\n\t\t\t}\n\t\t}\n\t})\n${judged}`,
    ),
  ],
  [
    "a comment that ends a line",
    `package calc\n\nfunc f() (err error) {\n\treturn Check(x)\n}\n`,
    `package calc\n\nfunc f() (err error) {\n\treturn /* see\n\tCheck */ Check(x)\n}\n`,
  ],
  ["checks in a comment", test(add + judged), test(`${add}/* if true\n${judged}// */\n`)],
  [
    "an import of all names without a space",
    test(add + judged),
    test(add + judged).replace('import "testing"', 'import ."strings"\nimport "testing"'),
  ],
  [
    "a package that is called like the one of a call that makes a value",
    test(add + judged),
    test(add + judged, 'var title = strings.Repeat("a", 3)\n\n').replace(
      'import "testing"',
      'import "calc/strings"\nimport "testing"',
    ),
  ],
  [
    "a value whose format is a method of the file's",
    test(add + judged),
    test(add + judged, 'var title = fmt.Sprintf("%v", banner{})\n\n'),
  ],
])("a Go test file changes existing tests by %s", (_name, before, after) => {
  expect(changesExistingGo(before, after)).toBe(true);
  expect(changesExistingGo(before, `${before}\nfunc TestMore(t *testing.T) {}\n`)).toBe(false);
});

const loop = (rows: string, body: string, around = "") =>
  test(`${around}\tfor _, x := range []int{${rows}} {\n${body}\t}\n`);
const checked = "\t\tif Add(x, 0) != x {\n\t\t\tt.Error(x)\n\t\t}\n";
it.each<[string, boolean, string]>([
  ["only checks", false, checked],
  ["continues after a check", false, `\t\tif x < 0 {\n\t\t\tcontinue\n\t\t}\n${checked}`],
  ["has a subtest", false, `\t\tt.Run("x", func(t *testing.T) {\n\t\t\ty := x\n\t\t\ty++\n${checked}\t\t})\n`],
  ["sets what is outside", true, `${checked}\t\tprev = x\n`],
  ["counts outside", true, `${checked}\t\ti++\n`],
  ["keeps what it saw", true, `${checked}\t\tseen[x] = true\n`],
  ["takes something away", true, `${checked}\t\tdelete(got, x)\n`],
  ["sets what it defines only then", true, `${checked}\t\tsum = x\n\t\tsum := 1\n\t\t_ = sum\n`],
  ["sets through an address", true, `${checked}\t\tp := &c\n\t\tp.n = x\n`],
  ["sets through another name", true, `${checked}\t\tm := seen\n\t\tm[x] = true\n`],
  ["acts through another name", true, `${checked}\t\ty := c\n\t\ty.Next()\n`],
  ["sets what it made itself", false, `\t\tp := &pair{}\n\t\tp.a = x\n${checked}`],
  ["adds up outside", true, `${checked}\t\tsum += x\n`],
  ["sends", true, `${checked}\t\tch <- x\n`],
  ["defers", true, `${checked}\t\tdefer stop(x)\n`],
  ["begins something", true, `${checked}\t\tgo run(x)\n`],
  ["copies", true, `${checked}\t\tcopy(a, b)\n`],
  ["resets", true, `${checked}\t\treset()\n`],
  ["can end the program", true, `\t\tif x > 1 {\n\t\t\tos.Exit(0)\n\t\t}\n${checked}`],
  ["acts on something outside", true, `${checked}\t\tsrv.Handle(x)\n`],
  ["sets the environment of the whole test", true, `\t\tt.Setenv("X", "1")\n${checked}`],
  ["can skip the whole test", true, `\t\tif x > 1 {\n\t\t\tt.Skip()\n\t\t}\n${checked}`],
  [
    "has subtests in parallel, each with its own row",
    false,
    `\t\tx := x\n\t\tt.Run("x", func(t *testing.T) {\n\t\t\tt.Parallel()\n${checked}\t\t})\n`,
  ],
  [
    "has subtests in parallel that may share the row",
    true,
    `\t\tt.Run("x", func(t *testing.T) {\n\t\t\tt.Parallel()\n${checked}\t\t})\n`,
  ],
  ["only notes", true, '\t\tt.Log("x")\n'],
])("tells whether another row changes a Go test if the loop's body %s", (_name, isChange, body) => {
  expect(changesExistingGo(loop("1, 2", body), loop("1, 2, 3", body))).toBe(isChange);
});

it("a Go table of the whole file may get rows, unless they have functions that set something", () => {
  const whole = (rows: string, more = "") =>
    test(`\tfor _, x := range cases {\n${checked}\t}\n${more}`, `var cases = []any{${rows}}\n\n`);
  expect(changesExistingGo(whole("1, 2"), whole("1, 2, &pair{3}"))).toBe(false);
  expect(changesExistingGo(whole("1, 2"), whole("1, 2, &shared"))).toBe(true);
  expect(changesExistingGo(whole("1, 2"), whole("1, 2, func() { Strict = false }"))).toBe(true);
  expect(changesExistingGo(whole("1, 2"), whole("1, 2, mk()"))).toBe(true);
  const counted = "\tif len(cases) < 2 {\n\t\tt.Fatal()\n\t}\n";
  expect(changesExistingGo(whole("1, 2", counted), whole("1, 2, 3", counted))).toBe(true);
});

it("a Go example changes with its comments, and a new example changes no test", () => {
  expect(changesExistingGo(example, example.replace("\t// Output", "\t// The sum.\n\t// Output"))).toBe(true);
  expect(
    changesExistingGo(
      example,
      `${example}\n${example.slice(example.indexOf("func")).replace("ExampleAdd", "ExampleAdd_more")}`,
    ),
  ).toBe(false);
});

const helped = (statements: string) =>
  `package calc\n\nimport "testing"\n\nfunc encodes(t *testing.T, in, want int) {}\n\nfunc TestA(t *testing.T) {\n\ttype (\n\t\tone int\n\t)\n${statements}}\n`;
const encoded = "\tv := one(1)\n\twant := 2\n\tencodes(t, v, want)\n";
it.each<[string, boolean, string]>([
  ["the same function that gets the test", false, `${encoded}\tmore := one(3)\n\twant = 4\n\tencodes(t, more, want)\n`],
  [
    "the same function within a new test at the end",
    false,
    `${encoded}\tt.Run("more", func(t *testing.T) {\n\t\tencodes(t, 3, 4)\n\t})\n`,
  ],
  [
    "the same function within a new test before others",
    true,
    `\tt.Run("more", func(t *testing.T) {\n\t\tencodes(t, 3, 4)\n\t})\n${encoded}`,
  ],
  ["the same function before others", true, `\tencodes(t, 3, 4)\n${encoded}`],
  ["the same function with a function", true, `${encoded}\tencodes(t, func() int { return 3 }(), 4)\n`],
  ["the same function with an address", true, `${encoded}\tencodes(t, &v, 4)\n`],
])("tells whether another helper call changes a Go test that calls %s", (_name, isChange, statements) => {
  expect(changesExistingGo(helped(encoded), helped(statements))).toBe(isChange);
});

it.each<[string, boolean, string]>([
  ["one more", false, "\t\tone int\n\t\ttwo struct{ a one }\n"],
  ["another in its place", true, "\t\tone string\n"],
  ["one with the name of a function that the test calls", true, "\t\tone int\n\t\tencodes func()\n"],
])("tells whether a Go test changes if its types get %s", (_name, isChange, types) => {
  const young = helped(encoded).replace("\t\tone int\n", types);
  expect(changesExistingGo(helped(encoded), young)).toBe(isChange);
});

it.each<[string, boolean, string]>([
  ["an escape", false, '\t\t"a\\nb": 1,\n\t\t`c`: 2,\n'],
  ["a name", true, '\t\t"a\\nb": 1,\n\t\tname: 2,\n'],
])("tells whether another row of a map of strings changes a Go test, with %s in a key", (_name, isChange, rows) => {
  const texts = (all: string) =>
    `package calc\n\nfunc TestAll(t *testing.T) {\n\tinputs := map[string]int{\n${all}\t}\n\tfor in, want := range inputs {\n\t\tif Size(in) != want {\n\t\t\tt.Error(in)\n\t\t}\n\t}\n}\n`;
  expect(changesExistingGo(texts('\t\t"a\\nb": 1,\n'), texts(rows))).toBe(isChange);
});

const plain = test(add + judged);
const more = "\nfunc TestMore(t *testing.T) {}\n";
const rows = (values: string, declared = "") =>
  test(`\tfor _, x := range cases {\n${checked}\t}\n`, `var cases = []any{${values}}\n\n`) + declared;
const ran = (name: string, body = "\t\tassert.Equal(t, 3, Add(1, 2))\n") =>
  `\tt.Run(${name}, func(t *testing.T) {\n${body}\t})\n`;
type Versions = readonly [before: string, after: string];
/** Both versions of a file. */
const change = (before: string, after: string): Versions => [before, after];
/** A test that gets a statement at its end. */
const ends = (statement: string, body = add + judged): Versions => [test(body), test(body + statement)];
/** A file that gets a declaration. */
const declares = (text: string): Versions => [plain, `${plain}\n${text}\n`];
/** A table that gets a row, and the declarations that the row needs. */
const grows = (row: string, declared: string): Versions => [rows("1, 2"), rows(`1, 2, ${row}`, `\n${declared}\n`)];
/** A function that gets a line before it. */
const precedes = (line: string): Versions => [plain, plain.replace("func TestA", `${line}\nfunc TestA`)];

/** Each row has a change that affects tests and a similar one that only adds. */
it.each<[string, Versions, string, Versions]>([
  ["a base that does not parse", change(`${plain}}\n`, plain + more), "one that parses", change(plain, plain + more)],
  ["a file that does not parse", change(plain, `${plain}${more}}\n`), "one that parses", change(plain, plain + more)],
  ["a file that was empty", change("", plain), "one with its package only", change("package calc\n", plain)],
  [
    "one of two that are the same",
    change("package calc\n\nfunc init() { n++ }\n\nfunc init() { n++ }\n", "package calc\n\nfunc init() { n++ }\n"),
    "both",
    change(
      "package calc\n\nfunc init() { n++ }\n\nfunc init() { n++ }\n",
      `package calc\n\nfunc init() { n++ }\n\nfunc init() { n++ }\n${more}`,
    ),
  ],
  [
    "an import of C",
    change(plain, plain.replace('import "testing"', 'import "testing"\nimport "C"')),
    "of a package",
    change(plain, plain.replace('import "testing"', 'import "testing"\nimport "calc/more"')),
  ],
  [
    "a file with code in C",
    change(
      plain.replace("import", '// int add;\nimport "C"\nimport'),
      plain.replace("import", '// int sum;\nimport "C"\nimport'),
    ),
    "a comment",
    change(plain.replace("import", "// int add;\nimport"), plain.replace("import", "// int sum;\nimport")),
  ],
  [
    "a variable made by an own package under a known name",
    change(
      plain,
      `${plain.replace('import "testing"', 'import "testing"\nimport errors "calc/patch"')}\nvar no = errors.New("no")\n`,
    ),
    "by the known package",
    change(
      plain,
      `${plain.replace('import "testing"', 'import "testing"\nimport "errors"')}\nvar no = errors.New("no")\n`,
    ),
  ],
  ["a row with a new function", grows("fresh", "func fresh() {}"), "a new value", grows("fresh", "const fresh = 3")],
  [
    "a row with a new variable that is a function",
    grows("fresh", "var fresh = func() int { return 3 }"),
    "a number",
    grows("fresh", "var fresh = 3"),
  ],
  [
    "a row of a new type with methods",
    grows("odd{}", "type odd struct{}\n\nfunc (o odd) Get() int { return 3 }"),
    "without",
    grows("odd{}", "type odd struct{}"),
  ],
  [
    "a row whose value has methods by another variable",
    grows(
      "fresh",
      "var fresh = other\n\nvar other = odd{}\n\ntype odd struct{}\n\nfunc (o odd) Get() int { return 3 }",
    ),
    "none",
    grows("fresh", "var fresh = other\n\nvar other = odd{}\n\ntype odd struct{}"),
  ],
  [
    "a row whose value is a known type's with a new function",
    grows("fresh", "var fresh = known{get}\n\nfunc get() int { return 3 }"),
    "a number",
    grows("fresh", "var fresh = known{3}"),
  ],
  ["a line directive", precedes("//line other.go:1"), "a comment", precedes("// line other.go:1")],
  ["a line directive within a line", precedes("/*line other.go:1*/"), "a comment", precedes("/* line other.go:1*/")],
  [
    "an old build constraint",
    change(plain, `// +build linux\n\n${plain}`),
    "a comment",
    change(plain, `// build linux\n\n${plain}`),
  ],
  [
    "one without a space",
    change(plain, `//+build linux\n\n${plain}`),
    "a comment",
    change(plain, `//build linux\n\n${plain}`),
  ],
  [
    "a directive that went to another declaration",
    change(
      `${plain}\n//go:embed a\nvar a string\n\nvar b string\n`,
      `${plain}\nvar a string\n\n//go:embed a\nvar b string\n`,
    ),
    "its declaration went with it",
    change(
      `${plain}\n//go:embed a\nvar a string\n\nvar b string\n`,
      `${plain}\nvar b string\n\n//go:embed a\nvar a string\n`,
    ),
  ],
  [
    "a longer TestMain",
    change(`${plain}\nfunc TestMain(t *testing.M) {\n}\n`, `${plain}\nfunc TestMain(t *testing.M) {\n${judged}}\n`),
    "another test",
    change(`${plain}\nfunc TestMains(t *testing.T) {\n}\n`, `${plain}\nfunc TestMains(t *testing.T) {\n${judged}}\n`),
  ],
  [
    "a longer function whose name only begins like that of a test",
    change(`${plain}\nfunc Testing(t *testing.T) {\n}\n`, `${plain}\nfunc Testing(t *testing.T) {\n${judged}}\n`),
    "a test",
    change(`${plain}\nfunc TestIng(t *testing.T) {\n}\n`, `${plain}\nfunc TestIng(t *testing.T) {\n${judged}}\n`),
  ],
  ["main", declares("func main() {}"), "another function", declares("func mainly() {}")],
  ["a variable under a known name", declares("var nil = 5"), "another name", declares("var none = 5")],
  [
    "a known name within a group",
    declares("type (\n\terror interface{}\n)"),
    "another",
    declares("type (\n\toops interface{}\n)"),
  ],
  [
    "a method of a known type that another method is named like",
    declares('type odd struct{}\n\nfunc (o odd) pair() {}\n\nfunc (p pair) String() string { return "" }'),
    "of a new one",
    declares('type odd struct{}\n\nfunc (o odd) pair() {}\n\nfunc (o odd) String() string { return "" }'),
  ],
  [
    "a variable whose value is called for",
    declares("var sum = Add(1, 2)"),
    "a function",
    declares("var sum = func() int { return Add(1, 2) }"),
  ],
  [
    "a block comment that ends a line",
    change(plain, plain.replace("\n\twant := 3", " /* of\n\tboth */ want := 3")),
    "stands between lines",
    change(plain, plain.replace("\twant := 3", "\t/* of\n\tboth */ want := 3")),
  ],
  [
    "a check that else does more",
    change(plain, test(`${add}\tif c.Len() > 9 {\n\t\tt.Error(1)\n\t} else {\n\t\tc.Next()\n\t}\n${judged}`)),
    "that else checks more",
    change(
      plain,
      test(`${add}\tif c.Len() > 9 {\n\t\tt.Error(1)\n\t} else if c.Len() < 1 {\n\t\tt.Error(2)\n\t}\n${judged}`),
    ),
  ],
  [
    "a subtest before one of its name",
    change(test(ran('"one"') + judged), test(ran('"one"', "\t\tassert.Equal(t, 1, 1)\n") + ran('"one"') + judged)),
    "of another name",
    change(test(ran('"one"') + judged), test(ran('"two"', "\t\tassert.Equal(t, 1, 1)\n") + ran('"one"') + judged)),
  ],
  [
    "a subtest before one of its name, which Go writes alike",
    change(test(ran('"a_b"') + judged), test(ran('"a b"', "\t\tassert.Equal(t, 1, 1)\n") + ran('"a_b"') + judged)),
    "in another way",
    change(test(ran('"a_b"') + judged), test(ran('"a-b"', "\t\tassert.Equal(t, 1, 1)\n") + ran('"a_b"') + judged)),
  ],
  [
    "a subtest whose name is written with an escape",
    change(test(ran('"one"') + judged), test(ran('"\\x6fne"') + ran('"one"') + judged)),
    "in a raw text",
    change(test(ran('"one"') + judged), test(ran("`two`") + ran('"one"') + judged)),
  ],
  [
    "a call with a name and a function",
    change(plain, test(add + ran('"more"').replace("t.Run", "c.Use") + judged)),
    "a subtest",
    change(plain, test(add + ran('"more"') + judged)),
  ],
  [
    "a subtest that begins another one by a computed name",
    ends(ran('"more"', ran("name"))),
    "by a plain one",
    ends(ran('"more"', ran('"name"'))),
  ],
  [
    "a subtest that goes through what others may have",
    change(plain, test(add + ran('"more"', "\t\tfor _, x := range list {\n\t\t\tassert.True(t, x)\n\t\t}\n") + judged)),
    "its own",
    change(
      plain,
      test(
        add +
          ran('"more"', "\t\tlist := Sums()\n\t\tfor _, x := range list {\n\t\t\tassert.True(t, x)\n\t\t}\n") +
          judged,
      ),
    ),
  ],
  [
    "a subtest that goes through a channel",
    change(plain, test(add + ran('"more"', "\t\tfor x := range ready {\n\t\t\tassert.True(t, x)\n\t\t}\n") + judged)),
    "through what is written there",
    change(
      plain,
      test(add + ran('"more"', "\t\tfor _, x := range []int{1} {\n\t\t\tassert.True(t, x)\n\t\t}\n") + judged),
    ),
  ],
  ["a value that is taken away", ends("\tx := c.Evict()\n"), "taken", ends("\tx := c.First()\n")],
  [
    "a value by a function of the test's own",
    ends("\tx := c.Map(func() { got = 2 })\n"),
    "by a call",
    ends("\tx := c.Map(got)\n"),
  ],
  [
    "a new value by such a function",
    ends("\tgot = c.Map(func() { want = 2 })\n"),
    "by a call",
    ends("\tgot = c.Map(want)\n"),
  ],
  ["a value from a channel", ends("\tx := <-ready\n"), "from a list", ends("\tx := ready[0]\n")],
  ["a value under a name of the package", ends("\tDefault = c.Len()\n"), "under none", ends("\t_ = c.Len()\n")],
  ["a name that is set before it is defined", ends("\tx = 1\n\tx := 2\n"), "after", ends("\tx := 1\n\tx = 2\n")],
  [
    "a name of a function's own",
    ends("\tDefault = 3\n", `\tf := func(Default int) int { return 1 }\n${add}${judged}`),
    "of the test's own",
    ends("\tDefault = 3\n", `\tDefault := func(x int) int { return 1 }\n${add}${judged}`),
  ],
  [
    "a name of a condition's own",
    ends("\tDefault = 3\n", `\tif Default := f(); Default > 9 {\n\t\tc.Next()\n\t}\n${add}${judged}`),
    "of the test's own",
    ends("\tDefault = 3\n", `\tDefault := f()\n\tif Default > 9 {\n\t\tc.Next()\n\t}\n${add}${judged}`),
  ],
  [
    "a loop through what is taken away",
    ends(`\tfor _, x := range c.Flush() {\n${checked}\t}\n`),
    "is there",
    ends(`\tfor _, x := range c.All() {\n${checked}\t}\n`),
  ],
  [
    "a loop through what gets an address",
    ends(`\tfor _, x := range load(&c) {\n${checked}\t}\n`),
    "a value",
    ends(`\tfor _, x := range load(c) {\n${checked}\t}\n`),
  ],
  [
    "a loop by a condition",
    ends(`\tfor c.Next() {\n${checked}\t}\n`),
    "a number",
    ends(`\tfor range 3 {\n${checked}\t}\n`),
  ],
  [
    "a loop through what gets a function",
    ends(`\tfor _, x := range c.Map(func() { got = 2 }) {\n${checked}\t}\n`),
    "a value",
    ends(`\tfor _, x := range c.Map(got) {\n${checked}\t}\n`),
  ],
])(
  "a Go test file changes existing tests with $0, but not with $2",
  (_name, [before, after], _twin, [twinBefore, twinAfter]) => {
    expect(changesExistingGo(before, after)).toBe(true);
    expect(changesExistingGo(twinBefore, twinAfter)).toBe(false);
  },
);

it.each<[string, string, string]>([
  ["`init`", "func init() { order = 3 }\n", "func initial() { order = 3 }\n"],
  ["`TestMain`", "func TestMain(m *testing.M) { m.Run() }\n", "func TestMainly(t *testing.T) {}\n"],
  [
    "a variable initialized by a function of the file",
    "var _ = swap()\n\nfunc swap() int { return 1 }\n",
    "func swap() int { return 1 }\n",
  ],
  ["a function of another file", "var _ = swap()\n", "var swap = 1\n"],
  [
    "a function literal that is called at once",
    "var _ = func() int {\n\torder = 3\n\treturn 1\n}()\n",
    "var swap = func() int {\n\torder = 3\n\treturn 1\n}\n",
  ],
  [
    "a variable initialized by a method",
    "var _ = own{}.swap()\n\ntype own struct{}\n",
    "var _ = own{}\n\ntype own struct{}\n",
  ],
  ["a function passed as an argument", 'var _ = strings.Map(swap, "a")\n', 'var _ = strings.Repeat("a", 3)\n'],
  ["a value received from a channel", "var _ = <-orders\n", "var _ = orders\n"],
  [
    "a text of a value that has methods",
    "type own struct{}\n\nfunc (o own) String() string {\n\torder = 3\n\treturn order\n}\n\nvar _ = fmt.Sprint(own{})\n",
    "var _ = fmt.Sprint(3)\n",
  ],
  ["a method passed as an argument", 'var _ = strings.Map(h.f, "a")\n', 'var _ = strings.ToUpper("a")\n'],
  ["a function that is made and called", "var _ = sync.OnceValue(h.f)()\n", "var _ sync.Once\n"],
  ["arguments that are parsed", "var _ = flag.CommandLine.Parse([]string{})\n", 'var _ = flag.Int("n", 3, "")\n'],
  ["an option that is set", 'var _ = flag.Set("a", "b")\n', 'var _ = flag.String("a", "b", "")\n'],
  [
    "a package under another name",
    "var _ = strings.Swap(3)\n".replace("strings", "patch"),
    'var _ = renamed.Quote("a")\n',
  ],
  ["the package under test by a known name", 'var _ = fmt2.Sprint("a")\n', 'var _ = fmt.Sprint("a")\n'],
  ["a built-in that writes", "var _ = copy(table, []int{9})\n", "var _ = len(table)\n"],
  ["a setting", 'var _ = os.Setenv("A", "b")\n', 'var quick = flag.Bool("quick", false, "")\n'],
  ["a redefined predeclared function", "func len(x any) int { return 0 }\n", "func size(x any) int { return 0 }\n"],
  ["a redefined predeclared value", "var nil = 3\n", "var none = 3\n"],
  ["an import for its effects", "", ""],
  [
    "a method of a type of the code",
    'func (c Counter) String() string { return "3" }\n',
    'type own struct{}\n\nfunc (c own) String() string { return "3" }\n',
  ],
  [
    "a method of a type with parameters",
    "func (s *Stack[T]) push(x T) {}\n",
    "type stack[T any] []T\n\nfunc (s *stack[T]) push(x T) {}\n",
  ],
  ["a directive", "//go:linkname order calc.order\nvar order int\n", "var order int\n"],
  ["a file that does not parse", "func {\n", "func more() {}\n"],
])("a new test file acts on its package by %s", (name, acting, plain) => {
  const more = name === "an import for its effects" ? '\t_ "calc/patch"\n' : "";
  const file = (body: string, imported = "") =>
    `package calc\n\nimport (\n\t_ "embed"\n\t"errors"\n\t"flag"\n\t"fmt"\n\tfmt2 "calc/fmt"\n\t"os"\n\t"calc/patch"\n\trenamed "strconv"\n\t"strings"\n\t"sync"\n\t"testing"\n${imported})\n\nvar want = errors.New("no")\n\n${body}\nfunc TestA(t *testing.T) {\n\tif Sum() != 3 {\n\t\tt.Error()\n\t}\n}\n`;
  expect(actsOnGoPackage(file(acting, more))).toBe(true);
  expect(actsOnGoPackage(file(plain))).toBe(false);
});

it.each<[string, boolean, string]>([
  ["a function of another package that is given the test", false, 'check.Near(t, "sum", c.got(), c.want)'],
  ["a method of a value that is given the test", true, "c.ledger.Near(t, c.want)"],
  ["a method of a variable that is given the test", true, "store.Near(t, c.want)"],
  ["a function of another package that resets something", true, "check.Reset(t, c.want)"],
])("tells whether another row changes a Go test that checks rows by %s", (_name, isChange, call) => {
  const rows = (all: string) =>
    `package calc\n\nimport "calc/check"\n\nfunc TestAll(t *testing.T) {\n\tfor _, c := range []struct {\n\t\tname string\n\t\twant int\n\t}{\n${all}\t} {\n\t\tt.Run(c.name, func(t *testing.T) { ${call} })\n\t}\n}\n`;
  const one = '\t\t{"one", 1},\n';
  expect(changesExistingGo(rows(one), rows(`${one}\t\t{"two", 2},\n`))).toBe(isChange);
});

const imported = (imports: string, body: string, more = "") =>
  `package calc\n\nimport (\n\t"testing"\n${imports})\n\nfunc TestA(t *testing.T) {\n\twant := 3\n${body}}\n${more}`;
const verified = "\tcheck.Equal(t, Add(1, 2), want)\n";
it.each<[string, boolean, string, string]>([
  [
    "a check by a package that was imported before",
    false,
    imported('\t"calc/check"\n', verified),
    imported('\t"calc/check"\n', `\tcheck.Near(t, 1, want)\n${verified}`),
  ],
  [
    "a check by a package that is new",
    true,
    imported('\t"calc/check"\n', verified),
    imported('\t"calc/check"\n\t"calc/expect"\n', `\texpect.Near(t, 1, want)\n${verified}`),
  ],
  [
    "a check by a well-known package that is new",
    false,
    imported('\t"calc/check"\n', verified),
    imported('\t"calc/check"\n\t"github.com/stretchr/testify/assert"\n', `\tassert.Equal(t, 3, want)\n${verified}`),
  ],
  [
    "a check by a new package that is not called like its path's end",
    true,
    imported('\t"calc/check"\n', verified),
    imported('\t"calc/check"\n\t"x.com/go-helper"\n', `\thelper.Near(t, 1, want)\n${verified}`),
  ],
  [
    "a check of its own beside such a package",
    false,
    imported('\t"calc/check"\n', verified),
    imported('\t"calc/check"\n\t"x.com/go-helper"\n', `\tcheck.Near(t, 1, want)\n${verified}`),
  ],
  [
    "a check by a well-known package at its root",
    false,
    imported('\t"calc/check"\n', verified),
    imported(
      '\t"calc/check"\n\tqt "github.com/frankban/quicktest"\n',
      `\tqt.Assert(t, want, qt.Equals, 3)\n${verified}`,
    ),
  ],
  [
    "a method of a checker that the test has",
    true,
    imported("", `\tchecker := use()\n${verified}`),
    imported("", `\tchecker := use()\n\tchecker.Want(t, Add(1, 2))\n${verified}`),
  ],
  [
    "a method of what a check gives",
    true,
    imported("", verified),
    imported("", `\tcheckCart(t, want).Drain(3)\n${verified}`),
  ],
  [
    "another package under the name of one",
    true,
    imported('\t"calc/expect/v1"\n', "\tv1.Equal(t, Add(1, 2), want)\n"),
    imported('\texpect "calc/expect/v1"\n\tv1 "calc/lenient"\n', "\tv1.Equal(t, Add(1, 2), want)\n"),
  ],
  [
    "a package under a name for its effects, with a comment",
    true,
    imported("", verified),
    imported('\t_ /* x */ "calc/patch"\n', verified),
  ],
  [
    "`TestMain` as a whole function",
    true,
    imported("", verified),
    imported("", verified, "\nfunc TestMain(m *testing.M) {\n\torder = 3\n\tm.Run()\n}\n"),
  ],
  [
    "a statement that a comment parts",
    true,
    imported("", "\tthat(t, 3)(Add(1, 2))\n"),
    imported("", "\tthat(t, 3) /* sums */\n(Add(1, 2))\n"),
  ],
  [
    "a comment within a statement",
    false,
    imported("", "\tthat(t, 3)(Add(1, 2))\n"),
    imported("", "\tthat(t, /* sums */ 3)(Add(1, 2))\n"),
  ],
  [
    "what a parallel subtest can see",
    true,
    imported("", '\tt.Run("a", func(t *testing.T) {\n\t\tt.Parallel()\n\t\tcheck.Equal(t, Add(1, 2), want)\n\t})\n'),
    imported(
      "",
      '\tt.Run("a", func(t *testing.T) {\n\t\tt.Parallel()\n\t\tcheck.Equal(t, Add(1, 2), want)\n\t})\n\twant = Add(1, 2)\n',
    ),
  ],
  [
    "the same at the end of a test that is parallel itself",
    false,
    imported("", `\tt.Parallel()\n${verified}`),
    imported("", `\tt.Parallel()\n${verified}\twant = Add(1, 3)\n\tassert.Equal(t, 4, want)\n`),
  ],
])("tells whether a Go test changes if it gets %s", (_name, isChange, before, after) => {
  expect(changesExistingGo(before, after)).toBe(isChange);
});

it.each<[string, boolean, string, string]>([
  ["a value of a package that may be called so", true, '"x.com/go-helper"', "helper.Two"],
  ["a value of its own beside such a package", false, '"x.com/go-helper"', "2"],
  ["a value of a package with a written name", true, 'helper "x.com/go-helper"', "helper.Two"],
  ["a value of its own beside one with a written name", false, 'helper "x.com/go-helper"', "other"],
  ["a value of a known package beside an unknown one", false, '"strings"\n\t"x.com/go-helper"', 'strings.ToUpper("a")'],
  ["a value under no known name beside a known package", false, '"strings"', "helper.Two"],
])("tells whether another row changes a Go test, with a new import and %s", (_name, isChange, imports, value) => {
  const file = (more: string, row: string) =>
    `package calc\n\nimport (\n\t"calc/check"\n\t"testing"\n${more})\n\nfunc TestAll(t *testing.T) {\n\tfor _, c := range []struct{ want any }{\n\t\t{1},\n${row}\t} {\n\t\tcheck.Near(t, c.want)\n\t}\n}\n`;
  expect(changesExistingGo(file("", ""), file(`\t${imports}\n`, `\t\t{${value}},\n`))).toBe(isChange);
});

it("a name of an inner block counts as unknown after the block, if a new Go import may have it", () => {
  const loop = "\tfor _, hack := range []int{1} {\n\t\tcheck.Near(t, hack)\n\t}\n";
  const before = imported('\t"calc/check"\n', verified);
  const after = (imports: string, end: string) => imported(`\t"calc/check"\n${imports}`, `${verified}${loop}${end}`);
  expect(changesExistingGo(before, after('\t"x.com/kit"\n', "\tcheck.Near(t, hack.Two)\n"))).toBe(true);
  expect(changesExistingGo(before, after('\t"strings"\n', "\tcheck.Near(t, hack.Two)\n"))).toBe(false);
});

it("a Go test may not get values or panics of its own functions, but may get claims of an asserter", () => {
  const test = (first: string, more: string) =>
    `package calc\n\nimport "testing"\n\nfunc TestStop(t *testing.T) {\n\t${first}\n\tstop()\n${more}\tassert.Equal(t, 1, Sum())\n}\n`;
  const own = "stop := func() bool { t.Skip(); return true }";
  const adds = (first: string, more: string) => !changesExistingGo(test(first, ""), test(first, more));
  for (const more of ["\tok := stop()\n\tassert.True(t, ok)\n", "\tassert.NotPanics(t, func() { stop() })\n"])
    expect([adds(own, more), adds("start()", more)]).toEqual([false, true]);
  const claim = "\tis.PanicsWithValue(1, func() { stop() })\n\tis.Greater(2, Sum())\n";
  expect([adds("is := assert.New(t)", claim), adds("is := query(1)", claim)]).toEqual([true, false]);
  const empty = (given: string) => adds("is := assert.New(t)", `\tis.Equal(${given})\n`);
  expect([empty(""), empty("1, Sum()")]).toEqual([false, true]);
});

it("names the tests of a Go file whose own statements change, beside others that only grow or are new", () => {
  const two = `${base}\nfunc TestSum(t *testing.T) {\n\tis(t, 1)\n}\n`;
  const edited = two.replace("pair{1, 1}, 2", "pair{1, 1}, 3");
  expect(changedGo(two, edited)).toEqual({ isShared: false, edited: ["TestAdd"] });
  expect(changedGo(two, edited.replace("is(t, 1)", "is(t, 2)"))).toEqual({
    isShared: false,
    edited: ["TestAdd", "TestSum"],
  });
  expect(changedGo(two, `${edited}\nfunc TestNew(t *testing.T) {}\n`).edited).toEqual(["TestAdd"]);
  expect(changesExistingGo(two, edited)).toBe(true);
  expect(changedGo(base, base.replace('\t\t{"one"', `${row}\t\t{"one"`))).toEqual({ isShared: false, edited: [] });
});

it.each<[string, string]>([
  ["a helper", base.replace("return x", "return x + 1")],
  ["a test that goes", base.replace("func TestAdd", "func TestOther")],
  ["a type", base.replace("a, b int", "a, b int64")],
  ["an init", `${base}\nfunc init() { patch() }\n`],
  ["a text that is not Go", `${base}\n}`],
])("takes a change of a Go test file for one of shared code if beside a test it changes %s", (_name, after) => {
  expect(changedGo(base, after.replace("pair{1, 1}, 2", "pair{1, 1}, 3"))).toEqual({ isShared: true, edited: [] });
});
