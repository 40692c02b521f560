/** Where a path leads through the links of a tree, and how many links it may pass. */
import { expect, it } from "vitest";
import { resolveInTree } from "../src/link-targets.ts";

const chain = (links: number) =>
  new Map(Array.from({ length: links }, (_, index) => [`l${index}`, index + 1 === links ? "end" : `l${index + 1}`]));

it("follows forty links, and reports a path with more or with a loop", () => {
  expect(resolveInTree("l0", chain(40))).toMatchObject({ path: "end" });
  expect(resolveInTree("l0", chain(41))).toMatchObject({ problem: "links form a loop" });
  const cycle = new Map([
    ["a", "b/x"],
    ["b", "a"],
  ]);
  expect(resolveInTree("a", cycle)).toMatchObject({ problem: "links form a loop" });
  expect(new Set(resolveInTree("a", cycle).passed)).toEqual(new Set(["a", "b"]));
});

it("reports every passed link of files and folders, also up to a problem", () => {
  const links = new Map([
    [".aedev.yaml", "conf/a.yaml"],
    ["conf", "ci"],
    ["ci/a.yaml", "real.yaml"],
    ["out", "conf/../../x"],
    ["other", "ci"],
  ]);
  const passed = [".aedev.yaml", "conf", "ci/a.yaml"];
  expect(resolveInTree(".aedev.yaml", links)).toEqual({ passed, path: "ci/real.yaml" });
  expect(resolveInTree("out", links)).toEqual({ passed: ["out", "conf"], problem: "link leaves the tree" });
  expect(resolveInTree("ci/b.yaml", links)).toEqual({ passed: [], path: "ci/b.yaml" });
});
