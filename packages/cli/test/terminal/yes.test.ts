/** Answers that count as a yes at the terminal. */
import { expect, it } from "vitest";
import { isYes } from "../../src/terminal/yes.ts";

it.each(["y", "YES", " ja ", "oui", "si", "sí", "si\u0301", "sim", "はい", "是", "好", "네", "예"])(
  "takes %j for a yes",
  (answer) => expect(isYes(answer)).toBe(true),
);

it.each(["", "n", "no", "nein", "yes, but later", "y n", "jaja", "不是", "d"])("does not take %j for a yes", (answer) =>
  expect(isYes(answer)).toBe(false),
);
