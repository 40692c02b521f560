/** The files in commands that run before the tests, and the words in commands that name no such file. */
import { describe, expect, it } from "vitest";
import { changesFolder, configurationFiles, folderOfCommand, packageScripts } from "../src/command-files.ts";

const files = [
  "config/jest.js",
  "hooks/setup.js",
  "ci/pytest.ini",
  "src/main.js",
  "build.js",
  "test/all.js",
  "dir/index.js",
];
const named = (commands: readonly string[], scripts: Record<string, string> = {}) =>
  configurationFiles({ commands, scriptsIn: () => scripts, has: (path) => files.includes(path) });

describe("the folder of a command", () => {
  it.each([
    ["cd packages/a && npm test", "packages/a"],
    ["cd ./packages/a/ && npm test", "packages/a"],
    ["cd @scope/a.b && npm test", "@scope/a.b"],
    ["npm test", ""],
    ["cd packages/a; npm test", ""],
    ["cd ../a && npm test", ""],
    ["cd a/../../b && npm test", ""],
    ["cd /etc && npm test", ""],
    ["cd $HOME && npm test", ""],
    ["cd - && npm test", ""],
    ["echo cd a && npm test", ""],
  ])("finds the folder of a command: %s: %j", (command, folder) => {
    expect(folderOfCommand(command)).toBe(folder);
  });
});

describe("the scripts of a package.json", () => {
  it("reads the scripts of a package.json as names and texts", () => {
    expect(packageScripts('{"scripts":{"test":"jest","pretest":""}}')).toEqual({ test: "jest", pretest: "" });
  });

  it.each([
    null,
    "",
    "{",
    "[]",
    "{}",
    '{"scripts":null}',
    '{"scripts":["jest"]}',
    '{"scripts":"jest"}',
    '{"scripts":{"test":"jest","build":1}}',
  ])("reads no scripts in %j", (text) => {
    expect(packageScripts(text)).toEqual({});
  });
});

describe("a simple command", () => {
  it.each(["cd", "cd a", "FOO=1 cd a", "(cd a", "sh -c 'cd a", "pushd a", "chdir a"])(
    "sees that a command may change the folder: %s",
    (command) => {
      expect(changesFolder(command)).toBe(true);
    },
  );

  it.each(["jest cd-rom.js", "./bin/cd a", "make abcd", "npx tape test/cd/*.js"])(
    "sees that a command stays in its folder: %s",
    (command) => {
      expect(changesFolder(command)).toBe(false);
    },
  );
});

describe("a file that a command names", () => {
  it.each<[string, string[]]>([
    ["jest --config config/jest.js", ["config/jest.js"]],
    ["npx jest --config=./config/jest.js --ci", ["config/jest.js"]],
    ["jest -c 'config/jest.js'", ["config/jest.js"]],
    ['node "node_modules/jest/bin/jest.js" -c "config/jest.js"', ["config/jest.js"]],
    ["jest --setupFilesAfterEnv <rootDir>/hooks/setup.js", ["hooks/setup.js"]],
    ["mocha -r ./hooks/setup --file dir", ["dir/index.js", "hooks/setup.js"]],
    ["NODE_OPTIONS=--require=./hooks/setup.js node --test", ["hooks/setup.js"]],
    ["node --import ./hooks/setup.js --test", ["hooks/setup.js"]],
    ["python -m pytest -c ci/pytest.ini -ra", ["ci/pytest.ini"]],
    ["vitest run --globalSetup hooks/setup.js", ["hooks/setup.js"]],
  ])("finds the file that decides how tests run in: %s", (command, expected) => {
    expect(named([command])).toEqual(expected);
  });

  it.each([
    ["jest", "jest", "jest/bin/jest.js"],
    ["vitest", "vitest run", "vitest/vitest.mjs run"],
    ["mocha", "mocha", "mocha/bin/mocha.js"],
    ["_mocha", "_mocha", "mocha/bin/_mocha"],
    ["tape", "tape", "tape/bin/tape"],
    ["tap", "tap", "tap/dist/esm/run.mjs"],
    ["ava", "ava", "ava/entrypoints/cli.mjs"],
    ["bnt", "bnt", "bnt/cli.js"],
  ])("finds the configuration however %s is called", (_name, program, file) => {
    const calls = [
      `npx ${program}`,
      `yarn ${program}`,
      `node_modules/.bin/${program}`,
      `node node_modules/.bin/${program}`,
      `node node_modules/${file}`,
      `node --experimental-vm-modules ../node_modules/${file}`,
      `FOO=1 /usr/bin/node -r ./other.js node_modules/${file}`,
    ];
    const options = "--config config/jest.js --file=./dir -r ./hooks/setup.js";
    for (const call of calls)
      expect(named([`${call} ${options}`]), call).toEqual(["config/jest.js", "dir/index.js", "hooks/setup.js"]);
  });

  it.each([
    "node src/main.js --check",
    "node node_modules/jest-other/bin/jest.js --config build.js",
    "node node_modules/other/jest.js --config build.js",
    "node build.js && node --test",
    "node test/all.js",
    "python -c 'src/main.js'",
    "gcc -c src/main.js",
    "node src/main.js --config build.js",
    "cp -r build.js x && jest",
    "jest --config missing.js",
  ])("finds no configuration in a command that only names tested files: %s", (command) => {
    expect(named([command])).toEqual([]);
  });

  it("looks for configuration and scripts in the folder of the command", () => {
    const has = (path: string) => ["a/b/jest.js", "a/base.js", "jest.js"].includes(path);
    const scriptsIn = (folder: string): Record<string, string> =>
      folder === "a/b" ? { test: "jest --config jest.js --setupFile ../base.js" } : { test: "jest --config jest.js" };
    const configured = (...commands: string[]) => configurationFiles({ commands, scriptsIn, has });
    expect(configured("cd a/b && npm test")).toEqual(["a/b/jest.js", "a/base.js"]);
    expect(configured("cd ./a/b/ && npm test", "npm test")).toEqual(["a/b/jest.js", "a/base.js", "jest.js"]);
    expect(configured("npm test")).toEqual(["jest.js"]);
  });

  it("finds configuration behind scripts, with those that run before and after them, even in circles", () => {
    const scripts = {
      test: "npm run unit",
      unit: "jest --config config/jest.js && npm test",
      preunit: "node -r ./hooks/setup.js build.js",
      other: "pytest -c ci/pytest.ini",
    };
    expect(named(["npm test"], scripts)).toEqual(["config/jest.js", "hooks/setup.js"]);
    expect(named(["npm t"], scripts)).toEqual(["config/jest.js", "hooks/setup.js"]);
    expect(named(["npm run other"], scripts)).toEqual(["ci/pytest.ini"]);
    expect(named(["npm run constructor"], scripts)).toEqual([]);
  });
});
