/** Our trees of Python agree with Python's own parser: each expression has the same kind, start and end. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fieldOf } from "../../src/tree/print-syntax.ts";
import type { SyntaxNode } from "../../src/tree/syntax-node.ts";
import { readSyntax } from "../../src/tree/syntax-tree.ts";

/** Our names for Python's kinds of nodes. Patterns and types, which are no expressions, and the inside of f-strings, which has no places, are left out. */
const kinds: Readonly<Record<string, string>> = {
  binary_operator: "BinOp",
  unary_operator: "UnaryOp",
  not_operator: "UnaryOp",
  boolean_operator: "BoolOp",
  comparison_operator: "Compare",
  call: "Call",
  attribute: "Attribute",
  subscript: "Subscript",
  conditional_expression: "IfExp",
  named_expression: "NamedExpr",
  lambda: "Lambda",
  await: "Await",
  yield: "Yield",
  list_comprehension: "ListComp",
  set_comprehension: "SetComp",
  dictionary_comprehension: "DictComp",
  generator_expression: "GeneratorExp",
  list: "List",
  list_pattern: "List",
  set: "Set",
  dictionary: "Dict",
};

const ofPython = `
import ast, json, sys

def places(text):
    lines = text.split("\\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-16-le")) // 2 + 1)
    def at(line, column):
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode().encode("utf-16-le")) // 2
    def visit(node):
        name = {"YieldFrom": "Yield"}.get(type(node).__name__, type(node).__name__)
        if name in kinds:
            yield f"{name} {at(node.lineno, node.col_offset)} {at(node.end_lineno, node.end_col_offset)}"
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "pattern") or name == "JoinedStr":
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from visit(child)
    return sorted(visit(ast.parse(text)))

request = json.load(sys.stdin)
kinds = set(request["kinds"])
json.dump([places(text) for text in request["texts"]], sys.stdout)
`;

function placesOf(text: string): string[] {
  const found: string[] = [];
  const visit = (node: SyntaxNode, outer: SyntaxNode | null): void => {
    if (/^(?:type|case_pattern|interpolation)$/u.test(node.name)) return;
    const kind = node.children.length === 0 ? undefined : kinds[node.name];
    const operator = (one: SyntaxNode | null) =>
      one?.name === "boolean_operator" ? fieldOf(one, "operator")?.name : undefined;
    // Python has a chain of `and` or `or` as one operation.
    const isChained = node.field === "left" && operator(node) !== undefined && operator(node) === operator(outer);
    if (kind !== undefined && !isChained) found.push(`${kind} ${node.from} ${node.to}`);
    for (const child of node.children) visit(child, node);
  };
  visit(readSyntax(text, "a.py").root, null);
  return found.toSorted();
}

function pythonPlaces(texts: readonly string[]): string[][] {
  const { stdout, stderr } = spawnSync("python3", ["-W", "ignore", "-c", ofPython], {
    input: JSON.stringify({ texts, kinds: Object.values(kinds) }),
    maxBuffer: 2 ** 28,
  });
  expect(stderr.toString()).toBe("");
  return JSON.parse(stdout.toString()) as string[][];
}

const [library] = /.+/u.exec(
  spawnSync("python3", ["-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"]).stdout?.toString() ?? "",
) ?? [null];

describe.skipIf(library === null)("a tree of Python", () => {
  it.each([
    "x = not a and b or not (c and d) == e",
    "x = not a in b, not a is not b, -a ** -b, a if not b else c or d",
    "x = a < b <= c != d not in e is f",
    "x = lambda a, *b, c=not d, **e: a and (yield)",
    "async def f(a, /, b=1 or 2, *, c: int = -3):\n    return (await a) ** 2 + (await b)[0]",
    "with (a() as b, c.d as (e, f)):\n    pass\nwith (a, b), c: pass\nwith (yield_(x)): pass",
    "if (n := len(a)) > 10 and (m := n + 1): pass",
    "x = [a for b in c if d if not e for f in g.h], {a: b for a, b in c}, {a async for a in b}, f(a for a in b)",
    "match a.b:\n    case C(d=1) | [1, *e] if not f and g: h(i)\n    case _: pass",
    "try: pass\nexcept* (A, B.c) as d: e(f)\n",
    "x = 'a' \"b\" f'{c(d)}' + e\ny = a + \\\n  b * \\\r\n  c\n".replace("\r", ""),
    "@a.b(c)\n# d\n@e[f].g\nclass H(I, metaclass=j(k)):\n\n    # l\n\tm = n\n\x0c\n# o\n",
    "def f():\n  if a: return b(c); d.e\n  # g\n  else_ = 1\n    # h",
    "print -a\nprint(a) if b else c\nmatch = type = case = a.b\nmatch[a](b)\n",
    "x = [*a.b(c)[d].e | f], {*g()}, *h.i, j[*k.l()]\n*m.n, o = p\n[q, r] = s\nfor t in *u(), v: pass",
    "type(a).b = c.d\ntype(a)[b] = c\ntype(a).b: c = d\ntype[a] = b\ntype(a, b)(c).d = e\ntype.a = type(b)\n",
    "𝒳 = 'é𝒳' + b.ü(c)",
  ])("a tree agrees with Python's parser: %j", (text) => {
    const [expected] = pythonPlaces([text]);
    expect(placesOf(text)).toEqual(expected);
  });

  it("groups `await` with a power, and counts code of Python 2 as an error", () => {
    const [power, shift] = ["await a ** b", "print >> a"];
    expect([placesOf(power), readSyntax(power, "a.py").errors]).toEqual([["Await 0 12", "BinOp 6 12"], []]);
    expect(readSyntax(shift, "a.py").errors).toEqual([shift]);
    for (const old of ["print a", "exec a in b", "if a <> b: c"])
      expect(readSyntax(`${old}\n`, "a.py").errors).toHaveLength(1);
    expect(readSyntax("print(a)\nexec(a, b)\nif a != b: c\n", "a.py").errors).toEqual([]);
  });

  it("trees of Python's library agree with Python's parser and have no errors", () => {
    const paths = readdirSync(library ?? "", { recursive: true, encoding: "utf8" }).filter(
      (path) => path.endsWith(".py") && !/(?:^|\/)(?:site-packages|tests?|idlelib|lib2to3)\//u.test(path),
    );
    const chosen = paths.toSorted().filter((_, at) => at % 8 === 0);
    const texts = chosen.map((path) => readFileSync(join(library ?? "", path), "utf8"));
    expect(texts.length).toBeGreaterThan(30);
    const expected = pythonPlaces(texts);
    for (const [at, text] of texts.entries()) {
      expect([chosen[at], ...readSyntax(text, "a.py").errors]).toEqual([chosen[at]]);
      const [own, wanted] = [new Set(placesOf(text)), new Set(expected[at])];
      const differing = [...own, ...wanted].filter((place) => !own.has(place) || !wanted.has(place));
      expect([chosen[at], ...differing]).toEqual([chosen[at]]);
    }
  });
});
