/** Which files of the base a build runs or is configured by, and which it only builds. */
import { describe, expect, it } from "vitest";
import { buildFiles } from "../src/build-files.ts";

const texts: Readonly<Record<string, string>> = {
  "build.mjs": 'import { banner } from "./banner.mjs";\nimport { version } from "./src/version.js";\n',
  "banner.mjs": "export const banner = 1;\n",
  "scripts/build.mjs":
    'import "./lib/minify.mjs";\nconst pack = await import("./pack.js");\nimport x from "../src/index.js";\n',
  "scripts/lib/minify.mjs": 'export * from "../shared";\n',
  "scripts/shared/index.js": "module.exports = 1;\n",
  "scripts/pack.js": "",
  "scripts/unused.js": "",
  "scripts/build.sh": "#!/bin/sh\nset -e\nnode scripts/pack.js\nnpm run types\n",
  "tools/gen.py": "from tools import names\nimport helpers, os\nfrom .names import all_names\n",
  "tools/helpers.py": "",
  "tools/names.py": "",
  "configs/rollup.prod.js": 'import plugin from "./plugin.js";\n',
  "configs/plugin.js": "",
  "tsconfig.build.json": "{}",
  "src/index.js": "",
  "src/version.js": "",
  "src/build.ts": "",
};
const scripts = {
  build: "npm run clean && rollup --config configs/rollup.prod.js",
  types: "tsc -p tsconfig.build.json",
  clean: "rm -rf dist",
};
const filesOf = (build: string | null) =>
  buildFiles({
    build,
    scriptsIn: () => scripts,
    has: (path) => Object.hasOwn(texts, path),
    read: async (path) => texts[path] ?? null,
  });

describe("files that decide a build", () => {
  it.each([
    ["node build.mjs", ["banner.mjs", "build.mjs"]],
    ["node ./build.mjs && cp -f src/index.js dist/", ["banner.mjs", "build.mjs"]],
    [
      "NODE_ENV=production node --no-warnings scripts/build.mjs --out dist",
      ["scripts/build.mjs", "scripts/lib/minify.mjs", "scripts/pack.js", "scripts/shared/index.js"],
    ],
    ["npx tsx 'scripts/pack.js'", ["scripts/pack.js"]],
    ["node -r ./scripts/pack.js -e 1", ["scripts/pack.js"]],
    ["./scripts/build.sh", ["scripts/build.sh", "scripts/pack.js", "tsconfig.build.json"]],
    ["sh scripts/build.sh", ["scripts/build.sh", "scripts/pack.js", "tsconfig.build.json"]],
    ["python3 tools/gen.py", ["tools/gen.py", "tools/helpers.py", "tools/names.py"]],
    ["npm run build", ["configs/plugin.js", "configs/rollup.prod.js"]],
    ["bun run scripts/pack.js", ["scripts/pack.js"]],
    ["cross-env A=1 esbuild src/index.js --bundle --tsconfig=tsconfig.build.json", ["tsconfig.build.json"]],
  ])("finds the files that decide the build: %s", async (command, expected) => {
    expect(await filesOf(command)).toEqual(expected);
  });

  it.each([
    null,
    "tsc",
    "esbuild src/index.js --outfile=dist/a.js",
    "cp src/index.js dist",
    "python -m hatch",
    "rm -rf src/build.ts",
  ])("finds no file that decides the build in %s", async (command) => {
    expect(await filesOf(command)).toEqual([]);
  });

  it("ends the search for build files although scripts import each other", async () => {
    const has = (path: string) => /^scripts\/s\d+\.js$/u.test(path);
    const read = async (path: string) => {
      const number = Number(/\d+/u.exec(path)?.[0]);
      return `require("./s${number + 1}.js"); require("./s0.js");`;
    };
    const found = await buildFiles({ build: "node scripts/s0.js", scriptsIn: () => ({}), has, read });
    expect(found).toHaveLength(500);
  });
});
