/** Untrusted JSON. */
import { expect, it } from "vitest";
import { parseJson } from "../src/parse-json.ts";

it("parses JSON and returns undefined for every other text", () => {
  expect([parseJson('{"a":[1,null]}'), parseJson("null")]).toEqual([{ a: [1, null] }, null]);
  for (const text of [undefined, "", "{", "undefined", '{"a":1}x']) expect(parseJson(text)).toBeUndefined();
});

it("survives JSON of any depth", () => {
  expect(() => parseJson("[".repeat(500_000))).not.toThrow();
  expect(() => parseJson(`${"[".repeat(500_000)}${"]".repeat(500_000)}`)).not.toThrow();
});
