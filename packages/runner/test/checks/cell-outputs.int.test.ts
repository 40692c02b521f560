/** The prepared outputs of each cell, with real git and a store that already has every archive, so that nothing runs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type RepositorySettings } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outputsByTree } from "../../src/checks/pass/cell-outputs.ts";
import { cacheKeyOf, inputEntries } from "../../src/prepare/inputs.ts";
import { openObjects } from "../../src/tree/candidate.ts";
import {
  type CheckEntries,
  type Objects,
  readCheckTree,
  writeBlob,
  writeCheckTree,
} from "../../src/tree/check-tree.ts";
import { type Laboratory, limits, openLaboratory } from "./laboratory.ts";

const imageId = `sha256:${"1".repeat(64)}`;
const settings = (build: string | null): RepositorySettings => ({
  ...{ prepare: "true", build, inputs: [], outputs: ["dist"], verify: [], tests: ["test/**"], image: null },
});
let laboratory: Laboratory;
let objects: Objects;
let baseCommit: string;
let base: CheckEntries;
beforeAll(async () => {
  laboratory = openLaboratory();
  baseCommit = laboratory.repository("app", { "package.json": "{}\n", "a.js": "old\n" });
  objects = await openObjects(laboratory.context, "app", join(laboratory.home, "objects"));
  base = await readCheckTree(objects, baseCommit);
});
afterAll(() => laboratory.close());

async function withFile(
  entries: CheckEntries,
  path: string,
  content: string,
): Promise<Map<string, { mode: string; id: string }>> {
  return new Map([...entries, [path, { mode: "100644", id: await writeBlob(objects, content) }]]);
}
/** Puts an archive into the store as the prepared output of a candidate's tree; returns its path. */
async function stored(entries: CheckEntries, build: string | null): Promise<string> {
  const { context, home } = laboratory;
  const tree = build === null ? null : await writeCheckTree(objects, entries);
  const inputs = inputEntries(entries, settings(build));
  const { registries, sha256 } = context;
  const state = { of: "candidate" as const, registries, repository: "app", inputs, tree, outputs: ["dist"], imageId };
  const key = cacheKeyOf({ ...state, settings: settings(build) }, sha256);
  const archive = sha256(`archive of ${key}`);
  mkdirSync(join(home, "prepared"), { recursive: true });
  writeFileSync(join(home, "prepared", `${archive}.tar`), `archive of ${key}`);
  writeFileSync(join(home, "prepared", `${key}.json`), canonicalJson({ schema: 2, archive, writes: null }));
  return join(home, "prepared", `${archive}.tar`);
}
function cells(build: string | null) {
  const baseOutputs = { archivePath: "of the base", paths: ["dist"] };
  const request = { repository: "app", baseCommit, settings: settings(build), limits, imageId };
  const isControl = (path: string) => path === "control.js";
  return outputsByTree(
    {
      request,
      objects,
      base,
      baseOutputs,
      baseWrites: null,
      onStrayWrites: () => undefined,
      isControl,
      progress: () => undefined,
    },
    laboratory.context,
  );
}

describe("the prepared outputs of a cell", () => {
  it("are the base's if the inputs are equal and there is no build, whatever else the change does", async () => {
    const outputsOf = cells(null);
    const steered = await withFile(await withFile(base, "a.js", "new\n"), "control.js", "new\n");
    for (const tree of [base, steered]) expect((await outputsOf(tree))?.archivePath).toBe("of the base");
  });

  it("are built from the cell's own code if there is a build, so that no test runs on a build of old code", async () => {
    const changed = await withFile(base, "a.js", "new\n");
    const built = await stored(changed, "make");
    const outputsOf = cells("make");
    expect((await outputsOf(changed))?.archivePath).toBe(built);
    const onlyControl = await withFile(base, "control.js", "new\n");
    for (const tree of [base, onlyControl]) expect((await outputsOf(tree))?.archivePath).toBe("of the base");
  });

  it("are never the build of another cell's code, even if both have the same manifest", async () => {
    const manifest = "test/package.json";
    const newTestsOldCode = await withFile(base, manifest, '{"name":"new"}\n');
    const newTestsNewCode = await withFile(newTestsOldCode, "a.js", "new\n");
    const built = [await stored(newTestsOldCode, "make"), await stored(newTestsNewCode, "make")];
    const outputsOf = cells("make");
    expect((await outputsOf(newTestsOldCode))?.archivePath).toBe(built[0]);
    expect((await outputsOf(newTestsNewCode))?.archivePath).toBe(built[1]);
    // Without a build only the inputs count, and one archive serves both.
    const fetched = await stored(newTestsOldCode, null);
    const withoutBuild = cells(null);
    for (const tree of [newTestsOldCode, newTestsNewCode])
      expect((await withoutBuild(tree))?.archivePath).toBe(fetched);
  });
});
