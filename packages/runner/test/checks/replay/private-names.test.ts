/** Which classes have private names, judged by their text: a `#` in a comment or string is none; where the meaning of a slash is unclear, there is one. */
import { runInThisContext, Script } from "node:vm";
import { expect, it } from "vitest";
import { plainValues } from "../../../src/checks/replay/languages.ts";

const { isOpenClass } = runInThisContext(plainValues) as { isOpenClass: (text: string) => boolean };
const isJavaScript = (text: string) => {
  try {
    return new Script(`(${text})`) instanceof Script;
  } catch {
    return false;
  }
};
/** `@` starts nothing in JavaScript, so it can replace `#` only where the text is not parsed. */
const hasPrivateNames = (text: string) => !isJavaScript(text.replaceAll("#", "@"));

it.each([
  ["none", "class A { m() { return 1; } }"],
  ["in comments", "class A { // #one\n m() { /* #two `\n */ return 1; } }"],
  ["in strings", "class A { x = '#one'; y = \"it's \\\" #two\"; }"],
  ["in templates", `class A { m(a) { return \`#one \${a ? \`#two\` : { b: '#three' }.b} #four\`; } }`],
  ["in regular expressions", "class A { m(a) { if (a) /#one[/#]/.test(a); return /\\/#two/u.test(a); } }"],
  ["behind divisions", "class A { m(a) { return (a + 1) / 2 / a[0] / this.if(a) / 1. / `2` + '#one'; } }"],
])("a class without private names is open: %s", (_where, text) => {
  expect(hasPrivateNames(text)).toBe(false);
  expect(isOpenClass(text)).toBe(true);
});

it.each([
  ["a field", "class A { #n = 1; }"],
  ["a method behind a comment", "class A { /* it's */ static async #m() {} }"],
  ["an escaped name", "class A { #\\u0061 = 1; }"],
  ["a name that is not ASCII", "class A { #é = 1; }"],
  ["within a template", `class A { #n; m() { return \`\${\`'\${this.#n}'\`}\`; } }`],
  ["behind a regular expression with a quote", "class A { m(a) { if (a) /'/.test(a); return this.#n + ''; } #n; }"],
  ["behind a division that looks like one", "class A { #n = 4 / 2; m(a) { return a[0] / 2 + `/` + this.#n; } }"],
])("a class is not open that has %s", (_what, text) => {
  expect(isJavaScript(text) && hasPrivateNames(text)).toBe(true);
  expect(isOpenClass(text)).toBe(false);
});

it.each([
  ["after a block", "class A { m(a) { {} /'/.test(a); return '#one'; } }"],
  ["after a line's end", "class A { m() { let a\n/'/.test(a); return '#one'; } }"],
  ["after a step", "class A { m(a) { return a++ / 2 + '#one'; } }"],
  ["with another alphabet", "class A { é = '#one'; }"],
  ["with a comment of old scripts", "class A { x = 1 <!-- '\n ; y = '#one'; }"],
])("a class is not open if its tokens are unclear %s", (_where, text) => {
  expect(isJavaScript(text)).toBe(true);
  expect(isOpenClass(text)).toBe(false);
});

it("no class counts as open in which the engine finds a private name, whatever is before a slash", () => {
  const before = [
    "",
    "a",
    "(a)",
    "if (a)",
    "for await (b of a)",
    "do {} while (a)",
    "a.if(a)",
    "{}",
    "({})",
    "[a]",
    "let a",
    "1.",
    "a++",
  ];
  before.push(
    "break l",
    "return",
    "typeof",
    "x = a => {}",
    `\`\${a}\``,
    "/[/]/",
    "await",
    "yield",
    "of",
    "[...typeof",
    "a\f",
    "aé",
  );
  const between = ["", " ", "\n", "/*\n*/"];
  const slashes = [`/"/`, "/'/", "/`/", `/ "a"`, `/[/"]/`, `/ a / "c"`, `/="/`];
  const after = [
    "; this.#p; '",
    `; this.#p; "`,
    `; this.#p; "";`,
    `; "this.#p";`,
    `["#p"]`,
    `; /*"*/ this.#p`,
    "; this.#p; ]",
  ];
  const around = [
    ["class A { async m() { l: { ", "} } #p; }"],
    ["class A { *m() { ", "} #p; }"],
    ["class A { x = ", "\n }"],
  ];
  const texts = around.flatMap(([start = "", end = ""]) =>
    before.flatMap((one) =>
      between.flatMap((gap) =>
        slashes.flatMap((slash) => after.map((rest) => `${start}${one}${gap}${slash}${rest}${end}`)),
      ),
    ),
  );
  // Without its declaration, a private name must be found where it is used.
  const valid = texts.filter(isJavaScript).map((text) => ({ text, use: text.replace(/ #p; \}$/u, "}") }));
  const isUsed = (use: string) => use.includes("#") && !isJavaScript(use.replaceAll("#", "@"));
  expect(valid.filter(({ use }) => isUsed(use) && isOpenClass(use))).toEqual([]);
  const isMerelyText = ({ use }: { use: string }) => use.includes("#") && !isUsed(use);
  expect(valid.filter(({ use }) => isUsed(use)).length).toBeGreaterThan(50);
  expect(valid.filter(isMerelyText).filter(({ use }) => isOpenClass(use)).length).toBeGreaterThan(50);
});
