/** What a Node repository's test script is taken apart into, and what is tried next. */
import { configurationFiles } from "@aedev/host/command-files";
import { describe, expect, it } from "vitest";
import { detectRepository, wantedFiles } from "../../../src/repository/detect/detect-repository.ts";
import { scriptParts } from "../../../src/repository/detect/script-parts.ts";

const scripts = (test: string, more: Record<string, string> = {}) => new Map(Object.entries({ test, ...more }));
const detected = (manifest: object, files: Record<string, string> = {}) => {
  const all: Record<string, string> = { "package.json": JSON.stringify(manifest), ...files };
  const paths = Object.keys(all);
  const texts = new Map(wantedFiles(paths).map((path) => [path, all[path] ?? null]));
  return detectRepository({ paths, texts }, { overlay: {}, image: null, runnerImage: "aedev-runner:0" });
};
const verifyOf = (manifest: object, files?: Record<string, string>) => {
  const { settings, alternatives } = detected(manifest, files);
  return [settings.verify, ...alternatives.flatMap((one) => (one.settings.verify ? [one.settings.verify] : []))];
};

describe("a script's parts", () => {
  it.each([
    ["xo && c8 ava && tsd", {}, ["xo", "ava", "tsd"]],
    [
      "npm run lint && npm run ci",
      { lint: "eslint .", ci: "nyc --reporter=lcov --reporter=text mocha --exit" },
      ["eslint .", "mocha --exit"],
    ],
    ["c8 --100 -r text --reporter lcov npm run unit", { unit: "node test.js" }, ["node test.js"]],
    [
      "nyc --reporter=lcov --require ts-node/register mocha 'test/*.ts' && c8 --require x mocha",
      {},
      ["mocha --require ts-node/register 'test/*.ts'", "mocha"],
    ],
    ["nyc npm run unit", { unit: "tape 'test/*.js'" }, ["tape 'test/*.js'"]],
    ["pnpm lint && TZ=UTC vitest run --typecheck", { lint: "eslint ." }, ["eslint .", "TZ=UTC vitest run --typecheck"]],
    [
      "FORCE_COLOR=1 pnpm run /^test:/",
      { "test:a": "bnt --coverage 100", "test:b": "oxlint", other: "x" },
      ["bnt --coverage 100", "oxlint"],
    ],
    [
      `pnpm run "/^test:.*/"`,
      { "test:format": "prettier . --list-different", "test:spec": "vitest run" },
      ["prettier . --list-different", "vitest run"],
    ],
    ["run-p --silent test:*", { "test:unit": "tsx --test test/*.ts" }, ["node --import tsx --test test/*.ts"]],
    ["tsx scripts/test.ts", {}, ["tsx scripts/test.ts"]],
    ["run-s lint test:*", { lint: "eslint .", "test:a": "mocha" }, ["eslint .", "mocha"]],
    [
      "NODE_OPTIONS=--experimental-vm-modules npx jest --ci",
      {},
      ["node --experimental-vm-modules node_modules/jest/bin/jest.js --ci"],
    ],
    [
      "cross-env A=1 NODE_OPTIONS='--expose-gc --no-warnings' vitest run && NODE_OPTIONS=$X mocha",
      {},
      ["A=1 node --expose-gc --no-warnings node_modules/vitest/vitest.mjs run", "mocha"],
    ],
    ["npm run a", { a: "npm run b && npm run b", b: "npm run a" }, []],
  ])("a script's parts: %s", (test, more, commands) => {
    expect(scriptParts(scripts(test, more))).toEqual(commands);
  });

  it.each(["jest", "vitest run", "mocha"])(
    "a script's parts keep a configuration of %s that a change may not choose",
    (runner) => {
      const named = (commands: readonly string[]) =>
        configurationFiles({ commands, scriptsIn: () => ({}), has: (path) => path === "conf/unit.js" });
      const commands = scriptParts(scripts(`NODE_OPTIONS=--expose-gc npx ${runner} --config conf/unit.js`));
      expect(commands).toEqual([expect.stringMatching(/^node --expose-gc node_modules\//)]);
      expect(named(commands)).toEqual(["conf/unit.js"]);
      expect(named([`npx ${runner} --config conf/unit.js`])).toEqual(["conf/unit.js"]);
    },
  );
});

describe("what is tried, in order", () => {
  it("the runner behind a linter and a wrapper is tried first, the whole script last", () => {
    expect(verifyOf({ scripts: { test: "xo && c8 ava && tsd" } })).toEqual([["npx ava"], ["npm test"]]);
    expect(verifyOf({ scripts: { test: "nyc tape 'test/*.js'" } })).toEqual([["npx tape 'test/*.js'"], ["npm test"]]);
  });

  it("the whole script is tried first if it gives results of single tests, then the runner alone", () => {
    expect(verifyOf({ scripts: { test: "eslint . && vitest run" } })).toEqual([["npm test"], ["npx vitest run"]]);
  });

  it("the runner alone is tried first if the script only calls one with it, because npm would take the arguments", () => {
    const scripts = { test: "npm run lint && npm run unit", lint: "eslint .", unit: "jest src" };
    expect(verifyOf({ scripts })).toEqual([["npx jest src"], ["npm test"]]);
    expect(verifyOf({ scripts: { ...scripts, unit: "node --test" } })[0]).toEqual(["npm test"]);
  });

  it("the runner is tried with the variables that its script sets, even by cross-env or in an outer script", () => {
    const spec = { test: "run-p spec lint", spec: "cross-env BABEL_ENV=cjs mocha --reporter spec", lint: "eslint ." };
    expect(verifyOf({ scripts: spec })[0]).toEqual(["BABEL_ENV=cjs npx mocha"]);
    const outer = { test: "NODE_ENV=test FORCE_COLOR=1 npm run unit && xo", unit: `TZ='UTC' A="$B" nyc mocha` };
    expect(verifyOf({ scripts: outer })[0]).toEqual(["NODE_ENV=test TZ=UTC npx mocha"]);
  });

  it("the runner is tried without what prints its TAP for people, and node-tap without its needless word", () => {
    expect(verifyOf({ scripts: { test: "tape tests/*.js | tap-spec" } })[0]).toEqual(["npx tape tests/*.js"]);
    expect(verifyOf({ scripts: { test: "tape tests/*.js | tee out" } })[0]).toEqual(["npm test"]);
    const tap = { test: "npm run build && tap run tests/*.js --timeout=9", build: "tsc" };
    expect(verifyOf({ scripts: tap, devDependencies: { tap: "^21" } })[0]).toEqual([
      "npx tap --disable-coverage tests/*.js --timeout=9",
    ]);
  });

  it.each([
    [
      "node --conditions development test/index.js",
      "import test from 'node:test'",
      "node --conditions=development --test test/index.js",
    ],
    ["A=1 node -r ./setup test", "const test = require('node:test');", "A=1 node -r ./setup --test test/index.js"],
    ["c8 node ./test/index", "const tape = require('tape');", "npx tape test/index.js"],
    ["node --import tsx test", "import test from 'tape'", "node --import=tsx node_modules/tape/bin/tape test/index.js"],
    ["node --conditions $A test", "import test from 'node:test'", "npm test"],
    ["node scripts/all.js", "import test from 'node:test'", "npm test"],
    ["node test", "import assert from 'node:assert'", "npm test"],
  ])("for %s, the runner that the tests import is tried", (test, text, verify) => {
    const files = { "test/index.js": "import './core.js';\n", "test/core.js": `${text}\n`, "scripts/all.js": "" };
    expect(verifyOf({ scripts: { test } }, files)[0]).toEqual([verify]);
    expect(verifyOf({ scripts: { test: `xo && ${test}` } }, files)[0]).toEqual([verify]);
  });

  it("node's own runner is tried in place of borp", () => {
    const files = { "test/a.test.js": "import 'node:test';\n", "test/b/c.test.js": "", "test/fixtures.js": "" };
    const verify = (test: string) => verifyOf({ scripts: { test } }, files)[0];
    expect(verify("eslint . && borp --timeout 60000 --coverage --lines 95")).toEqual([
      "node --test 'test/**/*.test.js'",
    ]);
    expect(verify("borp 'test/*.test.js'")).toEqual(["node --test 'test/*.test.js'"]);
    expect(verify("borp --reporter=@mine/reporter")).toEqual(["npm test"]);
  });

  it("the runner of one command is tried at once if the script hides its results", () => {
    expect(verifyOf({ scripts: { test: "mocha --check-leaks --reporter spec" } })[0]).toEqual([
      "npx mocha --check-leaks",
    ]);
  });

  it("npm is tried without its check of peers at once if a workflow says so, else after a failed fetch", () => {
    const manifest = { scripts: { test: "mocha" }, devDependencies: { mocha: "1" } };
    const said = (run: string) => {
      const workflow = `jobs:\n  a:\n    steps:\n      - run: ${run}\n`;
      return detected(manifest, { ".github/workflows/ci.yml": workflow });
    };
    const without = "npm install --ignore-scripts --no-package-lock --legacy-peer-deps";
    expect(said("npm install --legacy-peer-deps").settings.prepare).toBe(without);
    const plain = said("npm install");
    expect(plain.settings.prepare).toBe("npm install --ignore-scripts --no-package-lock");
    expect(plain.alternatives).toContainEqual({
      why: "without npm's check that peers fit each other",
      settings: { prepare: without },
      only_if_fetch_failed: true,
    });
  });

  it("the packages that the manifest names are tried last without the lockfile", () => {
    const manifest = { scripts: { test: "mocha" }, devDependencies: { mocha: "1" } };
    const last = (files: Record<string, string>) => detected(manifest, files).alternatives.at(-1)?.settings;
    expect(last({ "package-lock.json": "{}" })).toEqual({ prepare: "npm install --ignore-scripts --no-package-lock" });
    expect(last({})).toEqual({ prepare: "npm install --ignore-scripts --no-package-lock --legacy-peer-deps" });
    expect(last({ "pnpm-lock.yaml": "" })?.prepare).toBe(
      "npm install --ignore-scripts --no-package-lock --legacy-peer-deps",
    );
    expect(last({ "bun.lock": "" })?.prepare).toMatch(
      /^rm -f bun\.lock bun\.lockb && .* && node_modules\/\.bin\/bun install --ignore-scripts$/u,
    );
    expect(last({ "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "packages: [a]" })).toEqual({ verify: ["npm test"] });
  });

  it("a runner that pnpm or Yarn starts is tried, even by the name of a script", () => {
    expect(verifyOf({ scripts: { test: "pnpm lint && pnpm vitest run", lint: "eslint ." } })).toEqual([
      ["npx vitest run"],
      ["npm test"],
    ]);
    expect(verifyOf({ scripts: { test: "yarn unit", unit: "mocha --exit" } })[0]).toEqual(["npx mocha --exit"]);
  });

  it("after a build, all runners of a script are tried before the first of them alone", () => {
    const scripts = { test: "xo && mocha a.js && mocha b.js", build: "tsc" };
    const both = ["npx mocha a.js", "npx mocha b.js"];
    expect(verifyOf({ scripts })).toEqual([both, both, ["npx mocha a.js"], ["npm test"]]);
  });

  it("vitest is tried without its check of types, which writes a file at the top", () => {
    expect(verifyOf({ scripts: { test: "vitest run --typecheck" } })).toEqual([
      ["npx vitest run --typecheck"],
      ["npx vitest run"],
      ["npm test"],
    ]);
    const manifest = { scripts: { test: "vitest --typecheck.only" }, devDependencies: { vitest: "1" } };
    expect(verifyOf(manifest, { "test/a.test.ts": "" })).toContainEqual(["npx vitest run"]);
  });

  it("node-tap is tried without coverage, by its version's name for that", () => {
    const tap = (version: string, test: string) => verifyOf({ scripts: { test }, devDependencies: { tap: version } });
    expect(tap("^16.0.0", "tap test/*.js")[0]).toEqual(["npx tap --no-coverage test/*.js"]);
    expect(tap("^21.7.2", "xo && tap")[1]).toEqual(["npx tap --disable-coverage"]);
    expect(tap("^16.0.0", "tap --no-check-coverage")[0]).toEqual(["npx tap --no-check-coverage"]);
    expect(tap("^16.0.0", "mocha tapes")[0]).toEqual(["npx mocha tapes"]);
  });

  it("jest or vitest is tried without coverage, and once if one call runs all tests", () => {
    const test = `npm run tz && jest --coverage --coverageThreshold="{ \\"global\\": { \\"lines\\": 100} }"`;
    expect(verifyOf({ scripts: { test, tz: "jest test/tz.test --coverage=false" } })[0]).toEqual(["npx jest"]);
    expect(verifyOf({ scripts: { test: "jest a --coverage --collectCoverageFrom=src/** b" } })[0]).toEqual([
      "npx jest a b",
    ]);
    expect(verifyOf({ scripts: { test: "pnpm lint && vitest run --coverage.reporter text" } })).toContainEqual([
      "npx vitest run",
    ]);
    for (const [test, plain] of [
      ["vitest run --coverage.enabled --coverage.all src/a.test.ts", "npx vitest run src/a.test.ts"],
      ["jest --collectCoverage a.test.js", "npx jest a.test.js"],
      ["jest --coverage false a", "npx jest a"],
      ["jest --coverage=true a", "npx jest a"],
      ["jest --coverageReporters lcov --coverageDirectory=c a", "npx jest a"],
      ["vitest run --coverage.thresholds.perFile --config vitest.unit.ts", "npx vitest run --config vitest.unit.ts"],
      ["vitest run --coverage.enabled true a", "npx vitest run a"],
      ["jest --coverageReporters --config x.js", "npx jest --config x.js"],
      ["bnt --coverage=100 --coverage-exclude=x a.js", "npx bnt a.js"],
      ["lab -a @hapi/code -t 100 -L -Y", "npx lab -a @hapi/code"],
      ["lab -c --coverage-exclude lib/x.js -m 3000 test/a.js", "npx lab -m 3000 test/a.js"],
      ["nyc qunit test/", "npx qunit test/"],
    ])
      expect(verifyOf({ scripts: { test } })[0]).toEqual([plain]);
    const others = { test: "vitest run && vitest run --config b.ts && mocha && mocha a.js" };
    expect(verifyOf({ scripts: others })[0]).toEqual([
      "npx vitest run",
      "npx vitest run --config b.ts",
      "npx mocha",
      "npx mocha a.js",
    ]);
    expect(verifyOf({ scripts: { test: "bnt --coverage 100 --coverage-exclude '**/*.test.*' a.js" } })[0]).toEqual([
      "npx bnt a.js",
    ]);
    const own =
      "node --test --experimental-test-coverage --test-coverage-lines=100 --test-coverage-exclude 'a/**' b.js";
    expect(verifyOf({ scripts: { test: own } })[0]).toEqual(["node --test b.js"]);
  });

  it("only npm test is tried if lab or qunit has an option for another report or none, in any group of options", () => {
    for (const [runner, ...options] of [
      ["lab", "-d", "-dv", "-rtap", "-ofile", "-Vx", "-h", "--help", "--version"],
      ["qunit", "-rtap", "-wx", "-h", "-V", "--help", "--version"],
    ]) {
      expect(verifyOf({ scripts: { test: `${runner} test/` } })[0]).toEqual([`npx ${runner} test/`]);
      for (const option of options)
        expect(verifyOf({ scripts: { test: `${runner} ${option} test/` } })).toEqual([["npm test"]]);
    }
  });

  it("every package from a registry is tried last, if only development wants another one", () => {
    const last = (manifest: object) =>
      detected({ scripts: { test: "ava" }, ...manifest }).alternatives.at(-1)?.settings.prepare;
    const old = { "@a/main-branch": "a/b#main" };
    expect(last({ devDependencies: { ava: "6", ...old } })).toBe(
      "npm pkg delete 'devDependencies[@a/main-branch]' && npm install --ignore-scripts --no-package-lock",
    );
    expect(last({ devDependencies: { ava: "6", b: "https://example.org/b/tarball/1" } })).toMatch(
      /'devDependencies\[b\]'/u,
    );
    const peers = "npm install --ignore-scripts --no-package-lock --legacy-peer-deps";
    expect(last({ devDependencies: { ava: "6" }, dependencies: old })).toBe(peers);
    expect(last({ devDependencies: { ava: "6" } })).toBe(peers);
    expect(last({ devDependencies: { ava: "https://registry.npmjs.org/ava/-/ava-6.1.0.tgz" } })).toBe(peers);
    expect(last({ devDependencies: { "a'; b": "a/b" } })).toBe(peers);
  });

  it("mocha is tried with the files that it would not find", () => {
    const last = (files: Record<string, string>, more: object = {}) =>
      verifyOf({ scripts: { test: "node run.js" }, devDependencies: { mocha: "10" }, ...more }, files)[1];
    const inside = { "lib/a/__tests__/a.test.js": "it('a', () => {});\n" };
    expect(last(inside)).toEqual(["npx mocha 'lib/**/*.test.js'"]);
    expect(last({ "test/a/b.js": "it('a', () => {});\n" })).toEqual(["npx mocha --recursive"]);
    expect(last({ ...inside, "test/b.js": "it('b', () => {});\n" })).toEqual(["npx mocha"]);
    expect(last({ ...inside, ".mocharc.yml": "" })).toEqual(["npx mocha"]);
    expect(last(inside, { mocha: { spec: "lib" } })).toEqual(["npx mocha"]);
  });

  it("each runner of a script with several is tried, without another report", () => {
    const test = "node --test --test-reporter=dot a/*.js && node --test b/*.js";
    expect(verifyOf({ scripts: { test } })[0]).toEqual(["node --test a/*.js", "node --test b/*.js"]);
  });

  it("the runner that the test files import is tried if the script can't be read", () => {
    const files = { "src/a.spec.ts": "import { expect, it } from 'vitest';\nit('a', () => {});\n" };
    expect(verifyOf({ scripts: { test: "ts-scripts test" } }, files)).toEqual([["npm test"], ["npx vitest run"]]);
  });

  it("the runner that the manifest names is tried too, if test files import several", () => {
    const files = {
      "a.test.ts": "import 'node:test';\ntest('a', () => {});\n",
      "b.test.ts": "import { it } from 'vitest';\nit('b', () => {});\n",
    };
    expect(verifyOf({ scripts: { test: "odd" }, devDependencies: { vitest: "1" } }, files)[1]).toEqual([
      "npx vitest run",
    ]);
    expect(verifyOf({ scripts: { test: "odd" } }, files)[1]).toEqual(["node --test"]);
  });

  it("a build before the tests is tried, with the folders that git ignores and the manifest names", () => {
    const found = detected(
      { main: "./dist/index.js", scripts: { build: "tsc", test: "mocha" }, devDependencies: { mocha: "1" } },
      { ".gitignore": "node_modules\n/out\n*.log\nsrc\n", "src/a.ts": "" },
    );
    expect(found.settings).toMatchObject({ verify: ["npx mocha"], build: null });
    expect(found.alternatives[0]?.settings).toEqual({
      build: "npm run build",
      outputs: ["node_modules", "dist", "out"],
      verify: ["npx mocha"],
    });
  });

  const compiled = {
    main: "./dist/commonjs/index.js",
    scripts: { prepare: "tshy", pretest: "npm run prepare", test: "tap" },
    devDependencies: { tap: "^21.0.0" },
  };
  it.each([
    ["a folder that only a build makes", "import { glob } from '../dist/esm/index.js'\n"],
    ["the project's own top, which is made", "const glob = require('..')\n"],
    ["it as a folder", "const glob = require('../')\n"],
  ])("the build is tried at once if tests import %s", (_title, text) => {
    const found = detected(compiled, { "test/a.js": text, ".gitignore": "/dist\n" });
    expect(found.settings).toMatchObject({
      build: "npm run pretest",
      outputs: ["node_modules", "dist"],
      verify: ["npx tap --disable-coverage"],
    });
    expect(found.alternatives[0]?.settings).toEqual({
      build: null,
      outputs: ["node_modules"],
      verify: ["npm test"],
    });
    expect(found.notes.join()).toContain("it is built first");
  });

  it("the build is tried at once if tests import, or the command names, what git ignores", () => {
    const plain = { scripts: { test: "mocha", build: "tsc" }, devDependencies: { mocha: "10" } };
    const imports = { "test/a.js": "import * as chai from '../index.js';\nit('a', () => {});\n" };
    const buildOf = (manifest: object, files: Record<string, string>) => detected(manifest, files).settings.build;
    expect(buildOf(plain, { ...imports, ".gitignore": "/index.js\n" })).toBe("npm run build");
    expect(buildOf(plain, { ...imports, ".gitignore": "/index.js\n", "index.js": "" })).toBeNull();
    expect(buildOf(plain, imports)).toBeNull();
    const compiled = { ...plain, scripts: { test: `mocha "out/**/*.spec.js"`, build: "tsc" } };
    const source = { "src/a.spec.ts": "it('a', () => {});\n" };
    expect(buildOf(compiled, { ...source, ".gitignore": "out\n" })).toBe("npm run build");
    expect(buildOf(compiled, { ...source, ".gitignore": "out\n", "out/a.spec.js": "" })).toBeNull();
    expect(buildOf(compiled, source)).toBeNull();
  });

  it.each([
    ["its sources", {}, "import { glob } from '../src/index.ts'\n", {}],
    ["a folder that git has", {}, "require('../dist/a.js')\n", { "dist/a.js": "" }],
    ["the top, which git has", { main: "index.js" }, "require('..')\n", { "index.js": "" }],
    ["nothing, and a text names the folder", {}, "// see ../dist/index.js\n", {}],
    ["a folder that no entry names", { main: "src/a.js" }, "require('../dist/a.js')\n", { "src/a.js": "" }],
    ["the folder, and no script builds it", { scripts: { test: "tap" } }, "require('../dist/a.js')\n", {}],
  ])("no build is tried at first if tests import %s", (_title, more, text, files) => {
    const found = detected({ ...compiled, ...more }, { "test/a.js": text, ...files });
    expect(found.settings.build).toBeNull();
  });

  it("vitest is tried with the option for files without tests, if there is one among the tests", () => {
    const manifest = { scripts: { test: "ts-scripts test && size" }, devDependencies: { vitest: "3" } };
    const tests = { "src/a.spec.ts": "import { it } from 'vitest';\nit('a', () => {});\n" };
    const cases = { "src/cases.spec.ts": "export const cases = [{ path: '/test', it: '/test(a)', tests: [] }];\n" };
    for (const call of ["describe.each`\na`('x', () => {});", "  it.skipIf(a)('b', () => {});", "t.test('c', run);"])
      expect(verifyOf(manifest, { ...tests, "src/b.spec.ts": `${call}\n` })[1]).toEqual(["npx vitest run"]);
    expect(verifyOf(manifest, { ...tests, ...cases })[1]).toEqual(["npx vitest run --passWithNoTests"]);
    expect(verifyOf(manifest, tests)[1]).toEqual(["npx vitest run"]);
    const plain = { ...manifest, scripts: { test: "vitest" } };
    expect(verifyOf(plain, { ...tests, ...cases })[0]).toEqual(["npx vitest run --passWithNoTests"]);
    expect(verifyOf({ scripts: { test: "mocha" } }, cases)[0]).toEqual(["npx mocha"]);
    const helper = { "test/helper.ts": "export const cases = [1];\n" };
    expect(verifyOf(plain, { ...tests, ...helper })[0]).toEqual(["npx vitest run"]);
  });

  it("nothing else is tried if the repository's own file names the commands", () => {
    const paths = ["package.json"];
    const texts = new Map([["package.json", JSON.stringify({ scripts: { test: "xo && ava" } })]]);
    const given = { image: null, runnerImage: "aedev-runner:0" };
    const overlay = { verify: ["make proof"] };
    expect(detectRepository({ paths, texts }, { ...given, overlay }).alternatives).toEqual([]);
    expect(detectRepository({ paths, texts }, { ...given, overlay: {} }).alternatives).not.toEqual([]);
  });

  it("nothing else is tried in a folder to whose commands the repository's own file adds, whatever other tests are there", () => {
    const paths = ["a/package.json"];
    const texts = new Map([["a/package.json", JSON.stringify({ scripts: { test: "xo && ava" } })]]);
    const given = { image: null, runnerImage: "aedev-runner:0", folder: "a" };
    const alternatives = (overlay: object) => detectRepository({ paths, texts }, { ...given, overlay }).alternatives;
    expect(alternatives({ verify: ["make proof"] })).toEqual([]);
    expect(alternatives({})).not.toEqual([]);
    expect(alternatives({ tests: ["proof/**"] })).toEqual(alternatives({}));
  });
});

describe("a runner's file that a script gives to node", () => {
  it("a runner's file that a script gives to node is called unchanged, with node's own options", () => {
    const jest = "node --experimental-vm-modules node_modules/jest/bin/jest.js";
    expect(verifyOf({ scripts: { test: jest } })[0]).toEqual([jest]);
    expect(verifyOf({ scripts: { test: "node node_modules/vitest/vitest.mjs" } })[0]).toEqual([
      "node node_modules/vitest/vitest.mjs --run",
    ]);
    expect(detected({ scripts: { test: "node node_modules/other/cli.js" } }).checks).toBe("exit-code");
  });

  it("a runner's file given to node gets the options in a variable", () => {
    const { settings, checks } = detected({ scripts: { test: "NODE_OPTIONS=--experimental-vm-modules jest" } });
    expect({ verify: settings.verify, checks }).toEqual({
      verify: ["node --experimental-vm-modules node_modules/jest/bin/jest.js"],
      checks: "per-test",
    });
  });

  it("a runner's file given to node is found before a second runner of the script", () => {
    const test = "node --expose-gc ./node_modules/vitest/dist/cli-wrapper.js --run && vitest --run --typecheck.only";
    const first = "node --expose-gc ./node_modules/vitest/dist/cli-wrapper.js --run";
    expect(verifyOf({ scripts: { test } }).slice(0, 2)).toEqual([
      [first, "npx vitest --run --typecheck.only"],
      [first],
    ]);
  });
});
