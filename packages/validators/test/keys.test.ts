/** The secrets file's form, and what an endpoint's echo of a key becomes. */
import { expect, test } from "vitest";
import { parseSecrets, withoutKey } from "../src/keys.ts";

test("reads strict NAME=value lines and takes values as they stand", () => {
  expect(parseSecrets('# note\n\nA_KEY="x=y"\nB=\n', "f")).toEqual({ A_KEY: '"x=y"', B: "" });
});
test("a line of another form is refused by number, never by text", () => {
  expect(() => parseSecrets("A=1\nexport B=sekret\n", "f")).toThrow(/^f line 2 is not NAME=value$/);
  expect(() => parseSecrets("A=1\nA=2\n", "f")).toThrow(/^f line 2 sets a name twice$/);
});
test("an echoed key is taken out of an answer", () => {
  expect(withoutKey("it is sk-12345678!", "sk-12345678")).toBe("it is [key removed]!");
  expect(withoutKey("a cat", "a")).toBe("a cat");
});
