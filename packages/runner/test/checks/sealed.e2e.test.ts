/** Checks run on a read-only tree (SECURITY T25), so code under test can't rewrite tests, configuration, itself or installed packages. */

import type { TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isNight } from "../../../../test/support/is-night.ts";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

const right = "exports.add = (a, b) => a + b;\n";
const wrong = "exports.add = (a, b) => a - b;\n";
const testOf = (name: string) =>
  `const test = require('node:test');\nconst assert = require('node:assert');\nconst { add } = require('../lib/add.js');\ntest('${name}', () => assert.strictEqual(add(2, 3), 5));\n`;
const base: Files = {
  "package.json": JSON.stringify({
    name: "x",
    version: "1.0.0",
    scripts: { pretest: "node scripts/prepare.js", test: "node --test" },
  }),
  "scripts/prepare.js": "require('../lib/add.js');\n",
  "lib/add.js": right,
  "test/a.test.js": testOf("first"),
  "test/b.test.js": testOf("second"),
};
const verify = ["npm test --silent"];

function oldOnNew(matrix: TestMatrix) {
  return matrix.cells["old-tests-new-code"].commands[0];
}

async function check(change: Files, settings: object = {}, files: Files = base) {
  const name = `sealed-${Math.random().toString(36).slice(2)}`;
  const commit = laboratory.repository(name, files);
  return laboratory.matrix({ name, base: commit, change, settings: { verify, ...settings } });
}

describe("a sealed checkout", () => {
  it("an honest change passes in a sealed checkout", async () => {
    const command = oldOnNew(await check({ "lib/add.js": `// adds\n${right}` }));
    expect(command).toMatchObject({ exit_code: 0, incomplete: null });
    expect(command?.tests?.map(({ result }) => result)).toEqual(["pass", "pass"]);
  });

  it.each([
    ["a script that runs before the tests edits them", "scripts/prepare.js"],
    ["the imported code edits the tests", "lib/add.js"],
  ])("makes a wrong change fail although %s", async (_title, path) => {
    const edit = `const fs = require('node:fs');
for (const name of ['a', 'b']) try {
  const file = require('node:path').join(__dirname, '..', 'test', name + '.test.js');
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, "require('node:test')('" + (name === 'a' ? 'first' : 'second') + "', () => {});");
} catch {}
`;
    const change = path === "lib/add.js" ? { [path]: edit + wrong } : { [path]: edit, "lib/add.js": wrong };
    const command = oldOnNew(await check(change));
    expect(command?.exit_code).not.toBe(0);
    expect(command?.tests?.map(({ result }) => result)).toEqual(["fail", "fail"]);
  });

  const writes = `const fs = require('node:fs');\nfs.writeFileSync(require('node:path').join(__dirname, '..', 'out', 'log.txt'), 'x');\n`;
  const writing: Files = { ...base, "out/.keep": "", "lib/add.js": writes + right };

  it.runIf(isNight)("lets tests write to a folder that the settings name, but to no other", async () => {
    const change = { "lib/add.js": `// adds\n${writes}${right}` };
    const allowed = oldOnNew(await check(change, { writable: ["out"] }, writing));
    expect(allowed).toMatchObject({ exit_code: 0, incomplete: null });
    const refused = oldOnNew(await check(change, {}, writing));
    expect(refused?.exit_code).not.toBe(0);
    expect(refused?.output_tail).toContain("EROFS");
  });

  it("makes the result incomplete if a test in a writable folder was rewritten", async () => {
    const rewrite =
      "require('node:fs').appendFileSync(require('node:path').join(__dirname, '..', 'test', 'b.test.js'), '//');\n";
    const honest = oldOnNew(await check({ "lib/add.js": `// adds\n${right}` }, { writable: ["test"] }));
    expect(honest).toMatchObject({ exit_code: 0, incomplete: null });
    const forged = oldOnNew(await check({ "lib/add.js": rewrite + right }, { writable: ["test"] }));
    expect(forged?.incomplete).toContain("it changed test/b.test.js");
  });

  it.runIf(isNight)("gives each command its own copy of a writable folder", async () => {
    const files: Files = {
      ...base,
      "out/.keep": "",
      "scripts/prepare.js": `const fs = require('node:fs');\nif (fs.existsSync('out/seen')) throw new Error('seen');\nfs.writeFileSync('out/seen', '');\n`,
    };
    const matrix = await check(
      { "lib/add.js": `// adds\n${right}` },
      { writable: ["out"], verify: [...verify, ...verify] },
      files,
    );
    expect(matrix.cells["old-tests-new-code"].commands.map(({ exit_code }) => exit_code)).toEqual([0, 0]);
  });
});
