/** Which changed test helpers are not product code, between real trees. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { changedSupport } from "../../../src/checks/watch/watched-paths.ts";
import { openObjects } from "../../../src/tree/candidate.ts";
import { type CheckEntries, type Objects, readCheckTree, writeBlob } from "../../../src/tree/check-tree.ts";
import { type Laboratory, openLaboratory } from "../laboratory.ts";

const files = {
  "package.json": '{ "main": "lib/index.js" }\n',
  "lib/index.js": "exports.add = (a, b) => a + b;\n",
  "lib/plan.js": "exports.plan = () => {};\n",
  "support/same.js": "exports.same = () => {};\n",
  "support/deep/near.js": "exports.near = () => {};\n",
  "test/a.js": "require('../support/same');\n",
};
const helper = "support/same.js";
const changed = { [helper]: "exports.same = () => true;\n" };
const support = [helper, "support/deep/near.js"];
let laboratory: Laboratory;
let objects: Objects;
let base: CheckEntries;
beforeAll(async () => {
  laboratory = openLaboratory();
  const commit = laboratory.repository("app", files);
  objects = await openObjects(laboratory.context, "app", join(laboratory.home, "objects"));
  base = await readCheckTree(objects, commit);
});
afterAll(() => laboratory.close());

async function counted(
  change: Readonly<Record<string, string>>,
  known: readonly string[] = support,
): Promise<string[]> {
  const candidate = new Map(base);
  for (const [path, content] of Object.entries(change))
    candidate.set(path, { mode: "100644", id: await writeBlob(objects, content) });
  const lists = { opened: [], probed: [], written: [], executed: [], modules: [], module_folders: [], omitted: 0 };
  const shared = { objects, testGlobs: ["test/**"], isTest: (path: string) => path.startsWith("test/") };
  const found = await changedSupport({ ...lists, support: [...known] }, { ...shared, base, candidate });
  return [...found].toSorted();
}

it("a changed file is test support if it was on the base, whatever new tests say", async () => {
  expect(await counted({})).toEqual([]);
  expect(await counted(changed)).toEqual([helper]);
  expect(await counted({ ...changed, "test/b.js": "require('../support/same');\n" })).toEqual([helper]);
  expect(await counted({ ...changed, "lib/index.js": "exports.add = (a, b) => b + a; // sameness\n" })).toEqual([
    helper,
  ]);
  expect(await counted({ ...changed, "support/deep/near.js": "require('../same');\n" })).toEqual(support.toSorted());
});

it("a new file, or one that the base's tests did not use, is not test support", async () => {
  expect(await counted({ "support/more.js": "exports.more = 1;\n" })).toEqual([]);
  expect(await counted({ ...changed, "support/more.js": "exports.more = 1;\n" })).toEqual([helper]);
  expect(await counted(changed, [])).toEqual([]);
});

it.each<[string, Readonly<Record<string, string>>]>([
  ["its name", { "lib/plan.js": "const at = 'same'; exports.plan = () => require('../' + folder() + at);\n" }],
  ["its folder", { "lib/plan.js": "exports.plan = (name) => require('../support/' + name);\n" }],
  ["it in a new file", { "lib/new.js": "module.exports = load('same.js');\n" }],
  ["it in a new file beside it", { "support/more.js": "require('./same.js');\n" }],
  ["it by way of another helper", { "lib/plan.js": "load('near');\n", "support/deep/near.js": "load('same');\n" }],
])("a helper is not test support if the change's code mentions %s", async (_, change) => {
  expect(await counted({ ...changed, ...change })).not.toContain(helper);
});

it("nothing is test support if the files can't be read", async () => {
  const large = { "lib/large.js": `// ${"x".repeat(33 * 1024 * 1024)}\n` };
  expect(await counted({ ...changed, ...large })).toEqual([]);
  expect(await counted({ ...changed, "lib/large.js": "// x\n" })).toEqual([helper]);
});
