/** A workspace whose packages have different test runners: each command's sentinels are in the files that it runs, and break no other command. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

const esm = '"version": "1.0.0", "type": "module"';
const jestTest = (code: string) =>
  `const { add } = require('${code}');\ndescribe('sums', () => {\n  it('adds', () => {\n    expect(add(1, 2)).toBe(3);\n  });\n});\n`;
const vitestTest = (code: string) =>
  `import { expect, it as claim } from 'vitest';\nimport { add } from '${code}';\nclaim('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n`;
const files: Files = {
  "package.json":
    '{ "name": "all", "private": true, "workspaces": ["packages/*"], "devDependencies": { "vitest": "4.0.15", "jest": "30.5.2" } }\n',
  "packages/web/package.json": `{ "name": "web", "main": "src/add.js", ${esm} }\n`,
  "packages/web/src/add.js": "export const add = (a, b) => a + b;\n",
  "packages/web/src/add.test.js": vitestTest("./add.js"),
  "packages/own/package.json": `{ "name": "own", "main": "add.js", ${esm} }\n`,
  "packages/own/vitest.config.js": "export default { test: { include: ['checks/**/*.js'], globals: true } };\n",
  "packages/own/add.js": "export const add = (a, b) => a + b;\n",
  "packages/own/checks/add.js":
    "import { add } from '../add.js';\ndescribe('sums', () => {\n  it('adds', () => {\n    expect(add(1, 2)).toBe(3);\n  });\n});\n",
  "packages/api/package.json": '{ "name": "api", "version": "1.0.0", "main": "add.js" }\n',
  "packages/api/add.js": "exports.add = (a, b) => a + b;\n",
  "packages/api/add.test.js": jestTest("./add.js"),
  "packages/other/package.json": '{ "name": "other", "version": "1.0.0", "main": "add.js" }\n',
  "packages/other/add.js": "exports.add = (a, b) => a + b;\n",
  "packages/other/test/add.test.js": jestTest("../add.js"),
  "packages/empty/package.json": `{ "name": "empty", "main": "index.js", ${esm} }\n`,
  "packages/empty/index.js": "export const none = 0;\n",
};
const settings = {
  prepare: "npm install --ignore-scripts --no-package-lock --no-audit --no-fund",
  outputs: ["node_modules"],
  verify: [
    "cd packages/web && npx vitest run",
    "cd packages/own && npx vitest run",
    "cd packages/api && npx jest",
    "cd packages/other && npx jest",
    "cd packages/empty && npx vitest run --passWithNoTests",
  ],
  tests: ["**/*.test.*", "packages/own/checks/**"],
};

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

it("every command of a workspace with vitest and jest is trusted, and a wrong change of one package fails in that package alone", async () => {
  const base = laboratory.repository("workspace", files);
  const change = {
    "packages/api/add.js": "exports.add = (a, b) => a - b;\n",
    "packages/empty/index.test.js":
      "import { expect, it } from 'vitest';\nimport { none } from './index.js';\nit('is zero', () => expect(none).toBe(0));\n",
  };
  const { cells } = await laboratory.matrix({ name: "workspace", base, change, settings });
  const seen = (name: keyof typeof cells) =>
    cells[name].commands.map(({ exit_code, sentinel, incomplete, tests }) => ({
      exit_code,
      sentinel,
      incomplete,
      results: tests?.map(({ result }) => result),
    }));
  const green = { exit_code: 0, sentinel: "failed-as-it-must", incomplete: null, results: ["pass"] };
  const none = { exit_code: 0, sentinel: "none", incomplete: null, results: [] };
  expect(seen("old-tests-old-code")).toEqual([green, green, green, green, none]);
  const red = expect.objectContaining({ exit_code: 1, incomplete: null, results: ["fail"] });
  expect(seen("old-tests-new-code")).toEqual([green, green, red, green, none]);
  expect(seen("new-tests-new-code")).toEqual([green, green, red, green, green]);
});
