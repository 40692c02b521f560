/** The sentence about tests that another run wrote. */
import { describe, expect, it } from "vitest";
import { independentTestsSchema, independentTestsText } from "../src/index.ts";

const found = { files: ["test/other.js"], passed: 2, failed: [], uncounted: 0 };
const text = (change: object) =>
  independentTestsText(independentTestsSchema.parse({ ...found, ...change }), (name) => name.toUpperCase());

describe("the tests of another run", () => {
  it("counts the independent tests, and names the failing ones through the client's own rule", () => {
    expect(text({})).toBe("2 independent tests passed");
    expect(text({ passed: 1, uncounted: 1 })).toBe("1 independent test passed; 1 failure not counted");
    expect(text({ failed: ["a", "b"] })).toBe("2 of 4 independent tests failed: A, B");
  });

  it.each(["no-files", "no-results", "not-loaded", "none-counted", "unavailable"] as const)(
    "says why there are no independent tests: %s",
    (why_none) => {
      expect(text({ passed: 0, why_none })).toMatch(/^no independent tests: /);
    },
  );
});
