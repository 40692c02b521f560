/** Which traced paths are left out, so that not every change of a base with many files asks. */
import { expect, it } from "vitest";
import type { Trace } from "../../../src/checks/watch/read-trace.ts";
import { watchedPaths } from "../../../src/checks/watch/watched-paths.ts";

const empty: Trace = {
  opened: new Set(),
  probed: new Set(),
  listed: new Set(),
  written: new Set(),
  refused: new Set(),
  executed: new Set(),
  outside: new Set(),
};
const many = (count: number, name: (index: number) => string) =>
  new Set(Array.from({ length: count }, (_, index) => name(index)));
const watched = (trace: Partial<Trace>) =>
  watchedPaths([{ ...empty, ...trace }], {
    objects: { gitDir: "/", git: () => Promise.reject(new Error("no git here")) },
    entries: new Map(),
    testGlobs: [],
    isTest: () => true,
    outputs: [],
  });

it("a missing folder stands for all paths looked for in it, because every new file there creates it", async () => {
  const probed = new Set(["dist", "dist/a.js", "dist/deep/b.js", "distant/c.js", "lib/d.js"]);
  expect(await watched({ probed })).toMatchObject({ probed: ["dist", "distant/c.js", "lib/d.js"], omitted: 0 });
  const below = await watched({ probed: many(30_000, (index) => `dist/${index}.js`).add("dist") });
  expect(below).toMatchObject({ probed: ["dist"], omitted: 0 });
});

it("paths left out of a list count as omitted only if rules read the list", async () => {
  const omitted = async (trace: Partial<Trace>) => (await watched(trace))?.omitted;
  expect(await omitted({ written: many(20_100, (index) => `out/${index}`) })).toBe(0);
  expect(await omitted({ executed: many(20_100, (index) => `bin/${index}`) })).toBe(0);
  expect(await omitted({ probed: many(20_100, (index) => `lib/${index}.js`) })).toBe(100);
});
