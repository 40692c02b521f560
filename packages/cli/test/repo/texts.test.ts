import { expect, it } from "vitest";
import { namesText } from "../../src/repo/texts.ts";

it("names tests that are left out, counting those of one test with several parameters once", () => {
  expect(namesText(["a > one[1]", "a > two", "a > one[x [y]]", "a > three[1]"])).toBe(
    "a > one with 2 values, a > two, a > three[1]",
  );
  expect(namesText(["a > adds [1]", "a > adds [2]", "[x] > a []"])).toBe("a > adds [1], a > adds [2], [x] > a []");
});
