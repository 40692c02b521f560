/** Lists in a bounded number of characters. */
import { expect, it } from "vitest";
import { summarizeList, truncateText } from "../src/summarize-list.ts";

it("lists the items that fit and counts the rest", () => {
  expect(summarizeList(["a", "b"], 20)).toBe("a, b");
  expect(summarizeList(["aaaa", "bbbb", "cccc"], 15)).toBe("aaaa and 2 more");
  expect(summarizeList(["a".repeat(600), "b"], 500).length).toBeLessThanOrEqual(500);
});

it("never cuts a character in half when it truncates a text", () => {
  expect(truncateText("ab😀", 4)).toBe("ab😀");
  expect(truncateText("ab😀c", 4)).toBe("ab…");
});
