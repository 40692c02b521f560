/** Damage to bytes that nobody edited is found in each form, and an edit of the same form is not. */
import { describe, expect, it } from "vitest";
import { encode } from "../../../../host/test/text-form/encode.ts";
import { compareBytes } from "../../../src/findings/bytes/byte-changes.ts";

const utf8 = (text: string) => Buffer.from(text);
const compare = (before: Uint8Array | string, after: Uint8Array | string) =>
  compareBytes("a.js", Buffer.from(before as string), Buffer.from(after as string));
const kinds = (before: Uint8Array | string, after: Uint8Array | string) =>
  compare(before, after).changes.map(({ kind, lines }) => [kind, lines]);

const menu = (title: string, price = 1) => `export const menu = {\n  de: '${title}',\n  price: ${price},\n};\n`;

describe("letters in lines that nobody edited", () => {
  it.each([
    ["U+FFFD for each", "Gr\ufffd\ufffde"],
    ["U+FFFD for both", "Gr\ufffde"],
    ["question marks", "Gr??e"],
    ["UTF-8 read as Latin-1", Buffer.from("Grüße").toString("latin1")],
    ["UTF-8 read as windows-1252", "GrÃ¼ÃŸe"],
    ["UTF-8 read as GBK", new TextDecoder("gbk").decode(utf8("Grüße"))],
    ["plain letters", "Grusse"],
    ["two letters for one", "Gruesse"],
  ])("letters in a line that nobody edited are destroyed by %s", (_how, title) => {
    const { changes } = compare(menu("Grüße"), menu(title, 2));
    expect(changes).toMatchObject([{ kind: "letters-destroyed", lines: 1, letters: 2, examples: [{ line: 2 }] }]);
  });

  it("an edit of the line, its translation or another line destroys no letters", () => {
    expect(kinds(menu("Grüße"), menu("Grüße", 2))).toEqual([]);
    expect(kinds(menu("Grüße"), menu("Schöne Grüße", 2))).toEqual([]);
    expect(kinds(menu("Grüße"), menu("Greetings", 2))).toEqual([]);
    expect(kinds(menu("Gr\ufffd\ufffde"), menu("Grüße", 2))).toEqual([]);
    expect(kinds(menu("x"), `${menu("x", 2)}const sign = '\ufffd';\n`)).toEqual([]);
    expect(kinds("a ? b : c\n", "a ? d : c\n")).toEqual([]);
  });

  it("letters of an edited line are destroyed if one of its words has U+FFFD", () => {
    expect(kinds(menu("Grüße an alle"), menu("Gr\ufffd\ufffde an euch"))).toEqual([["letters-destroyed", 1]]);
    expect(kinds(menu("Grüße an alle"), menu("Grüße an euch"))).toEqual([]);
  });

  it("letters are destroyed if several lines lose all of them", () => {
    const lines = (...words: string[]) => words.map((word) => `say('${word}');\n`).join("");
    expect(kinds(lines("für", "über", "x"), lines("fr", "ber", "y"))).toEqual([["letters-destroyed", 2]]);
    expect(kinds(lines("für", "über", "x"), lines("fr", "über", "y"))).toEqual([]);
  });

  it.each([
    ["decomposed", "Grüße".normalize("NFD")],
    ["escaped", "Gr\\u00fc\\u00dfe"],
    ["escaped by bytes", "Gr\\xfc\\xdfe"],
    ["written as entities", "Gr&uuml;&szlig;e"],
    ["written as numbers", "Gr&#252;&#xdf;e"],
  ])("letters in a line that nobody edited are rewritten if they are %s", (_how, title) => {
    expect(kinds(menu("Grüße"), menu(title, 2))).toEqual([["letters-rewritten", 1]]);
    expect(kinds(menu(title), menu(title, 2))).toEqual([]);
  });

  it("a line is rewritten if a non-breaking space, quotation marks or dashes become plain", () => {
    const text = (words: string, more = "") => `# A\n${words}\n${more}`;
    expect(kinds(text("5\u00a0%"), text("5 %", "b\n"))).toEqual([["letters-rewritten", 1]]);
    expect(kinds(text("“so” – ja"), text('"so" - ja', "b\n"))).toEqual([["letters-rewritten", 1]]);
    expect(kinds(text("“so” – ja"), text("“so” – nein", "b\n"))).toEqual([]);
  });
});

describe("the encoding of a file", () => {
  const half = (word: string) => `// 返回一半\nexport const name = '${word}';\nexport const half = (n) => n / 2;\n`;

  it("reports a change of a file's encoding, with the letters of unedited lines", () => {
    const { changes } = compare(encode(half("甲"), "gbk"), half("乙"));
    expect(changes).toMatchObject([{ kind: "encoding", from: "GBK", to: "UTF-8", lines: 1, letters: 4 }]);
    expect(changes[0]?.examples).toEqual([{ line: 1, before: "// ⟨B7 B5 BB D8 D2 BB B0 EB⟩", after: "// 返回一半" }]);
  });

  it("reports a change of encoding with the destroyed letters if the bytes were read as UTF-8", () => {
    const before = encode(half("甲"), "gbk");
    const after = before.toString("utf8").replace("n / 2", "n / 3");
    expect(compare(before, after).changes).toMatchObject([
      { kind: "letters-destroyed", from: "GBK", to: "UTF-8", lines: 2 },
    ]);
  });

  it.each(["shift_jis", "big5", "koi8-r", "windows-1252", "windows-1251", "euc-kr"])(
    "stays %s in an exact edit",
    (label) => {
      const word = {
        shift_jis: "半分を返す",
        big5: "錯誤訊息",
        "euc-kr": "절반을 돌려준다",
        "windows-1252": "Größe café",
      }[label];
      const text = (n: number) => `// ${word ?? "Возвращает половину"}\nconst a = ${n};\n`;
      expect(kinds(encode(text(1), label), encode(text(2), label))).toEqual([]);
      expect(kinds(encode(text(1), label), text(2))).toEqual([["encoding", 1]]);
      expect(kinds(text(1), encode(text(2), label))).toEqual([["encoding", 1]]);
    },
  );

  it("reports a change of encoding from UTF-16 too", () => {
    const text = (n: number) => `Größe\r\nx=${n}\r\n`;
    expect(kinds(Buffer.from(`\ufeff${text(1)}`, "utf16le"), text(2))).toEqual([["encoding", 1]]);
    expect(kinds(Buffer.from(`\ufeff${text(1)}`, "utf16le"), Buffer.from(`\ufeff${text(2)}`, "utf16le"))).toEqual([]);
  });
});

describe("the form of a file", () => {
  const lines = (ending: string, last = "c") => ["a", "b", last].map((line) => line + ending).join("");

  it("reports changed line endings of unedited lines, and counts them apart from lines", () => {
    const { changes, endingLines } = compare(lines("\r\n"), lines("\n", "d"));
    expect(changes).toMatchObject([{ kind: "line-endings", from: "CRLF", to: "LF", lines: 2 }]);
    expect(endingLines).toBe(2);
    expect(compare(lines("\r\n"), lines("\r\n", "d"))).toEqual({ changes: [], endingLines: 0 });
  });

  it("reports only the changed lines of a file with both line endings", () => {
    expect(kinds("a\r\nb\nc\n", "a\nb\nd\n")).toEqual([["line-endings", 1]]);
    expect(kinds("a\r\nb\nc\n", "a\r\nb\nd\r\n")).toEqual([]);
  });

  it("reports an added or removed byte order mark", () => {
    expect(compare("\ufeffa\n", "b\n").changes).toMatchObject([{ kind: "byte-order-mark", to: "none" }]);
    expect(compare("a\n", "\ufeffb\n").changes).toMatchObject([{ kind: "byte-order-mark", from: "none" }]);
    expect(kinds("\ufeffa\n", "\ufeffb\n")).toEqual([]);
  });

  it("reports tabs that become spaces in many lines, but no block that is only indented", () => {
    const block = (indent: string) => Array.from({ length: 6 }, (_, n) => `${indent}call(${n});\n`).join("");
    expect(kinds(block("\t"), `${block("  ")}x\n`)).toEqual([["indentation", 6]]);
    expect(kinds(block("  "), `if (x) {\n${block("    ")}}\n`)).toEqual([]);
    expect(kinds(block("\t"), `if (x) {\n${block("\t\t")}}\n`)).toEqual([]);
  });

  it("reports no byte changes of new, deleted and binary files", () => {
    expect(compareBytes("a", null, utf8("ä")).changes).toEqual([]);
    expect(compareBytes("a", utf8("ä"), null).changes).toEqual([]);
    expect(kinds(Buffer.from([0, 0xe4, 1]), "x")).toEqual([]);
  });
});
