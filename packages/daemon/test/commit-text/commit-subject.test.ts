/** Subjects of landed commits: requests as people write them, and what holds for any text. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { growsWithLength } from "../../../../test/support/growth.ts";
import { terminalColumns } from "../../src/commit-text/columns.ts";
import { commitSubject } from "../../src/commit-text/commit-subject.ts";
import { anyWords } from "./any-words.ts";

const paragraph =
  "The export of the monthly report takes far too long when there are more than ten thousand rows in the table, and people complain about it because the page hangs. ".repeat(
    6,
  );

it.each([
  ["fix #12 login!!", "Fix login (#12)"],
  ["Fixes #99: wrong timezone in the footer", "Fix wrong timezone in the footer (#99)"],
  [paragraph, "Fix: The export of the monthly report takes far too long"],
  [
    "```js\nfoo()\n```\nfoo crashes with a TypeError, expected null",
    "Fix: foo crashes with a TypeError, expected null",
  ],
  ["## Summary\n\nadded validation of negative ages in lib/age.js\n", "Add validation of negative ages in lib/age.js"],
  [
    "Could you please make the CLI print the version (`--version`), thanks!",
    "Make the CLI print the version (`--version`)",
  ],
  [
    "Please rename `fetchAll` to `listAll` in the whole code base, keep `fetchAll` as a deprecated alias that logs once",
    "Rename `fetchAll` to `listAll` in the whole code base",
  ],
  [
    "GET /api/orders?page=2 starts with the 10th order again, expected the 11th",
    "Fix: GET /api/orders?page=2 starts with the 10th order again",
  ],
  ["🚀 add dark mode toggle to settings page 🚀", "Add dark mode toggle to settings page"],
  ["refactor(parser): drop the second pass", "refactor(parser): drop the second pass"],
  ["sorting is broken on mobile", "Fix: sorting is broken on mobile"],
  [
    "Sorting the list by name instead of by id in views/UserList.tsx so that it is easier to find people quickly",
    "Sort the list by name instead of by id in views/UserList.tsx",
  ],
  [
    "修复登录页面在用户名为空时崩溃的问题，并补充相应的单元测试，确保以后不会再次出现同样的错误，同时更新文档中的说明",
    "修复登录页面在用户名为空时崩溃的问题，并补充相应的单元测试",
  ],
  [
    "Der Rundungsfehler in Rechnungen soll weg: 0,105 wird als 0,10 gedruckt statt als 0,11, bitte mit Test",
    "Der Rundungsfehler in Rechnungen soll weg",
  ],
  ["bump axios to 1.7.4", "Bump axios to 1.7.4"],
  ["1. update the README\n2. fix the link", "Update the README"],
  ["[BUG] Totals are off by one cent!!!", "Fix: Totals are off by one cent"],
  // What does not fit is said in general, in the language of the request.
  [
    "formatLine() in lib/format.js must write null and undefined as an empty field",
    "Change formatLine() in lib/format.js",
  ],
  [
    "In lib/format.js soll formatLine() die Werte null und undefined als leeres Feld schreiben, nicht als Text.",
    "formatLine() in lib/format.js ändern",
  ],
  [
    "Ergänze in docs/usage.md einen Abschnitt über seed() mit einem vollständigen Beispiel, das man kopieren kann",
    "docs/usage.md ändern",
  ],
  [
    "解析函数 parse() 在 lib/parse.js 里必须对空字符串返回空数组，而对只含有空白字符的字符串必须抛出 TypeError 异常，且保留原来的消息",
    "修改 lib/parse.js 中的 parse()",
  ],
  [
    "Remove the cache for all users except administrators who have opened the page within the last hour of the day",
    "Remove the cache for all users except administrators who have opened…",
  ],
  [
    "Accept null, undefined and NaN as an empty value in every exporter that we have, and in the import as well",
    "Accept null, undefined and NaN as an empty value in every exporter that…",
  ],
  [
    "Version.of(1).toBuilder() throws a NullPointerException when it was parsed; it should return a builder with equal values",
    "Fix: Version.of(1).toBuilder() throws a NullPointerException",
  ],
  [
    "Suggest the nearest command if a sub command is unknown, in src/command.ts",
    "Suggest the nearest command if a sub command is unknown",
  ],
  // Code, names and emoji stay as they are written.
  ["__init__.py must export VERSION", "__init__.py must export VERSION"],
  ["parse() must return [] for an empty text", "parse() must return [] for an empty text"],
  [".env must be ignored", ".env must be ignored"],
  ["--json prints nothing", "--json prints nothing"],
  ["npm audit must pass", "npm audit must pass"],
  ['slugify("  A  b ") must return "a-b"', 'slugify("  A  b ") must return "a-b"'],
  ["👍🏽 must count as one character", "👍🏽 must count as one character"],
  ["👍🏽 add a reaction", "Add a reaction"],
  ["show 👩‍💻 after a purchase", "Show 👩‍💻 after a purchase"],
  ["keep the text as it is in #12", "Keep the text as it is in #12"],
  // Only words of courtesy count as courtesy, and only verbs as verbs.
  ["make the button say thanks", "Make the button say thanks"],
  ["well known ports must be refused", "well known ports must be refused"],
  ["Printing takes 5 s", "Printing takes 5 s"],
  ["Added users are not shown", "Fix: Added users are not shown"],
])("the subject of the request %j", (request, subject) => {
  expect(commitSubject(request, [])).toBe(subject);
});

it("the subject is made of the next text if the first has no words, or one word that does not fit", () => {
  for (const empty of ["", "```\nonly code\n```", "!!!", "> quoted only", "a".repeat(200)])
    expect(commitSubject(empty, ["a new test shows it"]), empty).toBe("A new test shows it");
});

it("for any text, the subject is one line of at most 72 columns, without a dangling mark or a cut word", () => {
  fc.assert(
    fc.property(anyWords, (parts) => {
      const subject = commitSubject(parts.join(" "), []);
      expect(terminalColumns(subject)).toBeLessThanOrEqual(72);
      expect(subject).not.toMatch(/[\n\r\t\p{Cc}]|^\s|\s$|[,;:]$/u);
    }),
  );
});

it("the subject cuts no word of a sentence without marks", () => {
  const sentences = fc.array(fc.stringMatching(/^x[a-z]{1,13}$/), { minLength: 12, maxLength: 60 });
  fc.assert(
    fc.property(sentences, (parts) => {
      const said = commitSubject(parts.join(" "), []).toLowerCase().replace("…", "").split(" ");
      expect(said).toEqual(parts.slice(0, said.length));
      // Twelve short words fit.
      const next = parts.slice(0, said.length + 1);
      if (next.length > said.length) expect(terminalColumns(next.join(" "))).toBeGreaterThan(71);
    }),
  );
});

it.each(["(", "a, ", "#1 ", "#1,", "please ", "```\n", "[a](", "![", "<!--", ".", " -", "**a"])(
  "a subject of 20,000 characters of %j is made without reading them again and again",
  (unit) => {
    const made = (length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    expect(terminalColumns(commitSubject(made(20_000), []))).toBeLessThanOrEqual(72);
    expect(growsWithLength(20_000, (length) => () => commitSubject(made(length), []))).toBe(true);
  },
);
