/** When a text names a path. */
import { expect, it } from "vitest";
import { namesPath } from "../../src/policy/test-rules.ts";

it("wants the very path, in any punctuation", () => {
  for (const text of ["test/a.js", "see test/a.js.", "(`test/a.js`)", "./test/a.js: drop it", "test/a.js, test/b.js"])
    expect(namesPath(text, "test/a.js"), text).toBe(true);
  for (const text of [
    "a.js",
    "mytest/a.js",
    "x/test/a.js",
    "test/a.jsx",
    "test/a.js.snap",
    "../test/a.js",
    "",
    "test/a",
  ])
    expect(namesPath(text, "test/a.js"), text).toBe(false);
});
