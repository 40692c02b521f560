/** Coverage of operands in Python, compared with Python's own evaluation. */
import { spawnSync } from "node:child_process";
import { probePython } from "@aedev/languages/python/probe";
import { describe, expect, it } from "vitest";
import { has } from "./probed.ts";

/** All expressions such as `e(0) and not (e(1) or e(2)) < e(3)` with this many leaves: every way to join, negate and group them. */
function expressions(leaves: number): string[] {
  const operators = leaves < 4 ? ["and", "or", "<", "is not"] : ["and", "or", "<"];
  const places = Array.from({ length: leaves }, (_, at) => at);
  const joints = places
    .slice(1)
    .reduce<string[][]>((known) => known.flatMap((some) => operators.map((one) => [...some, one])), [[]]);
  const groups = places.flatMap((from) =>
    places.slice(from + 1).flatMap((to) => ["", "not "].map((sign) => ({ from, to, sign }))),
  );
  return joints.flatMap((signs) =>
    Array.from({ length: 2 ** leaves }, (_, negated) => negated).flatMap((negated) =>
      [null, ...groups].map((group) =>
        places
          .map((at) => {
            const leaf = `${(negated >> at) % 2 === 1 ? "not " : ""}e(${at})`;
            const open = group?.from === at ? `${group.sign}(` : "";
            return `${open}${leaf}${group?.to === at ? ")" : ""}${at + 1 < leaves ? ` ${signs[at]}` : ""}`;
          })
          .join(" "),
      ),
    ),
  );
}

/** Python rejects `a < not b`. */
const isValid = (expression: string) => !/(?:<|is not) not\b/u.test(expression);

/** The maximum number of places in one file of code. */
const perFile = 300;

/** Compares, for all truth values, the probed file's reports with Python's own syntax tree and calls. */
const harness = `
import ast, collections, itertools, json, re, sys

values, called = [], []
def e(at):
    called.append(at)
    return values[at]

def leaf(node):
    return min(one.args[0].value for one in ast.walk(node) if isinstance(one, ast.Call))

def operators(test):
    nodes = [node for node in ast.walk(test) if isinstance(node, ast.BoolOp)]
    return [(leaf(node), leaf(other)) for node in nodes for other in node.values[1:]]

def wanted(pairs, result):
    ways = [("evaluated", right) if right in called else ("skipped", left) for left, right in pairs if left in called]
    return collections.Counter([("true" if result else "false", 0), *ways])

wrong, runs = [], 0
for file in json.load(sys.stdin):
    original, probed = {"e": e}, {"__name__": "probed", "e": e}
    exec(file["text"], original)
    exec(file["probed"], probed)
    inside = probed[file["name"]].__globals__
    inside.update(opens=lambda *_: 0, write=lambda *_: 0, close=lambda *_: 0)
    lines = file["text"].split("\\n")
    places = {}
    for place in file["places"]:
        behind = re.search(r"e\\((\\d)", file["text"][place["range"][0]:])
        isOperand = place["kind"] in ("evaluated", "skipped")
        places[place["token"]] = (place["kind"], int(behind[1]) if isOperand else 0)
    for function in ast.parse(file["text"]).body:
        test = function.body[0].value.test
        pairs = operators(test)
        for values in itertools.product([True, False], repeat=file["leaves"]):
            called.clear()
            result = original[function.name]()
            want = wanted(pairs, result)
            inside["seen"].clear()
            called.clear()
            same = probed[function.name]() == result
            reported = [places[inside["tokens"][at]] for at in inside["seen"]]
            got = collections.Counter(one for one in reported if one[0] != "statement")
            runs += 1
            if got != want or not same:
                wrong.append([ast.unparse(test), list(values), sorted(map(str, got.elements())), sorted(map(str, want.elements()))])
json.dump({"runs": runs, "mistakes": len(wrong), "wrong": wrong[:3]}, sys.stdout)
`;

const answersOf = (texts: readonly string[], leaves: number, read: typeof probePython = probePython) => {
  const files = Array.from({ length: Math.ceil(texts.length / perFile) }, (_, at) => {
    const own = texts.slice(at * perFile, (at + 1) * perFile);
    const text = own.map((one, index) => `def f${index}(): return 1 if ${one} else 0\n`).join("");
    let tokens = 0;
    const probed = read(text, {
      path: "code.py",
      lines: [{ first: 1, last: own.length }],
      channel: "/dev/null",
      name: "report_",
      newToken: () => {
        tokens += 1;
        return String(tokens);
      },
    });
    return { text, leaves, name: "report_", probed: probed.text, places: probed.places };
  });
  const { stdout, stderr } = spawnSync("python3", ["-c", harness], {
    input: JSON.stringify(files),
    maxBuffer: 2 ** 26,
  });
  expect(stderr.toString()).toBe("");
  return JSON.parse(stdout.toString()) as { runs: number; mistakes: number; wrong: unknown[] };
};

describe.skipIf(!has("python3"))("coverage of operands in Python", () => {
  it.each([2, 3, 4])("agrees with Python's evaluation in all expressions of %i operands", (leaves) => {
    const all = expressions(leaves).filter(isValid);
    const { runs, mistakes, wrong } = answersOf(all, leaves);
    expect({ runs, mistakes, wrong }).toEqual({ runs: all.length * 2 ** leaves, mistakes: 0, wrong: [] });
  });

  it("disagrees if `and` and `or` change places (the control)", () => {
    const misread: typeof probePython = (text, options) => {
      const { places, ...rest } = probePython(text, options);
      const kindOf = (kind: string) => (kind === "evaluated" ? "skipped" : kind === "skipped" ? "evaluated" : kind);
      return { ...rest, places: places.map((place) => ({ ...place, kind: kindOf(place.kind) as typeof place.kind })) };
    };
    expect(answersOf(["e(0) and e(1)", "not e(0)"], 2, misread)).toMatchObject({ runs: 8, mistakes: 4 });
  });
});
