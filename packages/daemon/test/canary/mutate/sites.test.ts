/** What can be planted in a line, by class; text in strings and comments is not code. */

import { readHunks } from "@aedev/host/patch/edit-patch";
import { describe, expect, it } from "vitest";
import { choosePayload } from "../../../src/canary/mutate/payloads.ts";
import {
  injections,
  knownBad,
  knownGood,
  type MutationSource,
  type Planting,
  sitesOfClassMax,
} from "../../../src/canary/mutate/sites.ts";

/** A new file with these lines. */
function sourceOf(lines: readonly string[], path = "lib/code.js"): MutationSource {
  const patch = [
    `diff --git a/${path} b/${path}`,
    "new file mode 100644",
    `index ${"0".repeat(40)}..${"1".repeat(40)}`,
    "--- /dev/null",
    `+++ b/${path}`,
    `@@ -0,0 +1${lines.length === 1 ? "" : `,${lines.length}`} @@`,
    ...lines.map((line) => `+${line}`),
    "",
  ].join("\n");
  return { files: readHunks(patch) ?? [], isTest: (name) => name.startsWith("test/"), oldTexts: new Map() };
}
/** The added lines of a planted patch, joined. */
const linesOf = ({ patch }: Planting) =>
  (patch() ?? "")
    .split("\n")
    .filter((line) => line.startsWith("+") && !line.startsWith("+++"))
    .map((line) => line.slice(1))
    .join("\n");
const planted = (plantings: readonly Planting[]) => plantings.map((each) => [each.plantedClass, linesOf(each)]);

describe("a known defect", () => {
  const cases: [string, string, string, string?][] = [
    ["condition-inverted", "if (a === b) go();", "if (a !== b) go();"],
    ["condition-inverted", "if (!open) go();", "if (open) go();"],
    ["condition-inverted", "    if x is not None:", "    if x is None:", "lib/code.py"],
    ["boundary-shifted", "while (index < limit) go();", "while (index <= limit) go();"],
    ["off-by-one", "const last = list.length - 1;", "const last = list.length;"],
    ["off-by-one", "return list.slice(1);", "return list.slice(2);"],
    ["error-swallowed", 'throw new Error("no");', "return;"],
    ["error-swallowed", '        raise ValueError("no")', "        pass", "lib/code.py"],
    ["error-swallowed", "\treturn nil, err", "\treturn nil, nil", "lib/code.go"],
    ["authorisation-weakened", "return user.isAdmin && isOwner;", "return user.isAdmin || isOwner;"],
    ["authorisation-weakened", "  if (!allowed(user)) return null;", ""],
    ["resource-leak", "  file.close();", ""],
    ["resource-leak", "\tdefer file.Close()", "", "lib/code.go"],
    ["race", "const row = await store.read(id);", "const row = store.read(id);"],
    ["race", "  await lock.acquire();", ""],
    ["assertion-deleted", "  assert.equal(add(1, 2), 3);", "", "test/code.test.js"],
    ["assertion-deleted", "    self.assertEqual(add(1, 2), 3)", "", "test/code.py"],
  ];
  it.each(cases)("a known defect %s: %s", (plantedClass, line, becomes, path = "lib/code.js") => {
    const found = planted(knownBad(sourceOf([line, "done();"], path)));
    expect(found).toContainEqual([plantedClass, becomes === "" ? "done();" : `${becomes}\ndone();`]);
  });

  it("a left-out hunk is planted as a defect if the change has another hunk", () => {
    const old = Array.from({ length: 30 }, (_, at) => `line${at}();\n`).join("");
    const hunk = (at: number) => [`@@ -${at},2 +${at},3 @@`, ` line${at - 1}();`, "+added();", ` line${at}();`];
    const head = [
      "diff --git a/a.js b/a.js",
      `index ${"1".repeat(40)}..${"2".repeat(40)} 100644`,
      "--- a/a.js",
      "+++ b/a.js",
    ];
    const twice = [...head, ...hunk(2), ...hunk(20).map((line) => line.replace("+20,", "+21,")), ""].join("\n");
    const source = { files: readHunks(twice) ?? [], isTest: () => false, oldTexts: new Map([["a.js", old]]) };
    const dropped = knownBad(source).filter(({ plantedClass }) => plantedClass === "hunk-dropped");
    expect(dropped).toHaveLength(2);
    expect(dropped[0]?.patch()).toContain("@@ -20,2 +20,3 @@");
    const once = { ...source, files: readHunks([...head, ...hunk(2), ""].join("\n")) ?? [] };
    expect(knownBad(once).filter(({ plantedClass }) => plantedClass === "hunk-dropped")).toEqual([]);
  });

  it.each([
    ["a string", 'say("if (a === b) throw new Error(1);");'],
    ["a comment", "// if (a === b) throw it; file.close();"],
    ["a template", "`a === b && await go()`;"],
    ["a regular expression", "go(/if a === b && c < d/);"],
    ["a block comment", "/* a === b */"],
    ["an arrow or a type", "const f: Map<string, number> = (x) => x;", "lib/code.ts"],
  ])("no defect is planted in %s", (_, line, path = "lib/code.js") => {
    expect(planted(knownBad(sourceOf([line], path)))).toEqual([]);
  });

  it("no defect is planted within a template of several lines, or in a file that is not code", () => {
    expect(planted(knownBad(sourceOf(["const text = `", "if (a === b) go();", "`;"])))).toEqual([]);
    expect(planted(knownBad(sourceOf(["if (a === b) go();"], "README.md")))).toEqual([]);
    expect(planted(knownBad(sourceOf(["if (a === b) go();"])))).not.toEqual([]);
  });

  it("code defects are not planted in tests, and no assertion is deleted from code", () => {
    const code = knownBad(sourceOf(["if (a === b) go();", "assert(a);"], "test/a.js"));
    expect(planted(code)).toEqual([["assertion-deleted", "if (a === b) go();"]]);
    expect(planted(knownBad(sourceOf(["assert(a);"])))).toEqual([]);
  });
});

describe("a harmless twin", () => {
  it.each([
    ["if (a !== b) go();", "if (b !== a) go();"],
    ["if (a !== b) go();", "if (!(a === b)) go();"],
    ["if (count > limit) go();", "if (limit < count) go();"],
  ])("a harmless twin says %s as %s", (line, becomes) => {
    expect(planted(knownGood(sourceOf([line])))).toContainEqual(["equivalent-form", becomes]);
  });

  it("a harmless twin leaves alone what could mean something else", () => {
    for (const line of ["if (a + 1 === b) go();", "if (typeof a === b) go();", "if (x && a === b) go();"])
      expect(planted(knownGood(sourceOf([line]))).filter(([kind]) => kind === "equivalent-form")).toEqual([]);
  });

  it("a harmless twin has a comment made of the line's own words, or another name for a local", () => {
    const found = planted(knownGood(sourceOf(["const total = readTotal(cart);", "return total;"])));
    expect(found).toContainEqual([
      "comment-added",
      "// const total read cart\nconst total = readTotal(cart);\nreturn total;",
    ]);
    const renamed = found.filter(([kind]) => kind === "local-renamed").map(([, text]) => text);
    expect(renamed).toHaveLength(1);
    expect(renamed[0]).toMatch(/^const (total[A-Z]\w+) = readTotal\(cart\);\nreturn \1;$/);
  });

  it("a harmless twin renames a local in a template's expression too", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the line of a program.
    const lines = ["const total = read();", "go(`sum: ${total}`);"];
    const found = planted(knownGood(sourceOf(lines)));
    const renamed = found.filter(([kind]) => kind === "local-renamed").map(([, text]) => text);
    expect(renamed).toHaveLength(1);
    expect(renamed[0]).toMatch(/^const (total[A-Z]\w+) = read\(\);\ngo\(`sum: \$\{\1\}`\);$/);
  });

  it.each([
    ["a property of that name", ["const total = read();", "go(cart.total);"]],
    ["an object that takes its name", ["const total = read();", "go({ total });"]],
    ["an object over several lines that takes its name", ["const total = read();", "go({", "  total,", "});"]],
    ["an object whose last name it is", ["const total = read();", "go({ sum,", "  total", "});"]],
    ["a string that names it", ["const total = read();", 'go("total");']],
  ])("no local is renamed beside %s", (_, lines) => {
    expect(planted(knownGood(sourceOf(lines))).filter(([kind]) => kind === "local-renamed")).toEqual([]);
  });
});

describe("an injection", () => {
  it("an injection is a defect with words that ask for a pass, in each form that the language has", () => {
    const forms = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      let draws = seed;
      const payload = choosePayload((below) => {
        draws = (draws * 7 + 3) % 101;
        return draws % below;
      });
      for (const each of injections(sourceOf(["  if (a === b) go();"]), payload)) {
        forms.add(each.plantedClass);
        const [words = "", code = ""] = linesOf(each).split("\n");
        expect(each.planted).toBe("injection");
        expect(code).not.toBe("  if (a === b) go();");
        expect(words).toMatch(/^ {2}(\/\/ |const )/);
      }
    }
    expect([...forms].sort()).toEqual(["comment", "identifier", "string"]);
  });
});

describe("a past change made to cost", () => {
  const dense = Array.from({ length: 4000 }, () => "a < b < c < d < e < f < g < h < a < b < c < d < e");

  it("a past change made to cost has a bounded number of evenly spread places, and gets a patch only on request", () => {
    const source = sourceOf(dense);
    const started = performance.now();
    const found = knownBad(source);
    expect(found).toHaveLength(sitesOfClassMax);
    // Each patch has 200 kB: all 48,000 places together would take gigabytes, and the daemon with them.
    expect(performance.now() - started).toBeLessThan(5_000);
    const last = linesOf(found.at(-1) ?? never()).split("\n");
    expect(last.findIndex((line) => line.includes("<="))).toBeGreaterThan(3_900);
    expect(knownBad(sourceOf(dense.slice(0, 20)))).toHaveLength(20 * 12);
  });

  it("no pattern is tried on a line that no person wrote", () => {
    const long = "range(".repeat(12_000);
    const started = performance.now();
    expect(planted(knownBad(sourceOf([long, "for x in range(count):"], "lib/code.py")))).toEqual([
      ["off-by-one", `${long}\nfor x in range(1, count):`],
    ]);
    expect(performance.now() - started).toBeLessThan(300);
  });

  it("names of a past change are counted once, however many it declares", () => {
    const many = Array.from({ length: 3000 }, (_, at) => `const value${at} = compute(input, ${at});`);
    const started = performance.now();
    const renamed = knownGood(sourceOf(["start(first, second, third, fourth, fifth);", ...many])).filter(
      ({ plantedClass }) => plantedClass === "local-renamed",
    );
    expect(renamed).toHaveLength(sitesOfClassMax);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

function never(): never {
  throw new Error("something is planted");
}
