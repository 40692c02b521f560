/** Characters that control a terminal or hide text, and the text that remains without them. */
import { expect, it } from "vitest";
import { escapeText, hasControls, hasInvisibles, replaceUnsafe, withoutInvisibles } from "../src/index.ts";

const controls = ["\u0000", "\t", "\n", "\u001b", "\u007f", "\u009b"];
const invisibles = [
  "\u00ad",
  "\u200b",
  "\u202e",
  "\u2028",
  "\u2029",
  "\u2800",
  "\u3164",
  "\ufe00",
  "\ud800",
  "\u{e0041}",
];
const plain = ["a", " ", "é", "整", "❤\ufe0f", "☺\ufe0e", "🎉"];

it("distinguishes control characters, invisible characters and visible text", () => {
  for (const text of controls) expect([text, hasControls(text), hasInvisibles(text)]).toEqual([text, true, false]);
  for (const text of invisibles) expect([text, hasControls(text), hasInvisibles(text)]).toEqual([text, false, true]);
  for (const text of plain) expect([text, hasControls(text), hasInvisibles(text)]).toEqual([text, false, false]);
});

it("replaces or removes exactly the unsafe characters, on every call", () => {
  const all = [...controls, ...invisibles, ...plain].join("");
  for (const _ of [1, 2]) {
    expect(replaceUnsafe(all, () => "")).toBe(plain.join(""));
    expect(withoutInvisibles(all)).toBe([...controls, ...plain].join(""));
    expect(hasControls(all) && hasInvisibles(all)).toBe(true);
  }
  expect(escapeText("a\u001b[2J\u202e\tb\n")).toBe("a\\u{1b}[2J\\u{202e}\tb\n");
});
