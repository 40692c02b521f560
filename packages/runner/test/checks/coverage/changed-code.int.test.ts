/** Which lines of a change only move, between real trees. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { changedCode } from "../../../src/checks/coverage/changed-code.ts";
import { openObjects } from "../../../src/tree/candidate.ts";
import { type CheckEntries, type Objects, readCheckTree, writeBlob } from "../../../src/tree/check-tree.ts";
import { type Laboratory, openLaboratory } from "../laboratory.ts";

const line = "return end.length === 3 ? end : start;";
const moreOf = (name: string) => `function ${name}(start, end) {\n  ${line}\n}\n`;
let laboratory: Laboratory;
let objects: Objects;
let base: CheckEntries;
beforeAll(async () => {
  laboratory = openLaboratory();
  const commit = laboratory.repository("app", { "a.js": `let a = 1;\n${moreOf("more")}`, "old.js": moreOf("old") });
  objects = await openObjects(laboratory.context, "app", join(laboratory.home, "objects"));
  base = await readCheckTree(objects, commit);
});
afterAll(() => laboratory.close());

/** The moved lines of `new.js` after these files are written; null deletes one. */
async function movedIn(files: Readonly<Record<string, string | null>>): Promise<number[]> {
  const candidate = new Map(base);
  for (const [path, content] of Object.entries(files))
    if (content === null) candidate.delete(path);
    else candidate.set(path, { mode: "100644", id: await writeBlob(objects, content) });
  const isTest = () => false;
  const found = await changedCode({ objects, isTest }, { base, candidate, isControl: isTest });
  const added = found.find(({ path }) => path === "new.js");
  return [1, 2, 3].filter((number) => added?.isMoved(number) === true);
}

it("knows a line from a file that only loses lines", async () => {
  expect(await movedIn({ "new.js": moreOf("more"), "a.js": "let a = 1;\n" })).toEqual([2]);
  expect(await movedIn({ "new.js": moreOf("more"), "a.js": "let a = 2;\n" })).toEqual([2]);
});

it("takes no line that stays where it was for moved", async () => {
  expect(await movedIn({ "new.js": moreOf("more") })).toEqual([]);
  expect(await movedIn({ "new.js": moreOf("more"), "a.js": `let a = 2;\n${moreOf("more")}` })).toEqual([]);
});

it("counts the lines of a renamed file once, and none of a deleted one", async () => {
  const kept = "let b = 1;\nlet c = 2;\nlet d = 3;\nlet e = 4;\nlet f = 5;\n";
  const old = { "a.js": `let a = 1;\n${kept}` };
  expect(await movedIn({ ...old, "old.js": null, "new.js": `${moreOf("old")}// now\n` })).toEqual([2]);
  expect(await movedIn({ ...old, "old.js": null, "new.js": moreOf("old") + moreOf("twice") })).toEqual([]);
});
