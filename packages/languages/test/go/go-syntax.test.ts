import { goImports, goPackages, goRootOf } from "@aedev/languages/go/go-syntax";
import { textOf } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { describe, expect, it } from "vitest";

describe("imports of a Go file", () => {
  it("lists each import of a Go file with its local name and path", () => {
    const tree = readSyntax(
      'package a\n\nimport "os"\nimport (\n\t"math/rand/v2"\n\tq `gopkg.in/yaml.v3`\n\t. "fmt"\n\t_ "embed"\n\t"gopkg.in/ini.v1"\n)\n',
      "a.go",
    );
    expect(goImports(tree).map(({ name, path }) => `${name} ${path}`)).toEqual([
      "os os",
      "rand math/rand/v2",
      "q gopkg.in/yaml.v3",
      ". fmt",
      "_ embed",
      "ini gopkg.in/ini.v1",
    ]);
  });

  it.each<[string, string]>([
    ['"\\x6fs"', "os"],
    ['"\\u006fs"', "os"],
    ['"\\U0000006fs"', "os"],
    ['"\\157s"', "os"],
    ["`\\x6fs`", "\\x6fs"],
    ['"\\q"', "\\q"],
  ])("decodes the escapes in a Go import path: %s", (written, path) => {
    const tree = readSyntax(`package a\n\nimport ${written}\n`, "a.go");
    expect(goImports(tree).map((one) => one.path)).toEqual([path]);
  });

  it.each<[string, string]>([
    ['"os"\n\t"x.com/y/os"', "os"],
    ['"x.com/y/os"\n\t"os"', "os"],
    ['os "x.com/y/os"\n\t"x.com/z/os"', "x.com/y/os"],
    ['"x.com/y/os"\n\t"x.com/os/v2"', "x.com/y/os"],
    ['"text/os"\n\t"x.com/y/os"', "text/os"],
  ])("of the Go imports %j, the name `os` means %s", (imports, path) => {
    expect(goPackages(readSyntax(`package a\n\nimport (\n\t${imports}\n)\n`, "a.go")).get("os")).toBe(path);
  });

  it("finds no imports in a Go file without any", () => {
    expect(goImports(readSyntax("package a\n", "a.go"))).toEqual([]);
  });
});

it.each(["a.b[c].d()", "*a", "(a)[1:]", "&a.b", "(*a).b", "a"])(
  "finds the root `a` of the Go expression %s",
  (expression) => {
    const tree = readSyntax(`package p\n\nfunc f() { x(${expression}) }\n`, "a.go");
    const argument = (node: SyntaxNode): SyntaxNode | undefined =>
      node.name === "argument_list" ? node.children[1] : node.children.map(argument).find((one) => one !== undefined);
    const found = argument(tree.root);
    expect(found && textOf(goRootOf(found, { throughCalls: true }))).toBe("a");
  },
);

it.each(["false", "true // so far", "nil", "iota", "x"])("a line end after `%s` ends a Go statement", (value) => {
  const { errors, root } = readSyntax(`package p\n\nfunc f() {\n\ta := ${value}\n\tb := 1\n}\n`, "a.go");
  const statements = root.children.at(-1)?.children.at(-1)?.children ?? [];
  expect(errors).toEqual([]);
  expect(statements.filter(({ name }) => name === "short_var_declaration")).toHaveLength(2);
});
