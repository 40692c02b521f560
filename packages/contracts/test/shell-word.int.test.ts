/** Words of a shell command, read back by a real shell. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { shellWord } from "../src/index.ts";

it("leaves a plain word as it is and quotes any other word", () => {
  expect([shellWord("a/b-c_d.1"), shellWord("it's; rm"), shellWord("")]).toEqual(["a/b-c_d.1", "'it'\\''s; rm'", "''"]);
});

it("quotes any text as one argument of a real shell", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab'\"\\ $`;&|*?~#\n!=") });
  const texts = fc.sample(text, { numRuns: 200, seed: 1 });
  const printed = execFileSync("/bin/sh", ["-c", `printf '%s\\0' ${texts.map(shellWord).join(" ")}`]);
  expect(printed.toString().split("\0").slice(0, -1)).toEqual(texts);
});
