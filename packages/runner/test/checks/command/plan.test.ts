/** Finds the runner of a command from the base's scripts; if that is unclear, the command gives only an exit code. */
import { describe, expect, it } from "vitest";
import { planCommand } from "../../../src/checks/command/plan.ts";

const plan = (command: string, scripts: Record<string, string> = {}, files: Record<string, string> = {}) =>
  planCommand(command, { scripts, read: (path) => files[path] ?? null });
const name = (...input: Parameters<typeof plan>) => plan(...input).runner?.name ?? null;

describe("the plan of a verify command", () => {
  it("recognizes runners that are called directly", () => {
    expect(name("npx tape 'test/*.js'")).toBe("tape");
    expect(name("node_modules/.bin/tape test/*.js")).toBe("tape");
    expect(name("node --test")).toBe("node-test");
    expect(name("FOO=1 node --test test/")).toBe("node-test");
    expect(name("npx bnt --coverage 100")).toBe("bnt");
    expect(name("npx lab -a @hapi/code -m 5000")).toBe("lab");
    expect(name("npx lab -r tap")).toBeNull();
    expect(name("npx lab --bail")).toBeNull();
    expect(name("npx qunit test/")).toBe("qunit");
    expect(name("npx qunit --reporter console test/")).toBeNull();
    expect(name("python3 -m pytest -q")).toBe("pytest");
    expect(name("npx vitest run")).toBe("vitest");
    expect(name("npx mocha")).toBe("mocha");
    expect(name("npx jest --ci")).toBe("jest");
    expect(name("node --experimental-vm-modules node_modules/jest/bin/jest.js")).toBe("jest");
    expect(name("node node_modules/.bin/mocha")).toBe("mocha");
    expect(name("npx bun test src/")).toBe("bun");
    expect(name("pnpm exec vitest run")).toBe("vitest");
    expect(name("node ./node_modules/vitest/dist/cli-wrapper.js --run")).toBe("vitest");
    expect(name("node node_modules/jest-other/bin/jest.js")).toBeNull();
    expect(name("GOFLAGS=-mod=mod go test ./...")).toBe("go");
    expect(name("go vet ./... && go test -race ./...")).toBe("go");
    expect(name("cargo test --offline")).toBe("libtest");
    expect(name("node test/all.js", {}, { "test/all.js": "const test = require('tape');" })).toBe("tape");
  });

  it("lets a runner that can do both print for people beside its report", () => {
    expect(plan("node --test").environment("/r/x.xml")["NODE_OPTIONS"]).toContain(
      "--test-reporter=spec --test-reporter-destination=stdout",
    );
    expect(plan("npx vitest run").shell("/r/x.xml", "/r/p.py")).toBe(
      "npx vitest run --reporter=default --reporter=junit --outputFile.junit=/r/x.xml",
    );
  });

  it("asks each runner for its report in its own way", () => {
    expect(plan("npm test", { test: "jest" }).shell("/r/x.json", "/r/p.py")).toBe(
      "npm test -- --json --outputFile=/r/x.json",
    );
    expect(plan("go vet ./... && go test ./...").shell("/r/x", "/r/p.py")).toBe("go vet ./... && go test ./... -json");
    expect(plan("npm test", { test: "bun test" }).shell("/r/x", "/r/p.py")).toBe(
      "npm test -- --reporter=junit --reporter-outfile=/r/x",
    );
    expect(plan("cargo test").shell("/r/x", "/r/p.py")).toBe("cargo test --no-fail-fast");
    expect(plan("cargo test --no-fail-fast").shell("/r/x", "/r/p.py")).toBe("cargo test --no-fail-fast");
  });

  it("runs our program in place of unittest, where the command itself names unittest", () => {
    const shellOf = (command: string) => plan(command).shell("/r/x.xml", "/r/p.py");
    expect(name("python3 -m unittest discover -s tests")).toBe("unittest");
    expect(shellOf("python3 -m unittest discover -s tests")).toBe("python3 /r/p.py discover -s tests");
    expect(shellOf("ruff check && PYTHONPATH=src .venv/bin/python -W error -m unittest")).toBe(
      "ruff check && PYTHONPATH=src .venv/bin/python -W error /r/p.py",
    );
    expect(plan("python3 -m unittest").program("/r/x.xml")).toContain('REPORT = "/r/x.xml"\n');
    for (const command of ["python3 -m unittest -f", "python3 -m unittest discover -vf", "python3 -m unittests"])
      expect(name(command)).toBeNull();
    expect(name("npm test", { test: "python3 -m unittest" })).toBeNull();
    expect(plan("python3 -m pytest").program("/r/x.xml")).toBeNull();
  });

  it("runs Django's manage.py by our program, but not in several processes", () => {
    const django = plan(".venv/bin/python manage.py test shop");
    expect(django.runner?.name).toBe("unittest");
    expect(django.shell("/r/x.xml", "/p.py")).toBe(".venv/bin/python /p.py --django manage.py test shop");
    expect(name(".venv/bin/python manage.py test --parallel")).toBeNull();
    expect(name(".venv/bin/python manage.py testserver")).toBeNull();
  });

  it("accepts as pytest's test files those that the base's settings or the command name", () => {
    const isTest = (command: string, files = {}) => {
      const { runner } = plan(command, {}, files);
      return (path: string) => runner?.isTestFile(path, null);
    };
    const ini = { "pytest.ini": "[pytest]\npython_files = tests.py\n  check_*.py\naddopts = -q\n" };
    const configured = isTest("python3 -m pytest", ini);
    const paths = ["a/tests.py", "check_b.py", "test_c.py"];
    expect(paths.map(configured)).toEqual([true, true, false]);
    expect(paths.map(isTest("python3 -m pytest"))).toEqual([false, false, true]);
    expect(paths.map(isTest("python3 -m pytest a/tests.py::TestA"))).toEqual([true, false, true]);
  });

  it("selects the test files that a command's files, folders or patterns name, and all files in doubt", () => {
    const chosen = (command: string, scripts = {}) =>
      ["test/a.test.js", "test/b.test.js", "test/sub/c.test.js", "lib/d.js"].filter(plan(command, scripts).selects);
    expect(chosen("node --test test/a.test.js")).toEqual(["test/a.test.js"]);
    expect(chosen("npx tape 'test/*.test.js'")).toEqual(["test/a.test.js", "test/b.test.js", "test/sub/c.test.js"]);
    expect(chosen("npm test", { test: "tape test/sub" })).toEqual(["test/sub/c.test.js"]);
    expect(chosen("cd lib && node --test e.js")).not.toContain("lib/d.js");
    const names = (command: string) => ["a/tests.py", "a/test_b.py"].filter(plan(command).selects);
    expect(names("python3 -m pytest -q a/tests.py::TestA")).toEqual(["a/tests.py"]);
    expect(names("python3 -m pytest -p plugin a/tests.py -k 'one or two'")).toEqual(["a/tests.py"]);
    expect(names("python3 -m pytest --ignore a/tests.py")).toHaveLength(2);
    const inDoubt = ["node --test", "node --test --import ./x.js", "node --test $FILES", "npx mocha test/a.test.js"];
    for (const command of inDoubt) expect(chosen(command)).toHaveLength(4);
    expect(chosen("npm test -- test/b.test.js", { test: "tape test/sub" })).toHaveLength(4);
  });

  it("gives pytest the plugin if the command sets PYTHONPATH, but not if a script does or Python ignores it", () => {
    const shellOf = (command: string, scripts = {}) => {
      const { takesPlugin, shell } = plan(command, scripts);
      return takesPlugin ? shell("/r/x.xml", "/r/p.py") : null;
    };
    const report = shellOf("python3 -m pytest")?.slice("python3 -m pytest".length);
    expect(shellOf("ruff check && A=1 PYTHONPATH=src:lib python3 -m pytest -q")).toBe(
      `ruff check && A=1 PYTHONPATH="$${"{PYTHONPATH:+$PYTHONPATH:}"}"src:lib python3 -m pytest -q${report}`,
    );
    expect(shellOf("MYPYTHONPATH=1 PYTHONPATH=a PYTHONPATH=b pytest")).toBe(
      `MYPYTHONPATH=1 PYTHONPATH=a PYTHONPATH="$${"{PYTHONPATH:+$PYTHONPATH:}"}"b pytest${report}`,
    );
    for (const command of [
      "PYTHONPATH= python3 -m pytest",
      "cross-env PYTHONPATH=src pytest",
      "PYTHONPATH=src python3 -E -m pytest",
      "python3 -I -m pytest",
      "A='b c' PYTHONPATH=src python3 -m pytest",
    ])
      expect(shellOf(command)).toBeNull();
    expect(shellOf("npm test", { test: "PYTHONPATH=src python3 -m pytest" })).toBeNull();
    expect(shellOf("npm test", { test: "python3 -m pytest" })).not.toBeNull();
  });

  it("lets any command write JUnit to a given path, and prefers that to a known runner's report", () => {
    for (const [command, shell] of [
      ['mvn test -Dreport="$AEDEV_JUNIT_FILE"', 'mvn test -Dreport="/r/x.xml"'],
      [`npx mocha -R xunit | tee $${"{AEDEV_JUNIT_FILE}"}`, "npx mocha -R xunit | tee /r/x.xml"],
      ['sh -c "run > \\$AEDEV_JUNIT_FILE && cat \\$AEDEV_JUNIT_FILE"', 'sh -c "run > /r/x.xml && cat /r/x.xml"'],
    ] as const) {
      const found = plan(command);
      expect([found.runner?.name, found.runner?.sentinel, found.shell("/r/x.xml", "/r/p.py")]).toEqual([
        "junit",
        null,
        shell,
      ]);
      // A variable would show code under test where the report is.
      expect(found.environment("/r/x.xml")).toEqual({});
    }
    expect(name("mvn test -Dreport=AEDEV_JUNIT_FILE")).toBeNull();
    expect(name("mvn test -Dreport=$AEDEV_JUNIT_FILES")).toBeNull();
  });

  it("follows the base's scripts to the runner", () => {
    expect(name("npm test -- -w", { test: "node --test" })).toBe("node-test");
    expect(name("npm test --silent", { test: "node --test" })).toBe("node-test");
    expect(name("npm test", { test: "npm run unit", unit: "tape 'test/*.js'" })).toBe("tape");
    expect(name("npm run build && npm test", { build: "tsc", test: "node --test" })).toBe("node-test");
    expect(plan("npm test", { test: "mocha" }).shell("/r/x.xml", "/r/p.py")).toBe(
      "npm test -- --no-diff --reporter xunit --reporter-options output=/r/x.xml",
    );
  });

  it("finds the runner after a change of folder, and its scratch folders there", () => {
    const found = plan("cd packages/a && npx vitest run");
    expect(found.runner?.name).toBe("vitest");
    expect(found.shell("/r/x.xml", "/r/p.py")).toMatch(/^cd packages\/a && npx vitest run --reporter=default /);
    expect(found.scratch).toContain("packages/a/node_modules/.vite");
    expect(plan("npx vitest run").scratch).not.toContain("packages/a/node_modules/.vite");
    expect(name("cd py && ../.venv/bin/python -m pytest")).toBe("pytest");
    expect(name("cd packages/a && npm test", { test: "mocha" })).toBe("mocha");
    const unittest = plan("cd py && python3 -m unittest discover").shell("/r/x.xml", "/r/p.py");
    expect(unittest).toBe("cd py && python3 /r/p.py discover");
    const cargo = plan("cd c && CARGO_HOME=$PWD/../.cargo-home cargo test --offline");
    expect(cargo.shell("/r/x", "/r/p")).toMatch(/cargo test --offline --no-fail-fast$/);
    expect(cargo.scratch).toEqual(["target", "c/target"]);
  });

  it.each([
    ["npm test", { test: "cd sub && vitest run --config c.ts" }],
    ["npm test", { test: "npm run unit", unit: "cd sub && node --test" }],
    ["npm test", { pretest: "cd sub && node --test", test: "echo" }],
    ["cd a && npm test", { test: "cd sub && vitest run --config c.ts" }],
    ["cd a && cd ../b && npx vitest run --config c.ts", {}],
    ["cd a && cd b && npm test", { test: "mocha" }],
    ["npm run build && cd a && npx vitest run", { build: "tsc" }],
    ["cd ../a && npx vitest run", {}],
    ["cd a&& npx vitest run", {}],
    ["(cd a && npx vitest run --silent)", {}],
    ["command cd a && npx vitest run", {}],
    ["pushd a && npx vitest run", {}],
  ])("finds no runner in a folder whose files it doesn't read: %s with %j", (command, scripts) => {
    const found = plan(command, scripts);
    expect(found.runner).toBeNull();
    expect(found.shell("/r/x.xml", "/r/p.py")).toBe(command);
  });

  it("finds a runner in the folder that the whole command enters, and beside a name that only looks like cd", () => {
    const script = { test: "vitest run --config c.ts" };
    expect(name("npm test", script)).toBe("vitest");
    expect(name("cd a && npm test", script)).toBe("vitest");
    expect(name("cd a && npm run build && npx vitest run cd-rom.test.ts", { build: "tsc --outDir test/cd" })).toBe(
      "vitest",
    );
  });

  it.each([
    ["npm test", { test: "npm test" }],
    ["npm test", {}],
    ["npm test", { test: "mocha && echo done" }],
    ["npm test --workspaces", { test: "node --test" }],
    ["npm test -ws --if-present", { test: "node --test" }],
    ["npm run test --workspace=packages/a", { test: "node --test" }],
    ["npm test", { test: "npm run unit -w packages/a", unit: "node --test" }],
    ["pnpm test --filter web", { test: "tape test/*.js" }],
    ["yarn test --cwd packages/a", { test: "node --test" }],
    ["npx tape a.js && npx tape b.js", {}],
    ["npx tape 'test/*.js' | cat", {}],
    ["NODE_OPTIONS=--no-warnings node --test", {}],
    ["node --test --test-reporter=spec", {}],
    ["make check", {}],
    ["pytest -x", {}],
    ["npx jest --bail", {}],
    ["npx jest --json", {}],
    ["pnpm -r vitest run", {}],
    ["npx bun test --bail", {}],
    ["npx bun test --only", {}],
    ["npx bun run test", {}],
    ["npx mocha -b", {}],
    ["npx vitest run --bail=1", {}],
    ["go test -failfast ./...", {}],
    ["go test ./... -args -v", {}],
    ["cargo test -- --nocapture", {}],
    ["cargo test -q", {}],
  ])("gives only an exit code for %s with %j", (command, scripts) => {
    const found = plan(command, scripts);
    expect(found.runner).toBeNull();
    expect(found.shell("/r/x.xml", "/r/p.py")).toBe(command);
  });
});
