/** Past and planted code is parsed in a thread that can be ended, so that no text of a past change stops the daemon. */
import { expect, it } from "vitest";
import { createSyntaxErrorCount } from "../../src/canary/syntax-errors.ts";

it("the parser's thread counts syntax errors, and gives no count for a text that is nested too deeply", async () => {
  const texts = ["const a = 1;", "const a = ) ) 1;", `${"(".repeat(2000)}1${")".repeat(2000)}`].map((text) => ({
    path: "a.ts",
    text,
  }));
  const countSyntaxErrors = createSyntaxErrorCount();
  const [good, bad, deep] = await countSyntaxErrors(texts);
  expect(good).toBe(0);
  expect(bad).toBeGreaterThan(0);
  expect(deep).toBeNull();
  expect(await countSyntaxErrors([])).toEqual([]);
});

it("the parser's thread gives up on a text that takes for ever, while the daemon continues", async () => {
  // Each `f<a,b>(` may begin a call or two comparisons, and the parser follows both.
  const hostile = { path: "a.ts", text: "f<a,b>(".repeat(140_000) };
  let longestMs = 0;
  let before = performance.now();
  const ticking = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - before);
    before = performance.now();
  }, 20);
  const countSyntaxErrors = createSyntaxErrorCount({ timeoutMs: 1_500 });
  const honest = { path: "a.ts", text: "const a = 1;" };
  const [counts, next] = await Promise.all([countSyntaxErrors([honest, hostile]), countSyntaxErrors([honest])]);
  clearInterval(ticking);
  expect(next).toEqual([0]);
  expect(counts).toEqual([null, null]);
  expect(longestMs).toBeGreaterThan(0);
  expect(longestMs).toBeLessThan(1_000);
}, 20_000);
