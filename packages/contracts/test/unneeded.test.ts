/** The sentence about tests on variants of the changed code, for clients and judges. It never counts untried variants as failing. */
import { expect, it } from "vitest";
import { boundedProvenness, provennessLines, type Unneeded, withCoverage } from "../src/index.ts";

const nothing = boundedProvenness({ proven: 1, unproven: [], stayedGreen: [] });
const sentenceOf = (unneeded: Unneeded) =>
  provennessLines(withCoverage(nothing, "no-code", { unneeded }), (text) => text)[2];

it("says that the tests fail only for variants that they ran with", () => {
  expect(sentenceOf({ tried: 3, untried: 1, parts: [] })).toBe(
    "the tests fail with each of 3 variants of the changed code (1 more not tried)",
  );
  expect(sentenceOf({ tried: 0, untried: 4, parts: [] })).toBe("no variant of the changed code was tried");
  expect(sentenceOf({ tried: 0, untried: 4, why_untried: "control-failed", parts: [] })).toBe(
    "no variant of the changed code was tried: the tests also fail if only a comment is added to it",
  );
});

it("names the parts that no test needs", () => {
  const part = { path: "lib/bass.js", line: 12, before: "by % 7", after: "by" };
  expect(sentenceOf({ tried: 1, untried: 0, parts: [part] })).toBe(
    "changed code that no test needs: lib/bass.js:12: by % 7 may as well be by",
  );
});
