/** Go files that record the calls of their functions, the program that repeats them, and the command that builds it. */

import { type GoNames, instrumentGo } from "@aedev/languages/go/instrument";
import { describe, expect, it } from "vitest";
import { buildCommandOf } from "../../../src/checks/replay/go-build-command.ts";
import { callingProgram, goModuleOf, recorderPackage } from "../../../src/checks/replay/go-program.ts";
import { replayLanguageOf } from "../../../src/checks/replay/languages.ts";
import { readCalls } from "../../../src/checks/replay/recorded-calls.ts";

const names: GoNames = { own: "xa", importPath: "example.org/m/xa", path: "a.go", isSetUp: false };
const instrument = (text: string, original = text) => instrumentGo(text, original, names);

describe("a recording Go file", () => {
  it("keeps every line in its place, and renames each function", () => {
    const text = "package a\n\n// Sum adds.\nfunc Sum(a, b int) (sum int, err error) {\n\treturn a + b, nil\n}";
    const found = instrument(text);
    expect(found?.functions).toEqual([{ name: "Sum", expression: "Sum" }]);
    const lines = found?.text.split("\n") ?? [];
    expect(lines.slice(0, 6)).toEqual([
      'package a; import xa "example.org/m/xa"',
      "",
      "// Sum adds.",
      "func Sumxa(a, b int) (sum int, err error) {",
      "\treturn a + b, nil",
      "}",
    ]);
    expect(found?.text).toContain("func Sum(xap0 int, xap1 int) (xar0 int, xar1 error) {");
    expect(found?.text).toContain('xac, xad := xa.Begin("a.go", "Sum", false, &xap0, &xap1), false');
    expect(found?.text).toContain("xar0, xar1 = Sumxa(xap0, xap1)");
    expect(found?.text).toContain('var _ = xa.Register("a.go", "Sum")');
  });

  it.each([
    ["func (c *Cart) Add(items ...int) {}", "Cart.Add", "(*Cart).Add", "xao.Addxa(xap0...)"],
    ["func (Cart) sum() float64 { return 0 }", "Cart.sum", "(Cart).sum", "xar0 = xao.sumxa()"],
    ["func f(int, map[string]int) error { return nil }", "f", "f", "xar0 = fxa(xap0, xap1)"],
    ["func f(g func(int) (int, error), _ struct{ A int }) {}", "f", "f", "fxa(xap0, xap1)"],
  ])("repeats %s by the right call", (text, name, expression, call) => {
    const found = instrument(`package a\n${text}`);
    expect(found?.functions).toEqual([{ name, expression }]);
    expect(found?.text).toContain(`\n\t${call}\n`);
  });

  it("registers exported functions, but not the values that they come from", () => {
    const text = "package a\nfunc One() {}\nfunc two() {}\nfunc (c *Cart) Three() {}\nfunc (c cart) Four() {}";
    expect(instrument(text)?.text).toContain('Register("a.go", "One", "Cart.Three")');
  });

  it.each([
    ["a package that runs", "package main\nfunc Sum() {}"],
    ["no function", "package a\nvar A = 1"],
    ["a function with type parameters", "package a\nfunc Sum[T any](a T) {}"],
    ["a method of a type with parameters", "package a\nfunc (l List[T]) Len() {}"],
    ["a function without a body", "package a\nfunc Sum(a int)"],
    ["init", "package a\nfunc init() {}"],
    ["a build constraint", "//go:build windows\n\npackage a\nfunc Sum() {}"],
    ["C", 'package a\nimport "C"\nfunc Sum() {}'],
    ["a syntax error", "package a\nfunc Sum() {}\nconst true = 1 > 2"],
  ])("is not made for %s", (_, text) => {
    expect(instrument(text)?.functions ?? []).toEqual([]);
    expect(instrument(text)?.text ?? text).toBe(text);
    expect(instrument("package a\nfunc Sum() {}")?.functions).toHaveLength(1);
  });

  it("keeps a byte order mark", () => {
    expect(instrument("\ufeffpackage a\nfunc Sum() {}")?.functions).toHaveLength(1);
  });

  it("does not record a function that recovers, because such a function must be deferred directly", () => {
    const text = "package a\nfunc guard() { recover() }\nfunc Sum() { defer guard() }";
    expect(instrument(text)?.functions.map(({ name }) => name)).toEqual(["guard", "Sum"]);
    expect(instrument(text)?.text).toContain("\nfunc guard() { recover() }\n");
    expect(instrument(text)?.text).toContain("func Sumxa() {");
  });

  it("leaves out functions that only the run of the tests has", () => {
    const original = "package a\nfunc Sum() {}\n";
    const found = instrument(`${original}func probe() {}\n`, original);
    expect(found?.functions.map(({ name }) => name)).toEqual(["Sum"]);
    expect(found?.text).toContain("\nfunc probe() {}\n");
  });
});

describe("the files of the calling Go program", () => {
  it("are put into the nearest module", () => {
    const at = (manifests: Record<string, string>) => goModuleOf("lib/sums/a.go", (path) => manifests[path] ?? null);
    expect(at({ "go.mod": "// top\nmodule example.org/m // main\n\ngo 1.20\n" })).toEqual({
      module: { name: "example.org/m", folder: "" },
      importPath: "example.org/m/lib/sums",
    });
    expect(at({ "go.mod": "module a", "lib/go.mod": 'module "b.org/x"\n' })).toEqual({
      module: { name: "b.org/x", folder: "lib" },
      importPath: "b.org/x/sums",
    });
    expect(at({})).toBeNull();
    expect(at({ "lib/go.mod": "module `a b`", "go.mod": "module a" })).toBeNull();
  });

  it("are a table in each package, and a main package that joins them", () => {
    const file = (path: string, importPath: string, name: string) => ({
      path,
      importPath,
      packageName: "p",
      functions: name === "" ? [] : [{ name, expression: name }],
    });
    const module = { name: "m.org", folder: "mod" };
    const files = [file("mod/a.go", "m.org", "A"), file("mod/b.go", "m.org", "B"), file("mod/c/c.go", "m.org/c", "")];
    const program = callingProgram(module, { own: "xa", files });
    expect([...program.keys()]).toEqual(["mod/xa.go", "mod/xa/main/main.go"]);
    expect(program.get("mod/xa.go")).toContain('\t\t"mod/a.go\\nA": A,\n'.slice(1));
    expect(program.get("mod/xa.go")).toContain('"mod/b.go\\nB": B,');
    expect(program.get("mod/xa/main/main.go")).toContain('\tp0 "m.org"\n');
    const texts = recorderPackage(module, { own: "xa", target: "/t/$&", root: "/r" });
    expect([...texts.keys()]).toEqual(["mod/xa/values.go", "mod/xa/recorder.go", "mod/xa/call_again.go"]);
    expect(texts.get("mod/xa/recorder.go")).toContain('const Target = "/t/$&"');
    for (const text of texts.values()) expect(text).toMatch(/^package xa$/mu);
  });

  it.each([
    ["a.go", true],
    ["lib/a.go", true],
    ["a_test.go", false],
    ["a_windows.go", false],
    ["a_linux.go", false],
    ["vendor/a/a.go", false],
    ["lib/testdata/a.go", false],
    ["_old/a.go", false],
    ["a.py", false],
  ])("are made for %s: %s", (path, expected) => {
    expect(replayLanguageOf(path) === "go").toBe(expected);
  });
});

describe("the command that builds the Go program", () => {
  const build = (command: string, folder = "") =>
    buildCommandOf(command)?.({
      root: "/r",
      overlay: "/o.json",
      binary: "/b",
      module: { name: "m", folder },
      own: "xa",
    }) ?? null;

  it.each([
    ["go test ./...", "(cd /r && cd /r && go build -overlay /o.json -o /b ./xa/main)"],
    [
      "GOMODCACHE=$PWD/.gomodcache GOPROXY=off go test -v -tags=unit,fast ./...",
      "(cd /r && export GOMODCACHE=$PWD/.gomodcache GOPROXY=off && cd /r && go build -tags unit,fast -overlay /o.json -o /b ./xa/main)",
    ],
    [
      "go test -tags=a -mod=mod -tags b",
      "(cd /r && cd /r && go build -tags b -mod=mod -overlay /o.json -o /b ./xa/main)",
    ],
    ["cd lib && go test .", "(cd /r/lib && cd /r && go build -overlay /o.json -o /b ./xa/main)"],
  ])("is derived from %s", (command, expected) => {
    expect(build(command)).toBe(expected);
  });

  it("accepts any name of a folder", () => {
    expect(build("go test", "it's; rm")).toContain("cd '/r/it'\\''s; rm' && go build");
  });

  it.each([
    "make test",
    "go test ./... | tee log",
    "go test ./... && rm -rf x",
    "A=$(id) go test",
    "A=`id` go test",
    "go vet ./...",
    "GOFLAGS='-a b' go test",
    "go test -tags 'unit' ./...",
    "go test -modfile=x.mod ./...",
    "go test ./... -args -tags fake",
    "go test -overlay=x.json ./...",
    "cd $(id) && go test ./...",
  ])("is not derived from %s", (command) => {
    expect(build(command)).toBeNull();
  });
});

it("leaves room for every function among the calls that are kept", () => {
  const line = (name: string, index: number) => JSON.stringify(["1", "a.go", name, `["a",[${index}]]`, "v1", false]);
  const lines = [...Array.from({ length: 1200 }, (_, index) => line("Busy", index)), line("Late", 0), line("Late", 1)];
  const { calls, skipped } = readCalls(lines.join("\n"), new Set(["a.go"]));
  expect(calls).toHaveLength(1000);
  expect(calls.filter(({ name }) => name === "Late")).toHaveLength(2);
  expect(calls.slice(0, 2).map(({ input }) => input)).toEqual(['["a",[0]]', '["a",[1]]']);
  expect([skipped.get("a.go\nBusy"), skipped.get("a.go\nLate")]).toEqual([202, 0]);
});
