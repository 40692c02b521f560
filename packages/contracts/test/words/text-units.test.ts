/** The units of a person's text. No splitting, shortening or tidying cuts or changes a unit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growsWithLength } from "../../../../test/support/growth.ts";
import { escapeLine, escapeText } from "../../src/index.ts";
import { onOneLine, shortenText, textParts, unitLines, unitsOf, withoutUnits } from "../../src/words/index.ts";

const units = (text: string) =>
  unitsOf(text)
    .filter(({ kind }) => kind !== "group")
    .map(({ at, end }) => text.slice(at, end));
const sentences = (text: string) => textParts(text).map((part) => part.text);

/** Texts that are each one unit. */
const whole = [
  'slugify("  Hello, World! ")',
  "`a. b; c! d`",
  "``a ` b. C``",
  '"hello. World"',
  "'one. Two'",
  "“Fine. Done.”",
  "„Gut. Fertig.“",
  "« Bien. Fini. »",
  "»Gut. Fertig.«",
  "‘One. Two’",
  "「はい。いいえ。」",
  "『一。二。』",
  "《书。名》",
  'Version.of(1, (2), "a. b)").toBuilder()',
  "Range(minimum=None, maximum=[1. 2])",
  "list[0].name",
  'title="A. B"',
  "lib/age.js",
  "__init__.py",
  ".env.local",
  "v1.2.3",
  "10,000.5",
  "https://example.org/a(b).c?d=e",
  "user?.name",
  "--dry-run",
  "std::vec",
] as const;

describe("one unit", () => {
  it.each(whole)("recognizes %s as one unit, also in the middle of prose", (unit) => {
    expect(units(unit)).toEqual([unit]);
    expect(units(`It says ${unit} here. It must not.`)).toEqual([unit]);
  });

  it.each([
    ["don't split the users' list. It isn't one"],
    ['a 5" screen and a 6" one'.replace(/\d/g, "x")],
    ["an open ( bracket and an open “ quotation"],
    ["a `code that is not closed"],
  ])("finds no unit in %s", (text) => {
    expect(units(text)).toEqual([]);
  });

  it("reads fenced code as one unit, to the end of the text if it is not closed", () => {
    expect(units("See:\n```js\na. b\n- [ ] c\n```\nThen")).toEqual(["```js\na. b\n- [ ] c\n```"]);
    expect(units("See:\n~~~\na. b")).toEqual(["~~~\na. b"]);
  });
});

describe("splitting a text", () => {
  it.each<[string, string[]]>([
    [
      'slugify("  Hello, World! ") must return "hello-world"',
      ['slugify("  Hello, World! ") must return "hello-world"'],
    ],
    ["It must fail, e.g. for 3. It must exit 1.", ["It must fail, e.g. for 3.", "It must exit 1."]],
    ["Der 3. Eintrag muss z. B. rot sein. Ende", ["Der 3. Eintrag muss z. B. rot sein.", "Ende"]],
    ["The empty? method must return true. Done", ["The empty? method must return true.", "Done"]],
    ["It sorts a, b, ... and c. Next", ["It sorts a, b, ... and c.", "Next"]],
    ["空输入必须报错。第二句", ["空输入必须报错。", "第二句"]],
    ["It is so (see a. B). Next", ["It is so (see a. B).", "Next"]],
    ["fix the login\nadd a logout", ["fix the login", "add a logout"]],
    [
      "A line that was wrapped by its author in the middle of a long\nsentence must stay one. Next",
      ["A line that was wrapped by its author in the middle of a long sentence must stay one.", "Next"],
    ],
    ["It must print:\n```\na. b\n```\nNext", ["It must print:\n```\na. b\n```", "Next"]],
    ["- one. Two\n- [ ] three", ["one.", "Two", "three"]],
  ])("splits a text into its sentences: %j", (text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  it("splits a text into lines, but not inside a unit", () => {
    expect(unitLines("a\n```\nb\nc\n```\nd")).toEqual(["a", "```\nb\nc\n```", "d"]);
  });

  it("gives each item of a list the line before the list as its lead", () => {
    expect(textParts("parse() must:\n- return []\n- throw\n\nNext").map(({ text, lead }) => [text, lead])).toEqual([
      ["parse() must:", null],
      ["return []", "parse() must:"],
      ["throw", "parse() must:"],
      ["Next", null],
    ]);
  });
});

const word = fc.constantFrom(
  "It",
  "must",
  "return",
  "das",
  "ist",
  "für",
  "el",
  "不能",
  "です",
  "and",
  "e.g.",
  "(so)",
  "x.",
);
const ending = fc.constantFrom(". ", "! ", "? ", "\n", "\n\n", ": ", ", ", " ", "。", "\n- ", "; ", "… ");
const request = fc.array(fc.tuple(fc.oneof(word, fc.constantFrom(...whole)), ending), { minLength: 1, maxLength: 30 });
const block = fc.constantFrom("", "\n```\na. b\n- c  d\n```\n", "\n~~~\n1. x\n~~~\n");

describe("any text with code and quotations", () => {
  it("keeps every unit whole when it splits any text, and the parts together are the text", () => {
    fc.assert(
      fc.property(request, block, request, (before, code, after) => {
        const text = [before, after].map((some) => some.flat().join(" ")).join(code);
        const parts = textParts(text);
        for (const [index, { at }] of parts.entries())
          expect(text.slice(parts[index - 1]?.end ?? 0, at)).toMatch(/^[\s\p{P}\d]*$/u);
        for (const { at, end } of unitsOf(text)) {
          const holders = parts.filter((part) => part.at <= at && end <= part.end);
          expect([text.slice(at, end), holders.length]).toEqual([text.slice(at, end), 1]);
          expect(holders[0]?.text).toContain(text.slice(at, end));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keeps every unit when it tidies any text into one line or into lines", () => {
    fc.assert(
      fc.property(request, (words) => {
        const text = words.flat().join(" ");
        for (const unit of units(text)) {
          expect(onOneLine(text)).toContain(unit);
          expect(escapeLine(text, 10_000)).toContain(unit);
          expect(unitLines(text).some((line) => line.includes(unit))).toBe(true);
        }
      }),
    );
  });

  it("ends a shortened text between units, or inside a unit that fills most of it", () => {
    fc.assert(
      fc.property(request, fc.integer({ min: 20, max: 200 }), (words, length) => {
        const text = words.flat().join(" ");
        const short = shortenText(text, length);
        expect(short.length).toBeLessThanOrEqual(length);
        if (short === text) return;
        const cut = unitsOf(text).find(({ at, end }) => at < short.length - 1 && short.length - 1 < end);
        if (cut !== undefined && short.endsWith("…") && text.startsWith(short.slice(0, -1)))
          expect(cut.at <= length * 0.3 || cut.kind === "group").toBe(true);
      }),
    );
    expect(shortenText("Change the title and `a b c d e f g` there", 36)).toBe("Change the title and…");
    expect(shortenText("Change the title and all of it there", 36)).toBe("Change the title and all of it there");
  });
});

describe("a character as a reader sees it", () => {
  it("never cuts a character as a reader sees it, and escapes a joiner between letters but not inside an emoji", () => {
    expect(shortenText("👩‍💻👩‍💻", 8)).toBe("👩‍💻…");
    expect(escapeLine("👍🏽👍🏽", 6)).toBe("👍🏽…");
    expect(escapeText("👩‍💻 is fine")).toBe("👩‍💻 is fine");
    expect(escapeText("a\u200db")).toBe("a\\u{200d}b");
    expect(escapeText("👩\u200db")).toBe("👩\\u{200d}b");
  });
});

it.each([
  "`",
  "``` ",
  "(",
  "x(",
  '"',
  '\\"',
  "'",
  "«",
  "“",
  "{",
  "\n- ",
  'a="',
  "a.",
  "é",
  "\n\n",
  "` `` ",
  "(]",
  "1,",
])("reads 20,000 characters made of %j in linear time", (unit) => {
  const made = (length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  expect(growsWithLength(20_000, (length) => () => [textParts(made(length)), withoutUnits(made(length))])).toBe(true);
});
