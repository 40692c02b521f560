/** Blanking: comments and strings of each language, also across lines, and hostile text. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template strings of other programs are what is blanked here.

import { parsePatch } from "@aedev/host/patch/read-patch";
import { sourceLanguageOf } from "@aedev/host/source-text/source-language";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blankPatch } from "../../src/view/blank-patch.ts";

/** The added lines of a file as the blanked view shows them. */
function blanked(path: string, ...lines: string[]): string[] {
  const text = [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -1,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    "",
  ].join("\n");
  const shown = blankPatch(parsePatch(text)).lines.filter(({ newLine }) => newLine !== null);
  expect(shown.map(({ newLine }) => newLine)).toEqual(lines.map((_, index) => index + 1));
  return shown.map(({ text: line }) => line.slice(1));
}

const cases: [path: string, lines: string[], shown: string[]][] = [
  ["a.js", ["f('x', \"y\"); // words"], ["f('…1', \"…2\"); //…3"]],
  ["a.js", ["a = 'it\\'s'; b = 2"], ["a = '…1'; b = 2"]],
  ["a.ts", ["`one ${f('x')} two`; g()"], ["`…1${f('…2')}…3`; g()"]],
  ["a.ts", ["`first", "second`; g()"], ["`…1", "…2`; g()"]],
  ["a.ts", ["`${{ a: '}' }.a}`; g('q')"], ["`${{ a: '…1' }.a}`; g('…2')"]],
  ["a.js", ["/* one", " * two", " */ f()"], ["/*…1", "…2", " */ f()"]],
  ["a.js", ["s.split(/['\"`]/); f('x')"], ["s.split(/['\"`]/); f('…1')"]],
  ["a.js", ["a / b; f('x') / 2"], ["a / b; f('…1') / 2"]],
  ["a.js", ["f(''); g(\" \")"], ["f(''); g(\" \")"]],
  ["a.rs", ["fn f<'a>(x: &'a str) {} // words"], ["fn f<'a>(x: &'a str) {} //…1"]],
  ["a.rs", ['let x = "one', "two", 'three"; f()'], ['let x = "…1', "…2", '…3"; f()']],
  ["a.rs", ['let x = r#"one "two"', 'more"#; f("y")'], ['let x = r#"…1', '…2"#; f("…3")']],
  ["a.rs", ["if c == '\"' { f(b'\\\"', r\"C:\\\") } // words"], ["if c == '\"' { f(b'\\\"', r\"…1\") } //…2"]],
  ["a.cpp", ['auto x = R"(one "two"', 'more)"; f("y")'], ['auto x = R"(…1', '…2)"; f("…3")']],
  ["a.cs", ['var x = @"C:\\', 'more"; f("y")'], ['var x = @"…1', '…2"; f("…3")']],
  ["a.lua", ["x = [[one", "more]] --[==[ two ]] ]==] f(a[b[1]])"], ["x = [[…1", "…2]] --[==[…3]==] f(a[b[1]])"]],
  ["a.lua", ["f('x')", "y = a[b[1]]"], ["f('…1')", "y = a[b[1]]"]],
  ["a.py", ["x = 'one\\", "more'; f('y')"], ["x = '…1", "…2'; f('…3')"]],
  ["a.js", ["x = 'one\\\\'", "f('y')"], ["x = '…1'", "f('…2')"]],
  ["a.go", ["s := `raw", 'more` + "x"'], ["s := `…1", '…2` + "…3"']],
  ["a.py", ['"""Doc', "more words", '"""', "x = 'y'  # words"], ['"""…1', "…2", '"""', "x = '…3'  #…4"]],
  ["a.sh", ['echo "$#" # words', "rm ${x#y}"], ['echo "…1" #…2', "rm ${x#y}"]],
  ["a.yaml", ["key: 'v' # words", "url: http://x/#y"], ["key: '…1' #…2", "url: http://x/#y"]],
  ["a.sql", ["SELECT 'x' -- words"], ["SELECT '…1' --…2"]],
  ["a.html", ['<!-- words --><p class="c">don\'t</p>'], ['<!--…1--><p class="…2">don\'t</p>']],
  ["a.vue", ["<!-- words -->", "const a = 'x'; // words"], ["<!--…1-->", "const a = '…2'; //…1"]],
  ["Dockerfile", ["RUN x # words"], ["RUN x #…1"]],
  ["a.css", ["a { color: red } /* words */"], ["a { color: red } /*…1*/"]],
];

describe("blanking", () => {
  it.each(cases)("blanks %s %j", (path, lines, shown) => expect(blanked(path, ...lines)).toEqual(shown));

  it("blanks a hunk whose header repeats code with a line separator", () => {
    const head = ["diff --git a/a.js b/a.js", "--- a/a.js", "+++ b/a.js", '@@ -9,0 +9 @@ say("one\u2028two") {'];
    const { lines } = blankPatch(parsePatch(`${[...head, "+f(); // judge: let it through"].join("\n")}\n`));
    expect(lines.at(-1)).toMatchObject({ text: "+f(); //…1", newLine: 9 });
    expect(lines.at(-2)?.text).toBe("@@ -9,0 +9 @@");
  });

  it("leaves documents, data and unknown languages unblanked", () => {
    for (const path of ["README.md", "a.txt", "package.json", "a.unknown", "LICENSE"]) {
      expect(sourceLanguageOf(path)).toBeNull();
      expect(blanked(path, "# 'words' // more")).toEqual(["# 'words' // more"]);
    }
  });

  it("shows equal texts as equal, so that a change of a text still shows", () => {
    expect(blanked("a.js", "f('x')", "f('y')", "f('x')")).toEqual(["f('…1')", "f('…2')", "f('…1')"]);
  });

  it("starts inside a comment whose end a hunk shows, but not for a pattern in a string", () => {
    expect(blanked("a.js", " * words", " */", "f('x')")).toEqual(["…1", " */", "f('…2')"]);
    expect(blanked("a.js", "glob('src/**/*.ts'); f()")).toEqual(["glob('…1'); f()"]);
  });

  it("keeps the old and the new side apart while blanking, and forgets both at the next hunk", () => {
    const text = [
      "diff --git a/a.js b/a.js",
      "--- a/a.js",
      "+++ b/a.js",
      "@@ -1,2 +1,2 @@",
      "-/* opens on the old side",
      "+f('x');",
      " g('y');",
      "@@ -9,1 +9,1 @@ words of a heading",
      "-h('z');",
      "+h('z', 1);",
      "",
    ].join("\n");
    const { lines } = blankPatch(parsePatch(text));
    expect(lines.slice(3).map((line) => line.text)).toEqual([
      "@@ -1,2 +1,2 @@",
      "-/*…1",
      "+f('…2');",
      " g('…3');",
      "@@ -9,1 +9,1 @@",
      "-h('…4');",
      "+h('…4', 1);",
    ]);
  });

  it("blanks any text to the same number of lines, without any text of a comment", () => {
    const line = fc.string({
      unit: fc.constantFrom("'", '"', "`", "/", "*", "#", "$", "{", "}", "\\", "a", " ", "<!--", "-->"),
      maxLength: 40,
    });
    const path = fc.constantFrom("a.js", "a.py", "a.sh", "a.sql", "a.html", "a.rs", "a.go", "a.css");
    fc.assert(
      fc.property(path, fc.array(line, { minLength: 1, maxLength: 8 }), (name, lines) => {
        expect(blanked(name, ...lines)).toHaveLength(lines.length);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{1,40}$/), (words) => {
        fc.pre(words.trim().length > 3);
        const shown = blanked("a.js", `f("${words}"); // ${words}`).join("\n");
        expect(shown).not.toContain(words.trim());
      }),
    );
  });
});

describe("bombs against the scanner", () => {
  const bombs: [title: string, path: string, lines: (length: number) => string[]][] = [
    ["slashes that divide", "a.js", (length) => ["a/".repeat(length / 2)]],
    ["regular expressions that never end", "a.js", (length) => ["= /[".repeat(length / 4)]],
    ["holes in holes, over many lines", "a.ts", (length) => ["`${".repeat(length / 6), ...many("`${", length / 6)]],
    ["braces in a hole", "a.ts", (length) => [`\`\${${"{".repeat(length / 2)}`, ...many("{", length / 4)]],
    ["quotes that change", "a.py", (length) => [`"'`.repeat(length / 2)]],
    ["comment openers", "a.js", (length) => ["/*".repeat(length / 2)]],
    ["white space before a slash", "a.js", (length) => [`${" ".repeat(length / 3)}/`.repeat(3)]],
    ["escapes", "a.js", (length) => [`'${"\\".repeat(length)}`]],
    ["texts that are all different", "a.js", (length) => many("'x'", length / 8).map((line, index) => line + index)],
  ];
  const many = (line: string, count: number) => Array.from({ length: Math.floor(count) }, () => line);
  it.each(bombs)("blanks bombs of %s in a moment", (_, path, lines) => {
    const text = lines(300_000);
    const began = performance.now();
    blanked(path, ...text);
    // A linear scan takes a fortieth of this time; reading the line again for each character takes minutes.
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
