/** Which results of Go belong to a test of a file: Go reports a package's import path instead of a file. */
import { expect, it } from "vitest";
import { isExactlyResultOf, isResultOf } from "../../../src/gate/checks/result-names.ts";

const id = "github.com/one/cut/v2/part > TestCut";
const inPart = { paths: ["part/cut_test.go"], name: "TestCut" };

it("finds a result of Go by its package, which ends with the file's folder", () => {
  for (const isFound of [isResultOf, isExactlyResultOf]) {
    expect(isFound(id, inPart)).toBe(true);
    expect(isFound(id, { ...inPart, name: "TestCutAll" })).toBe(false);
    expect(isFound(id, { ...inPart, paths: ["art/cut_test.go"] })).toBe(false);
    expect(isFound(id, { ...inPart, paths: ["part/cut.test.js"] })).toBe(false);
    expect(isFound("part > TestCut", inPart)).toBe(true);
    // The module's own path is not known.
    expect(isFound(id, { ...inPart, paths: ["cut_test.go"] })).toBe(true);
  }
});

it("takes a subtest of Go for a result of its test only where groups count", () => {
  expect(isExactlyResultOf(`${id} > empty`, inPart)).toBe(false);
  expect(isExactlyResultOf(`${id} > empty`, { ...inPart, name: "TestCut > empty" })).toBe(true);
});
