/** Counts in the singular and the plural. */
import { expect, it } from "vitest";
import { counted } from "../src/index.ts";

it("counted() uses the singular after 1 and the plural after any other count", () => {
  expect([0, 1, 2].map((count) => counted(count, "run"))).toEqual(["0 runs", "1 run", "2 runs"]);
  expect([1, 3].map((count) => counted(count, "push", "pushes"))).toEqual(["1 push", "3 pushes"]);
});
