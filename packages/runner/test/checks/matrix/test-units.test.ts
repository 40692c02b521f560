import { expect, it } from "vitest";
import { testUnits } from "../../../src/checks/matrix/test-units.ts";

const results = (...pairs: [string, "pass" | "fail" | "skip"][]) => pairs.map(([id, result]) => ({ id, result }));

it("groups the assertions of a TAP test, whatever their messages, but those of no other report", () => {
  const tests = results(["a > equal", "pass"], ["a > equal#2", "fail"], ["a > ok", "pass"], ["b > ok", "pass"]);
  expect([...testUnits(tests, "tap")]).toEqual([
    ["a", "red"],
    ["b", "green"],
  ]);
  expect([...testUnits(tests, "jest")].map(([, result]) => result)).toEqual(["green", "red", "green", "green"]);
});

it("recognizes a Rust test with and without the note that it must panic", () => {
  const id = "x src/lib.rs > tests::panics";
  expect([...testUnits(results([`${id} - should panic`, "pass"]), "libtest").keys()]).toEqual([id]);
  expect([...testUnits(results([id, "fail"]), "libtest").keys()]).toEqual([id]);
});

it("counts a test as green only if nothing in it was skipped", () => {
  expect(testUnits(results(["a > x", "pass"], ["a > y", "skip"]), "tap").get("a")).toBe("other");
  expect(testUnits(results(["a > x", "skip"], ["a > y", "fail"]), "tap").get("a")).toBe("red");
  expect(testUnits(results(["a > x", "pass"], ["a > y", "pass"]), "tap").get("a")).toBe("green");
});
