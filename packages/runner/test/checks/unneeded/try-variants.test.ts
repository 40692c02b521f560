/** Variants of changed code are tried only within bounds, and only if the tests pass with a comment added. */
import { expect, it } from "vitest";
import { tryVariants, type VariantRun, type VariantRuns } from "../../../src/checks/unneeded/try-variants.ts";

const variants = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ path: "lib/a.js", line: index + 1, before: `a % ${index}`, after: "a", text: `variant ${index}` },
  }));
const control = new Map([["lib/a.js", "code\n//\n"]]);

/** Tries variants; `ends` gives the result of the tests for a text, and each run takes `seconds`. */
async function tried(
  count: number,
  ends: (text: string) => VariantRun,
  { seconds = 1, ...more }: { seconds?: number } & Partial<VariantRuns> = {},
) {
  const texts: string[] = [];
  const found = await tryVariants(variants(count), {
    control,
    run: async (given) => {
      const text = given.get("lib/a.js") ?? "nothing";
      texts.push(text);
      return ends(text);
    },
    elapsedMs: () => texts.length * seconds * 1000,
    longestMs: seconds * 1000,
    ...more,
  });
  return { found, texts };
}
const isControl = (text: string) => text === "code\n//\n";
/** Tests that need all of the code. */
const needing = (text: string): VariantRun => (isControl(text) ? "passed" : "failed");

it("the control runs first, and a variant on which the tests then fail is needed", async () => {
  const { found, texts } = await tried(2, needing);
  expect(texts).toEqual(["code\n//\n", "variant 0", "variant 1"]);
  expect(found).toEqual({ tried: 2, untried: 0, parts: [] });
});

it("variants on which the tests pass are named, up to three", async () => {
  const { found, texts } = await tried(6, (text) => (text === "variant 1" ? "failed" : "passed"));
  expect(found).toMatchObject({ tried: 4, untried: 2, parts: [{ line: 1 }, { line: 3 }, { line: 4 }] });
  expect(found.why_untried).toBeUndefined();
  expect(texts).toHaveLength(5);
});

it.each([
  ["failed", "control-failed"],
  ["unavailable", "unavailable"],
] as const)("no variant is tried if the control %s, whatever the variants would give", async (end, why) => {
  const { found, texts } = await tried(2, (text) => (isControl(text) ? end : "passed"));
  expect(found).toEqual({ tried: 0, untried: 2, why_untried: why, parts: [] });
  // A test may have failed by chance.
  expect(texts).toHaveLength(why === "control-failed" ? 3 : 1);
});

it("variants are tried if the control fails by chance and then passes", async () => {
  let controls = 0;
  const { found } = await tried(2, (text) => {
    if (isControl(text)) controls += 1;
    return isControl(text) && controls < 3 ? "failed" : "passed";
  });
  expect(found).toMatchObject({ tried: 2, untried: 0 });
});

it("the control counts towards the 24 runs and the 75 seconds", async () => {
  expect((await tried(40, needing)).found).toEqual({ tried: 23, untried: 17, parts: [] });
  expect((await tried(40, needing)).texts).toHaveLength(24);
  // With 10 seconds each, 7 begin before 65 are over: the control and six.
  expect((await tried(40, needing, { seconds: 10 })).found).toEqual({ tried: 6, untried: 34, parts: [] });
});

it("tests that leave no time for a variant are reported, before the control or after it", async () => {
  const late = await tried(2, needing, { seconds: 40 });
  expect(late).toEqual({ found: { tried: 0, untried: 2, why_untried: "no-time", parts: [] }, texts: [] });
  const behind = await tried(2, needing, { elapsedMs: () => 80_000 });
  expect(behind.found).toEqual({ tried: 0, untried: 2, why_untried: "no-time", parts: [] });
  expect(behind.texts).toHaveLength(1);
});

it("variants tried before the engine failed count; if it fails at the first, the result is missing", async () => {
  const later = await tried(3, (text) => (text === "variant 1" ? "unavailable" : needing(text)));
  expect(later.found).toEqual({ tried: 1, untried: 2, parts: [] });
  const first = await tried(3, (text) => (text === "variant 0" ? "unavailable" : needing(text)));
  expect(first.found).toEqual({ tried: 0, untried: 3, why_untried: "unavailable", parts: [] });
});
