/** The measuring library is loaded only for a text that needs it, and the result without it equals the library's. */
import fc from "fast-check";
import stringWidth from "string-width";
import { expect, it } from "vitest";
import { displayWidth, isWider } from "../../src/render/display-width.ts";

const measured = (text: string) => stringWidth(text, { countAnsiEscapeCodes: true });
const anyText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom("a", " ", "…", "請", "👍", "🏽", "\u200d", "\u0301", "\u001b", "é", "🇩"),
    maxLength: 20,
  }),
);

it("measures every text as the library does", () => {
  fc.assert(fc.property(anyText, (text) => displayWidth(text) === measured(text)));
  expect([displayWidth("abc"), displayWidth("請求"), displayWidth("…")]).toEqual([3, 4, 1]);
});

it("finds a text wider than some columns exactly if the library does", () => {
  fc.assert(fc.property(anyText, fc.nat(90), (text, columns) => isWider(text, columns) === measured(text) > columns));
  expect([isWider("請求", 3), isWider("請求", 4), isWider("abc", 2), isWider("abc", 3)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
