/** Which lines a change only moves, between real trees. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { changedCode } from "../../../src/checks/coverage/changed-code.ts";
import { openObjects } from "../../../src/tree/candidate.ts";
import { type CheckEntries, type Objects, readCheckTree, writeBlob } from "../../../src/tree/check-tree.ts";
import { type Laboratory, openLaboratory } from "../laboratory.ts";

const line = "return end.length === 3 ? end : start;";
const pythonLine = "return end if len(end) == 3 else start";
const goLine = "return choose(len(end) == 3, end, start)";
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
  const found = await changedCode({ objects, isTest }, { base, candidate, isTestCode: isTest });
  const added = found.find(({ path }) => path === "new.js");
  return [1, 2, 3].filter((number) => added?.isMoved(number) === true);
}

it("finds a line that came from a file that only loses lines", async () => {
  expect(await movedIn({ "new.js": moreOf("more"), "a.js": "let a = 1;\n" })).toEqual([2]);
  expect(await movedIn({ "new.js": moreOf("more"), "a.js": "let a = 2;\n" })).toEqual([2]);
});

it("does not treat a line as moved that stays where it was", async () => {
  expect(await movedIn({ "new.js": moreOf("more") })).toEqual([]);
  expect(await movedIn({ "new.js": moreOf("more"), "a.js": `let a = 2;\n${moreOf("more")}` })).toEqual([]);
});

it("counts the lines of a renamed file once, and none of a deleted file", async () => {
  const kept = "let b = 1;\nlet c = 2;\nlet d = 3;\nlet e = 4;\nlet f = 5;\n";
  const old = { "a.js": `let a = 1;\n${kept}` };
  expect(await movedIn({ ...old, "old.js": null, "new.js": `${moreOf("old")}// now\n` })).toEqual([2]);
  expect(await movedIn({ ...old, "old.js": null, "new.js": moreOf("old") + moreOf("twice") })).toEqual([]);
});

it.each<[string, string, number[], string]>([
  ["a function", "js", [2], `function more(start, end) {\n  ${line}\n}\n`],
  ["a block comment", "js", [], `/*\n  ${line}\n*/\n`],
  ["a template", "js", [], `const a = \`\n  ${line}\n\`;\n`],
  ["code within a template", "js", [2], `const a = \`${"$"}{(() => {\n  ${line}\n})()}\`;\n`],
  ["JSX", "jsx", [], `const a = <p>\n  ${line}\n</p>;\n`],
  ["a function", "py", [2], `def more(start, end):\n  ${pythonLine}\n`],
  ["a docstring", "py", [], `def more(start, end):\n  """\n  ${pythonLine}\n  """\n`],
  ["a function", "go", [2], `package a\n\nfunc more(start, end int) int {\n  ${goLine}\n}\n`],
  ["a comment", "go", [], `package a\n\n/*\n  ${goLine}\n*/\n`],
  ["a raw string", "go", [], `package a\n\nvar a = \`\n  ${goLine}\n\`\n`],
])("the lines moved from %s of the base (%s) are %j", async (_title, ending, expected, text) => {
  const [path, added] = [`old.${ending}`, `new.${ending}`];
  const lines: Readonly<Record<string, string>> = { py: pythonLine, go: goLine };
  const old = new Map([[path, { mode: "100644" as const, id: await writeBlob(objects, text) }]]);
  const after = await writeBlob(objects, `x\n${lines[ending] ?? line}\n`);
  const candidate = new Map([
    [path, { mode: "100644" as const, id: await writeBlob(objects, "x\n") }],
    [added, { mode: "100644" as const, id: after }],
  ]);
  const isTest = () => false;
  const found = await changedCode({ objects, isTest }, { base: old, candidate, isTestCode: isTest });
  const file = found.find((one) => one.path === added);
  expect([1, 2, 3].filter((number) => file?.isMoved(number) === true)).toEqual(expected);
});

it.each<[string, "100644" | "120000" | "160000"]>([
  ["file", "100644"],
  ["link", "120000"],
  ["module", "160000"],
])("compares a file with the base's file of the same name, but not with a %s", async (what, mode) => {
  const id = mode === "160000" ? "1".repeat(40) : await writeBlob(objects, moreOf("more"));
  const old: CheckEntries = new Map([["new.js", { mode, id }]]);
  const text = await writeBlob(objects, `let a = 1;\n${moreOf("more")}`);
  const isTest = () => false;
  const candidate: CheckEntries = new Map([["new.js", { mode: "100644", id: text }]]);
  const [file] = await changedCode({ objects, isTest }, { base: old, candidate, isTestCode: isTest });
  expect([1, 2, 3, 4].filter((number) => file?.isMoved(number) === true)).toEqual(what === "file" ? [3] : []);
  expect(file?.lines).toEqual([{ first: 1, last: what === "file" ? 1 : Number.MAX_SAFE_INTEGER }]);
});

it("finds the lines that only one version has, ignoring indentation", async () => {
  const of = async (text: string): Promise<CheckEntries> =>
    new Map([["new.js", { mode: "100644" as const, id: await writeBlob(objects, text) }]]);
  const isTest = () => false;
  const base = await of("f(1);\nf(2);\nf(2);\n");
  const candidate = await of("if (a) {\n  f(1);\n  f(2);\n}\nf(3);\nf(1);\n");
  const [file] = await changedCode({ objects, isTest }, { base, candidate, isTestCode: isTest });
  expect([file?.removed, file?.added]).toEqual([["f(2);"], ["if (a) {", "}", "f(3);", "f(1);"]]);
});
