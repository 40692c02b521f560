/** Foreign text can neither forge a row nor act on the terminal. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { columns, pairs } from "../../src/render/columns.ts";
import { jsonLine, jsonText } from "../../src/render/json-text.ts";

const anyText = fc.string({ unit: "binary", maxLength: 200 });
const acting = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

it("keeps every row of a table on one harmless line", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 5 }), (rows) => {
      const text = columns(["A", "B"], rows, "none");
      expect(text.split("\n")).toHaveLength(rows.length + 1);
      expect(text).not.toMatch(acting);
    }),
  );
  expect(columns(["A"], [], "none")).toBe("none");
});

it("keeps every pair on one harmless line and omits missing values", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const rows = pairs([
        ["a", text],
        ["b", null],
      ]);
      expect(rows).not.toMatch(acting);
      expect(rows.split("\n")).toHaveLength(1);
    }),
  );
  const aligned = pairs([
    ["a", "x"],
    ["long", 1],
  ]);
  expect(aligned).toBe("a:    x\nlong: 1");
});

it("prints JSON that is the same document without characters that act", () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText), (document) => {
      for (const text of [jsonText(document), jsonLine(document)]) {
        expect(text).not.toMatch(acting);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)));
      }
      expect(jsonLine(document).split("\n")).toHaveLength(2);
    }),
  );
});
