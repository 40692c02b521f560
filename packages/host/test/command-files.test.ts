/** Which files commands name as what runs before the tests, and which of their words are none. */
import { describe, expect, it } from "vitest";
import { configurationFiles } from "../src/command-files.ts";

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
  configurationFiles({ commands, scripts, has: (path) => files.includes(path) });

describe("a file that a command names", () => {
  it.each<[string, string[]]>([
    ["jest --config config/jest.js", ["config/jest.js"]],
    ["npx jest --config=./config/jest.js --ci", ["config/jest.js"]],
    ["jest -c 'config/jest.js'", ["config/jest.js"]],
    ["jest --setupFilesAfterEnv <rootDir>/hooks/setup.js", ["hooks/setup.js"]],
    ["mocha -r ./hooks/setup --file dir", ["dir/index.js", "hooks/setup.js"]],
    ["NODE_OPTIONS=--require=./hooks/setup.js node --test", ["hooks/setup.js"]],
    ["node --import ./hooks/setup.js --test", ["hooks/setup.js"]],
    ["python -m pytest -c ci/pytest.ini -ra", ["ci/pytest.ini"]],
    ["vitest run --globalSetup hooks/setup.js", ["hooks/setup.js"]],
  ])("decides how tests run in: %s", (command, expected) => {
    expect(named([command])).toEqual(expected);
  });

  it.each([
    "node src/main.js --check",
    "node build.js && node --test",
    "node test/all.js",
    "python -c 'src/main.js'",
    "gcc -c src/main.js",
    "node src/main.js --config build.js",
    "cp -r build.js x && jest",
    "jest --config missing.js",
  ])("is what is tested, or nothing, in: %s", (command) => {
    expect(named([command])).toEqual([]);
  });

  it("is found behind scripts, with what runs before and after them, in circles too", () => {
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
