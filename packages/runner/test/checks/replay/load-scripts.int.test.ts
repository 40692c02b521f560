/** Loading a repository's code to call its functions again, in real processes of Node. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadScripts } from "../../../src/checks/replay/languages.ts";

const folder = mkdtempSync(join(tmpdir(), "scripts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** The result of the file's `f(1)`, or the code of the error that loading it throws. */
function given(files: Readonly<Record<string, string>>, entry: string, isBare = false): string {
  count += 1;
  const root = join(folder, `${count}`);
  for (const [path, text] of Object.entries({ "package.json": "{}", ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const program = join(folder, `${count}.cjs`);
  const all = `{ module: require("node:module"), fs: require("node:fs"), path: require("node:path"), url: require("node:url") }`;
  const hooks = isBare
    ? ""
    : `require("node:vm").runInThisContext(${JSON.stringify(loadScripts)})(${JSON.stringify(root)}, ${all});`;
  writeFileSync(
    program,
    `${hooks}
const told = (text) => require("node:fs").writeSync(1, String(text));
const address = ${JSON.stringify(join(root, entry))};
let loaded;
try { loaded = require(address); } catch {}
(loaded ? Promise.resolve(loaded) : import(address)).then(({ f }) => told(f(1)), (error) => told(error.code ?? error.name));`,
  );
  return spawnSync(process.execPath, ["--no-warnings", program], { encoding: "utf8" }).stdout;
}

const inner = "export const one: number = 1;\n";
const entry = (from: string) => `import { one } from '${from}';\nexport const f = (a: number) => a + one;\n`;

it.each<[string, Record<string, string>, string?]>([
  ["a name without its ending", { "src/a.ts": entry("./b"), "src/b.ts": inner }],
  ["a folder", { "src/a.ts": entry("./b"), "src/b/index.ts": inner }],
  ["`.js` for a file that is `.ts`", { "src/a.ts": entry("./b.js"), "src/b.ts": inner }],
  ["`.mjs` for a file that is `.mts`", { "src/a.ts": entry("./b.mjs"), "src/b.mts": inner }],
  [
    "a type among what is imported",
    {
      "src/a.ts": `import { T } from './b';\nimport type { U } from './b';\nimport { one, type V } from './b';\nexport const f = (a: T & U & V) => a + one;\n`,
      "src/b.ts": `export type T = number; export type U = number; export type V = number;\n${inner}`,
    },
  ],
  [
    "a type that a comment names too",
    {
      "src/a.ts": `import D, { T, one } from './b';\n/** {@link T} */\nexport const f = (a: T): D => a + one; // T\n`,
      "src/b.ts": `export interface T {}\nexport default interface D {}\n${inner}`,
    },
  ],
  [
    "all of a module",
    { "src/a.ts": `import * as b from './b';\nexport const f = (a: number) => a + b.one;\n`, "src/b.ts": inner },
  ],
  [
    "an enum, a namespace and a property of a constructor",
    {
      "src/a.ts":
        "enum E { a = 1 }\nnamespace N { export const two = 0; }\nclass C { constructor(private c: number) {} get() { return this.c; } }\nexport const f = (a: number) => a + E.a + N.two + new C(0).get();\n",
    },
  ],
  [
    "the paths of tsconfig.json",
    {
      "tsconfig.json": `{ // ours\n "compilerOptions": { "paths": { "@/*": ["./src/*"], }, /* all */ }, }`,
      "src/a.ts": entry("@/b"),
      "src/b.ts": inner,
    },
  ],
  [
    "the paths of what tsconfig.json extends",
    {
      "tsconfig.json": `{ "extends": "./tsconfig.base.json" }`,
      "tsconfig.base.json": `{ "compilerOptions": { "baseUrl": "src", "paths": { "~b": ["b"] } } }`,
      "src/a.ts": entry("~b"),
      "src/b.ts": inner,
    },
  ],
  [
    "the base address of tsconfig.json",
    { "tsconfig.json": `{ "compilerOptions": { "baseUrl": "." } }`, "src/a.ts": entry("src/b"), "src/b.ts": inner },
  ],
  [
    "JSON",
    {
      "src/a.ts": `import all from './b.json';\nexport const f = (a: number) => a + all.one;\n`,
      "src/b.json": `{ "one": 1 }`,
    },
  ],
  [
    "`require` in a CommonJS file",
    {
      "src/a.js": `const { one } = require('./b');\nexports.f = (a) => a + one;\n`,
      "src/b.ts": "exports.one = 1 as number;\n",
    },
    "src/a.js",
  ],
  [
    "`import … = require` and `export =`",
    {
      "src/a.ts": `import b = require('./b');\nexport = { f: (a: number) => a + b.one };\n`,
      "src/b.ts": "export = { one: 1 as number };\n",
    },
  ],
  [
    "a name without its ending in a module of JavaScript",
    {
      "package.json": `{ "type": "module" }`,
      "src/a.js": entry("./b").replaceAll(": number", ""),
      "src/b.js": "export const one = 1;\n",
    },
    "src/a.js",
  ],
])("code with %s is loaded, which Node alone can't", (_title, files, path = "src/a.ts") => {
  expect(given(files, path)).toBe("2");
  expect(given(files, path, true)).not.toBe("2");
});

it.each<[string, Record<string, string>, string]>([
  [
    "the file itself before one with an ending",
    {
      "a.mjs": "import { one } from './b.mjs';\nexport const f = (a) => a + one;\n",
      "b.mjs": "export const one = 1;\n",
      "b.mts": "export const one = 5;\n",
    },
    "2",
  ],
  [
    "the ending of JavaScript before that of TypeScript",
    {
      "a.mjs": "import { one } from './b';\nexport const f = (a) => a + one;\n",
      "b.js": "module.exports.one = 1;\n",
      "b.ts": "export const one = 5;\n",
    },
    "2",
  ],
  [
    "no type where a value is imported for its effect",
    {
      "a.mjs": "import './b.ts';\nexport const f = (a) => a + globalThis.one;\n",
      "b.ts": "import './c';\n",
      "c.ts": "globalThis.one = 1 as number;\n",
    },
    "2",
  ],
  [
    "nothing out of a text that has lines like imports",
    {
      "a.mjs": "import { text } from './b.ts';\nexport const f = () => text(1).length;\n",
      "b.ts": "import { T } from './c';\nexport const text = (_a: T) => `x\nimport { b } from \"c\";\n`;\n",
      "c.ts": "export type T = number;\n",
    },
    "25",
  ],
  [
    "a name that only texts like comments surround",
    {
      "a.mjs": "export { f } from './b.ts';\n",
      "b.ts":
        "import { one } from './c.ts';\nconst x: string = 'src/*';\nexport const f = (a: number) => a + one;\nconst y = '*/x';\n",
      "c.ts": inner,
    },
    "2",
  ],
  [
    "data that is no program",
    { "a.mjs": "import all from './b.json';\nexport const f = () => all;\n", "b.json": "(globalThis.process.pid)" },
    "SyntaxError",
  ],
  [
    "nothing of a very long tsconfig.json",
    {
      "tsconfig.json": `{ "compilerOptions": { "paths": { "@/*": ["./*"] } }, "a": "${"a".repeat(20_000)}" }`,
      "a.mjs": "import { one } from '@/b';\nexport const f = (a) => a + one;\n",
      "b.ts": inner,
    },
    "ERR_MODULE_NOT_FOUND",
  ],
  [
    "nothing of a tsconfig.json that extends itself",
    { "tsconfig.json": `{ "extends": "./tsconfig.json" }`, "a.mjs": "import '@/b';\n", "b.ts": inner },
    "ERR_MODULE_NOT_FOUND",
  ],
  [
    "nothing by an ending that a package leaves out",
    {
      "a.mjs": "export { f } from './node_modules/p/a.mjs';\n",
      "node_modules/p/a.mjs": "export { f } from './b';\n",
      "node_modules/p/b.js": "exports.f = () => 1;\n",
    },
    "ERR_MODULE_NOT_FOUND",
  ],
  [
    "no file that is not there",
    { "a.mjs": "import { one } from './c';\nexport const f = (a) => a + one;\n", "b.ts": inner },
    "ERR_MODULE_NOT_FOUND",
  ],
  [
    "nothing for a package",
    {
      "a.mjs": "import { one } from 'p/b';\nexport const f = (a) => a + one;\n",
      "node_modules/p/package.json": "{}",
      "node_modules/p/b.ts": inner,
    },
    "ERR_MODULE_NOT_FOUND",
  ],
  [
    "no path of a tsconfig.json that can't be read",
    { "tsconfig.json": `{ "compilerOptions": { "paths": `, "a.mjs": "import '@/b';\n", "b.ts": inner },
    "ERR_MODULE_NOT_FOUND",
  ],
])("an import resolves to %s", (_title, files, expected) => {
  expect(given(files, "a.mjs")).toBe(expected);
});
