/** `aedev repo add --path` with a real engine: one package of a monorepo is tried and registered alone, with its own tests; bad paths are refused. */
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pythonImage } from "./support/image-with.ts";
import { isNight } from "./support/is-night.ts";
import { fixTurns, Laboratory } from "./support/laboratory.ts";
import type { SavedRepository } from "./support/saved-repository.ts";

vi.setConfig({ testTimeout: 280_000, hookTimeout: 280_000 });

let laboratory: Laboratory;
let monorepo: string;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  const inFolder = JSON.stringify(fixTurns)
    .replaceAll("/workspace/repo/", "/workspace/repo/packages/adder/")
    .replaceAll("exports.add = (a, b) => a + b;", "exports.add = (a, b) => require('@m/plus').plus(a, b);");
  laboratory.models.coder = { "": JSON.parse(inFolder) as typeof fixTurns };
  await laboratory.must("daemon", "start");
  monorepo = await laboratory.remote("monorepo", files);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const addition = 'const { test } = require("node:test");\nconst assert = require("node:assert");\n';
/** A workspace whose package needs another one; nothing is fetched. */
const files = {
  "package.json": JSON.stringify({ name: "all", private: true, workspaces: ["packages/*"] }),
  "package-lock.json": JSON.stringify({
    name: "all",
    lockfileVersion: 3,
    packages: {
      "": { name: "all", workspaces: ["packages/*"] },
      "node_modules/@m/adder": { resolved: "packages/adder", link: true },
      "node_modules/@m/plus": { resolved: "packages/plus", link: true },
      "packages/adder": { name: "@m/adder", version: "1.0.0", dependencies: { "@m/plus": "1.0.0" } },
      "packages/plus": { name: "@m/plus", version: "1.0.0" },
    },
  }),
  "packages/adder/package.json": JSON.stringify({
    name: "@m/adder",
    version: "1.0.0",
    main: "lib/add.js",
    scripts: { test: "node --test" },
    dependencies: { "@m/plus": "1.0.0" },
  }),
  "packages/adder/lib/add.js":
    "const { plus } = require('@m/plus');\nexports.add = (a, b) => plus(Math.abs(a), b);\nexports.twice = (a) => a * 2;\n",
  "packages/adder/test/add.test.js": `${addition}const { add, twice } = require("../lib/add.js");\ntest("adds", () => assert.strictEqual(add(1, 2), 3));\ntest("doubles", () => assert.strictEqual(twice(4), 8));\n`,
  "packages/plus/package.json":
    '{"name":"@m/plus","version":"1.0.0","main":"plus.js","scripts":{"test":"node --test"}}',
  "packages/plus/plus.js": "exports.plus = (a, b) => a + b;\n",
  "packages/plus/test/red.test.js": `${addition}test("is red", () => assert.strictEqual(1, 2));\n`,
  "py/requirements.txt": "pytest\n",
  "py/calc.py": "def add(a, b):\n    return a + b\n",
  "py/tests/test_calc.py": "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
};

describe("a package of a Node workspace", () => {
  it.runIf(isNight)("is tried and registered alone under its own name, and a fix in it lands", async () => {
    const added = (
      await laboratory.must("repo", "add", monorepo, "--path", "./packages/adder/", "--json")
    ).json<SavedRepository>();
    expect(added).toMatchObject({
      name: "monorepo-adder",
      trial: "green",
      settings: {
        folder: "packages/adder",
        prepare: "npm ci --ignore-scripts",
        verify: ["cd packages/adder && node --test"],
        tests: ["packages/adder/test/**", "packages/adder/**/*.test.*"],
      },
      tried: { outcome: "green", commands: [{ exit_code: 0, tests: { passed: 2, failed: 0, skipped: 0 } }] },
    });
    await laboratory.must(
      "repo",
      "add",
      monorepo,
      "--path",
      "packages/adder",
      "--profile",
      "balanced",
      "--allow-writes",
    );
    const { exitCode, task } = await laboratory.wait(
      await laboratory.submit("monorepo-adder", "Make add() right for negative numbers in packages/adder/lib/add.js"),
    );
    expect({ exitCode, ...task }).toMatchObject({ exitCode: 0, decision: "merge", status: "landed" });
  });

  it.runIf(isNight)("lets another package, or the whole repository, be registered too", async () => {
    const red = await laboratory.must("repo", "add", monorepo, "--path", "packages/plus", "--json");
    expect(red.json<SavedRepository>()).toMatchObject({ name: "monorepo-plus", trial: "red" });
    const whole = await laboratory.run("repo", "add", monorepo, "--no-try");
    expect(whole.stdout).toMatch(/^repository: +monorepo$/m);
    expect((await laboratory.must("repo", "show", "monorepo-plus")).stdout).toMatch(/^folder: +packages\/plus$/m);
    const other = await laboratory.run("repo", "add", monorepo, "--path", "py", "--name", "monorepo-plus");
    expect(other).toMatchObject({ exitCode: 1 });
    expect(other.stderr).toContain("monorepo-plus is registered for packages/plus");
  });

  it.each([
    ["/etc", /--path wants a folder as a path from the repository's top/],
    ["../other", /--path wants a folder/],
    ["packages/adder/lib/add.js", /a file or a link on the base, not a folder/],
    ["packages/none", /no such folder on the base/],
    ["a$(b)", /of letters a-z, digits and/],
  ])("is reported as not found at %s", async (path, said) => {
    const refused = await laboratory.run("repo", "add", monorepo, "--path", path);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(said);
    expect(refused.stdout).toBe("");
  });

  it("is not followed through a link", async () => {
    const work = join(laboratory.folder, "linked");
    await laboratory.git(laboratory.folder, "clone", "-q", monorepo, work);
    await laboratory.git(work, "remote", "remove", "origin");
    await symlink("packages/adder", join(work, "link"));
    await laboratory.git(work, "add", "link");
    await laboratory.git(work, "commit", "-qm", "link");
    const refused = await laboratory.run("repo", "add", work, "--path", "link");
    expect(refused.stderr).toContain("a file or a link on the base, not a folder");
  });
});

describe("a whole workspace whose test script runs every package", () => {
  it("is tested package by package, with results of single tests", async () => {
    const { "packages/plus/test/red.test.js": _red, ...green } = files;
    const scripts = { test: "npm test --workspaces --if-present" };
    const bare = await laboratory.remote("workspace", {
      ...green,
      "package.json": JSON.stringify({ ...JSON.parse(files["package.json"]), scripts }),
      "packages/plus/test/green.test.js": `${addition}test("is green", () => assert.strictEqual(1, 1));\n`,
    });
    const added = (await laboratory.must("repo", "add", bare, "--yes", "--json")).json<SavedRepository>();
    expect(added.settings.verify).toEqual(["cd packages/adder && node --test", "cd packages/plus && node --test"]);
    expect(added.tried?.outcome).toBe("green");
    expect(added.tried?.commands.map(({ tests }) => tests?.passed)).toEqual([2, 1]);
  });
});

describe("a Python folder of the same repository", () => {
  it.runIf(isNight)("is tried with its own requirements, in the given image", async () => {
    const image = await pythonImage();
    if (image === null) throw new Error("the image with pytest can't be made: Debian's packages don't answer");
    const settings = [
      "--path",
      "py",
      "--image",
      image,
      "--prepare",
      "",
      "--outputs",
      "",
      "--verify",
      "cd py && python3 -m pytest",
    ];
    expect(
      (await laboratory.must("repo", "add", monorepo, ...settings, "--json")).json<SavedRepository>(),
    ).toMatchObject({
      name: "monorepo-py",
      trial: "green",
      settings: { folder: "py", tests: ["py/tests/**", "py/**/test_*.py"] },
      tried: { commands: [{ exit_code: 0, tests: { passed: 1, failed: 0 } }] },
    });
  });
});
