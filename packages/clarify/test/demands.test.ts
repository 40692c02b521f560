/** Each sentence of a request is in a criterion or named as not checked, and no code or quotation in it is cut or changed. */
import { textParts, unitsOf } from "@aedev/contracts/words";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clarifyMission } from "../src/clarify.ts";
import { distinct } from "../src/find-criteria.ts";
import { linesOf } from "../src/judge-answers.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

const clarified = (text: string, criteria: string[] = []) => {
  const { clarity, criteria: found } = clarifyMission({ text, criteria }, rules);
  return { criteria: found.map((one) => one.text), not_checked: clarity.not_checked ?? [], clarity, found };
};

describe("a criterion", () => {
  it.each([
    'slugify("  Hello, World! ") must return "hello-world"',
    "`parse('a. B')` in lib/parse.js must return [] for „Gut. Fertig.“",
    'format("a。b", 3. 5) 必须返回「好。的」',
    "The command must print exactly:\n```\na. b\n- [ ] c\n```",
  ])("takes the whole sentence as a criterion, with its code as written: %j", (text) => {
    expect(clarified(text).criteria).toEqual([text]);
  });

  it("keeps the code of a criterion in a list, and takes no criterion from a list inside code", () => {
    const text = "Fix lib/a.js\n\nAcceptance criteria:\n- it prints:\n  ```\n  - a. b\n  ```\n- it exits with code 3";
    expect(clarified(text).criteria).toEqual(["it prints:\n```\n  - a. b\n  ```", "it exits with code 3"]);
    expect(linesOf("it prints:\n```\n- a\n- b\n```\nit exits with code 3")).toEqual([
      "it prints:",
      "```\n- a\n- b\n```",
      "it exits with code 3",
    ]);
  });

  it("treats criteria as different if only their code differs", () => {
    const two = ["parse('') must return []", "parse('') must return {}", "Parse('') must return []."];
    expect(distinct(two)).toEqual(two);
    expect(distinct(["It returns 3.", "it returns 3"])).toEqual(["It returns 3."]);
  });
});

describe("a second demand", () => {
  it.each([
    [
      "Add seed() in lib/seed.js: seed(2) must return 4. Add build/start.js, which prints seed(2)",
      "Add build/start.js, which prints seed(2)",
    ],
    ["parse('') in lib/parse.js muss [] liefern. Erwähne es auch in CHANGELOG.md.", "Erwähne es auch in CHANGELOG.md."],
    ["`parse('')` doit renvoyer []. Ajoute aussi `--strict` dans cli.js.", "Ajoute aussi `--strict` dans cli.js."],
    ["`parse('')` debe devolver []. Añade también `--strict` en cli.js.", "Añade también `--strict` en cli.js."],
    ["`parse('')` deve retornar []. Adicione também `--strict` em cli.js.", "Adicione também `--strict` em cli.js."],
    [
      "`parse('')` は [] を返すべきです。cli.js に `--strict` も追加してください。",
      "cli.js に `--strict` も追加してください。",
    ],
    ["`parse('')` 必须返回 []。另外在 cli.js 里添加 `--strict` 选项。", "另外在 cli.js 里添加 `--strict` 选项。"],
    [
      "`parse('')` 는 []를 반환해야 합니다. cli.js에 `--strict`도 추가해 주세요.",
      "cli.js에 `--strict`도 추가해 주세요.",
    ],
  ])("takes a second demand as a criterion too, marked as understood: %s", (text, second) => {
    const { found, not_checked } = clarified(text);
    expect(found.at(-1)).toEqual({ id: "c2", text: second, understood: true });
    expect([found.length, not_checked]).toEqual([2, []]);
  });

  it("names demands that nobody can check, and mere statements, as not checked", () => {
    const text = "seed(2) in lib/seed.js must return 4. Please fix it. We met on Monday.";
    expect(clarified(text).not_checked).toEqual(["Please fix it.", "We met on Monday."]);
    expect(clarified("seed(2) in lib/seed.js must return 4.").clarity).not.toHaveProperty("not_checked");
  });

  it("names a demand besides the person's criteria as not checked, because the person said what to check", () => {
    const text = "Add seed() in lib/seed.js. Add build/start.js, which prints seed(2).";
    const { criteria, not_checked } = clarified(text, ["seed(2) returns 4"]);
    expect([criteria, not_checked]).toEqual([
      ["seed(2) returns 4"],
      ["Add seed() in lib/seed.js.", "Add build/start.js, which prints seed(2)."],
    ]);
  });

  it("reads a demand in a list together with the line before the list", () => {
    expect(clarified("parse() in lib/parse.js must:\n- return [] for ''\n- throw for null").criteria).toEqual([
      "parse() in lib/parse.js must: return [] for ''",
      "parse() in lib/parse.js must: throw for null",
    ]);
  });
});

it("promises no test for a request that is only about documentation, in any wording", () => {
  for (const text of [
    "Ergänze in docs/usage.md einen Abschnitt über seed() mit einem Beispiel.",
    "Schreibe in docs/usage.md, dass seed(2) den Wert 4 liefert.",
    "Beschreibe in README.md, wie `npm run seed` die Datenbank füllt, mit einem Beispiel.",
  ])
    expect([text, clarified(text).criteria.join().includes("neuer Test")]).toEqual([text, false]);
  expect(
    clarified("Füge in lib/seed.js eine Funktion seed() hinzu, die für 2 den Wert 4 liefert.").criteria[0],
  ).toContain("Test");
});

const unit = fc.constantFrom(
  'slugify("  A. B! ")',
  "`a. b; c`",
  "„Gut. Fertig.“",
  "「好。的」",
  "lib/__init__.py",
  "Version.of(1, (2)).build()",
  "v1.2.3",
);
const sentence = fc
  .tuple(
    fc.constantFrom(
      "must return",
      "soll liefern",
      "throws",
      "is slow when given",
      "必须返回",
      "Add",
      "Remove",
      "as told in",
    ),
    unit,
    unit,
  )
  .map(([words, one, other]) => `${one} ${words} ${other}`);
const text = fc
  .array(fc.tuple(sentence, fc.constantFrom(". ", ".\n", "\n\n", "! ", "。", "\n- ", "\n```\nx. y\n```\n")), {
    minLength: 1,
    maxLength: 8,
  })
  .map((some) => some.flat().join(""));

it("cuts no unit of any request, and covers every sentence by criteria and what is not checked", () => {
  fc.assert(
    fc.property(text, fc.boolean(), (words, given) => {
      const { criteria, not_checked, clarity } = clarified(words, given ? ["it exits with code 3"] : []);
      if (clarity.questions.length > 0) return;
      const all = [...criteria, ...not_checked];
      for (const part of textParts(words)) {
        const onOneLine = part.text.replace(/\s+/gu, " ");
        expect(
          all.some((one) => one.replace(/\s+/gu, " ").includes(onOneLine)),
          onOneLine,
        ).toBe(true);
      }
      for (const { kind, at, end } of unitsOf(words))
        if (kind !== "block") expect(all.some((one) => one.includes(words.slice(at, end)))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
