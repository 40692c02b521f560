/** Which side's files are in each cell, and which side's control keys are in package.json. */

import { matchesGlob, rootedMatcher } from "@aedev/host/globs";
import { describe, expect, it } from "vitest";
import { withBaseControl } from "../../src/checks/package-json.ts";
import { composeCells, withPathsOf } from "../../src/tree/cells.ts";

const tree = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, id]) => [path, { mode: "100644", id }]));
const shown = (entries: ReadonlyMap<string, { id: string }>) =>
  Object.fromEntries([...entries].map(([path, { id }]) => [path, id]).sort());

describe("the cells of the test matrix", () => {
  it("treat files that only the base's tests use as tests", () => {
    const sides = {
      base: tree({ "index.js": "1", "data/cases.json": "1", "test/a.js": "1" }),
      candidate: tree({ "index.js": "2", "data/cases.json": "2", "test/a.js": "1" }),
      isTest: rootedMatcher(["test/**"]),
      isControl: () => false,
    };
    const support = composeCells({ ...sides, isSupport: (path) => path === "data/cases.json" });
    expect(shown(support["old-tests-new-code"])).toMatchObject({ "index.js": "2", "data/cases.json": "1" });
    expect(shown(support["new-tests-old-code"])).toMatchObject({ "index.js": "1", "data/cases.json": "2" });
    const code = composeCells({ ...sides, isSupport: () => false });
    expect(shown(code["old-tests-new-code"])).toMatchObject({ "index.js": "2", "data/cases.json": "2" });
  });

  it("mix tests and code of both sides, always with the base's control files", () => {
    const cells = composeCells({
      base: tree({ "index.js": "1", "test/a.js": "1", "test/gone.js": "1", ".npmrc": "1" }),
      candidate: tree({ "index.js": "2", "test/a.js": "2", "test/new.js": "2", ".npmrc": "2", "jest.config.js": "2" }),
      isTest: rootedMatcher(["test/**"]),
      isControl: rootedMatcher([".npmrc", "jest.config.*"]),
      isSupport: () => false,
    });
    expect(shown(cells["old-tests-new-code"])).toEqual({
      ".npmrc": "1",
      "index.js": "2",
      "test/a.js": "1",
      "test/gone.js": "1",
    });
    expect(shown(cells["new-tests-old-code"])).toEqual({
      ".npmrc": "1",
      "index.js": "1",
      "test/a.js": "2",
      "test/new.js": "2",
    });
    expect(shown(cells["new-tests-new-code"])).toEqual({
      ".npmrc": "1",
      "index.js": "2",
      "test/a.js": "2",
      "test/new.js": "2",
    });
  });

  it("the cells take control files at any depth, in upper or lower case, from the base, and files of similar names from the candidate", () => {
    const isControl = (path: string) => matchesGlob(path, [".npmrc", "conftest.py", ".yarn/**", "*.mk"]);
    for (const path of [".npmrc", "a/b/.NPMRC", "tests/conftest.py", "pkg/.yarn/x/y", "sub/rules.mk"])
      expect([path, isControl(path)]).toEqual([path, true]);
    for (const path of ["npmrc", "tests/my-conftest.py", "yarn/x", "rules.mkd"])
      expect([path, isControl(path)]).toEqual([path, false]);
  });

  it("drop a side's file that is a folder on the other side", () => {
    const isTest = rootedMatcher(["test", "test/**"]);
    expect(shown(withPathsOf(tree({ test: "2", x: "2" }), tree({ "test/a.js": "1" }), isTest))).toEqual({
      "test/a.js": "1",
      x: "2",
    });
    expect(shown(withPathsOf(tree({ "lib/a.js": "2" }), tree({ lib: "1" }), rootedMatcher(["lib"])))).toEqual({
      lib: "1",
    });
  });
});

describe("a candidate's package.json", () => {
  it("keeps its own keys, except the base's scripts and runner settings", () => {
    const base = JSON.stringify({ name: "a", scripts: { test: "tape" } });
    const candidate = JSON.stringify({ name: "a", version: "2", scripts: { test: "true" }, jest: { bail: 1 } });
    expect(JSON.parse(withBaseControl(candidate, base) ?? "")).toEqual({
      name: "a",
      version: "2",
      scripts: { test: "tape" },
    });
    expect(withBaseControl(JSON.stringify({ name: "b", scripts: { test: "tape" } }), base)).toBeNull();
    expect(withBaseControl("{", base)).toBe(base);
    expect(JSON.parse(withBaseControl(candidate, null) ?? "")).toEqual({ name: "a", version: "2" });
  });
});
