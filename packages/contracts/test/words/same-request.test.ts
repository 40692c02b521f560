/** Two requests have the same text if they differ only in white space, case, closing punctuation or the Unicode form of their letters. */
import { expect, it } from "vitest";
import { requestKey } from "../../src/words/index.ts";

it("treats texts as the same that differ in white space, case, closing punctuation or the form of letters", () => {
  const text = "Add half() in lib/half.js: half(4) returns 2";
  const alike = [
    `  ${text}.\n`,
    text.toUpperCase(),
    text.replace(": ", ":\n\n\t"),
    `${text} !`,
    `${text}…`,
    `${text}。`,
    text.replace("half", "half".normalize("NFD")),
  ];
  for (const one of alike) expect(requestKey(one), one).toBe(requestKey(text));
  expect(requestKey("Größe in café prüfen".normalize("NFD"))).toBe(requestKey("größe in café prüfen".normalize("NFC")));
  expect(requestKey("भाषा जोड़ें।")).toBe(requestKey("भाषा जोड़ें"));
});

it("treats texts as different that differ in a digit, a sign or a word", () => {
  const text = "half(4) returns 2";
  for (const other of [
    "half(4) returns 20",
    "half(-4) returns 2",
    "half(4) returns 2%",
    "half (4) returns 2",
    "half(4). returns 2",
  ])
    expect(requestKey(other), other).not.toBe(requestKey(text));
});
