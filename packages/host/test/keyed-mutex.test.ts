/** One job per key at a time, in order; a failure stops no later job, and other keys don't wait. */
import { expect, it } from "vitest";
import { createKeyedMutex } from "../src/keyed-mutex.ts";

it("runs the jobs of a key one after the other, even after a failure, and those of another key at the same time", async () => {
  const inTurn = createKeyedMutex();
  const steps: string[] = [];
  const job =
    (name: string, fails = false) =>
    async () => {
      steps.push(`${name} starts`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const results = await Promise.allSettled([
    inTurn("a", job("one", true)),
    inTurn("a", job("two")),
    inTurn("b", job("other")),
    inTurn("a", job("three")),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
  expect(steps.filter((step) => !step.startsWith("other"))).toEqual(
    ["one", "two", "three"].flatMap((name) => [`${name} starts`, `${name} ends`]),
  );
  expect(steps.indexOf("other starts")).toBeLessThan(steps.indexOf("one ends"));
});
