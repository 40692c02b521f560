/** The form of a secrets file: values read back unchanged, also those that older versions wrote. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseSecrets, secretsText } from "../src/secrets-file.ts";

const readBack = (text: string) => parseSecrets(text).secrets;

it("reads NAME=value lines and passes over comments and empty lines", () => {
  expect(parseSecrets('# note\n\nA_KEY="x=y"\nB=\nC=b=c\r\n')).toEqual({
    secrets: { A_KEY: '"x=y"', B: "", C: "b=c" },
    problems: [],
  });
});

it("names the lines that are wrong, never their text, and reads the others", () => {
  expect(parseSecrets("A=1\nexport B=sekret\nA=2\n")).toEqual({
    secrets: { A: "2" },
    problems: ["line 2 is not NAME=value", "line 3 sets a name twice"],
  });
});

it("writes a plain value bare and quotes one that has a comment sign or quotes", () => {
  expect(secretsText({ A: "sk-ant_1.2=", B: "a b" })).toBe("A=sk-ant_1.2=\nB=a b\n");
  expect(secretsText({ A: "a#b", B: "it's # one", C: "'x'" })).toBe("A='a#b'\nB=\"it's # one\"\nC=\"'x'\"\n");
});

const oneLine = fc
  .string({ unit: fc.constantFrom(..."ab=#'\"` \\n$", "\u00e9", "\u2028"), minLength: 1, maxLength: 12 })
  .filter((value) => value === value.trim() && value !== "");

it("reads again exactly what it wrote, whatever the characters, or refuses to write it", () => {
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

it("reads a line of an older version as the text behind the sign", () => {
  fc.assert(
    fc.property(oneLine, (value) => {
      // An older version wrote no quotes of its own: only a value with quotes around a '#' or quote reads like one of ours.
      fc.pre(!/^(['"`]).*\1$/s.test(value));
      expect(readBack(`NAME=${value}\n`)).toEqual({ NAME: value });
    }),
  );
  for (const value of ["a#b", "a # b", '"quoted"', "'x", "a'b#c", "`", "x=y==", "$HOME", "a\\nb"])
    expect(readBack(`NAME=${value}\n`)).toEqual({ NAME: value });
});
