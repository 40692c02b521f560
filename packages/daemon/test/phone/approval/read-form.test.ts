/** Reads forms as browsers send them, and keeps an operator's token from everything but signing in. */
import { expect, it } from "vitest";
import { readForm, withoutToken } from "../../../src/phone/approval/read-form.ts";

const contentType = "application/x-www-form-urlencoded";
const read = (text: string, type: string | undefined = contentType) =>
  readForm({ contentType: type, body: Buffer.from(text) });

it("a form gives the first field of each name, with plain line breaks; any other body gives nothing", () => {
  expect([...read("words=a%0D%0Ab&words=c&x=1")]).toEqual([
    ["x", "1"],
    ["words", "a\nb"],
  ]);
  expect(read("words=a", "application/json").size).toBe(0);
  expect(readForm({ contentType, body: "words=a" }).size).toBe(0);
  expect(read(Array.from({ length: 50 }, (_, index) => `f${index}=1`).join("&")).size).toBe(32);
});

it("no operator's token stays in what is read, scanned and shown again, even if it was sent twice", () => {
  const token = `aedev_${"0".repeat(64)}`;
  const { form, operatorToken } = withoutToken(
    read(`words=also+for+zero&operator_token=${token}&operator_token=${token}`),
  );
  expect(operatorToken).toBe(token);
  expect(Object.fromEntries(form)).toEqual({ words: "also for zero" });
  expect(withoutToken(read("words=x"))).toEqual({ form: new Map([["words", "x"]]), operatorToken: undefined });
});
