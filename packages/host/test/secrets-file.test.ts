/** The form of a secrets file: values read back unchanged, including those that older versions wrote. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseSecrets, secretsText } from "../src/secrets-file.ts";

const readBack = (text: string) => parseSecrets(text).secrets;

it("parses NAME=value lines and skips comments and empty lines", () => {
  expect(parseSecrets('# note\n\nA_KEY="x=y"\nB=\nC=b=c\r\n')).toEqual({
    secrets: { A_KEY: '"x=y"', B: "", C: "b=c" },
    problems: [],
  });
});

it("reports the numbers of wrong lines, never their text, and parses the others", () => {
  expect(parseSecrets("A=1\nexport B=sekret\nA=2\n")).toEqual({
    secrets: { A: "2" },
    problems: ["line 2 is not NAME=value", "line 3 sets a name twice"],
  });
});

it("writes a plain value unquoted, and quotes a value with a comment sign or quotes", () => {
  expect(secretsText({ A: "sk-ant_1.2=", B: "a b" })).toBe("A=sk-ant_1.2=\nB=a b\n");
  expect(secretsText({ A: "a#b", B: "it's # one", C: "'x'" })).toBe("A='a#b'\nB=\"it's # one\"\nC=\"'x'\"\n");
});

const oneLine = fc
  .string({ unit: fc.constantFrom(..."ab=#'\"` \\n$", "\u00e9", "\u2028"), minLength: 1, maxLength: 12 })
  .filter((value) => value === value.trim() && value !== "");

it("reads back exactly what it wrote, whatever the characters, or refuses to write it", () => {
  let written = 0;
  fc.assert(
    fc.property(oneLine, (value) => {
      const text = secretsText({ A: "1", NAME: value, Z: "2" });
      if (text === null) return;
      written += 1;
      expect(readBack(text)).toEqual({ A: "1", NAME: value, Z: "2" });
    }),
  );
  expect(written).toBeGreaterThan(50);
});

it("reads a line of an older version as the text after the sign", () => {
  fc.assert(
    fc.property(oneLine, (value) => {
      // An older version wrote no quotes itself: only a value with quotes around a '#' or quote looks like this version's.
      fc.pre(!/^(['"`]).*\1$/s.test(value));
      expect(readBack(`NAME=${value}\n`)).toEqual({ NAME: value });
    }),
  );
  for (const value of ["a#b", "a # b", '"quoted"', "'x", "a'b#c", "`", "x=y==", "$HOME", "a\\nb"])
    expect(readBack(`NAME=${value}\n`)).toEqual({ NAME: value });
});
