/** `aedev repo add` with a real engine: settings for Node and Python are tried on the base first, and settings that can't work are not saved. */

import { productVersion } from "@aedev/host/product";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pythonImage } from "./support/image-with.ts";
import { fixTurns, Laboratory, smallProject } from "./support/laboratory.ts";
import type { SavedRepository } from "./support/saved-repository.ts";

vi.setConfig({ testTimeout: 280_000, hookTimeout: 280_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const isKnown = async (name: string) => (await laboratory.run("repo", "show", name)).exitCode === 0;
const trialOf = async (name: string) =>
  (await laboratory.must("repo", "show", name, "--json")).json<SavedRepository>().trial;
/** A lockfile for npm that fetches nothing: its one package is among the repository's own inputs. */
const withDependency = {
  ...smallProject,
  "package.json": JSON.stringify({
    name: "small",
    version: "1.0.0",
    scripts: { test: "node --test" },
    dependencies: { dep: "file:dep" },
  }),
  "dep/package.json": '{"name":"dep","version":"1.0.0","main":"index.js"}',
  "package-lock.json": JSON.stringify({
    name: "small",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: {
      "": { name: "small", version: "1.0.0", dependencies: { dep: "file:dep" } },
      dep: { version: "1.0.0" },
      "node_modules/dep": { resolved: "dep", link: true },
    },
  }),
};

describe("a Node repository", () => {
  it("needs no flag: it is detected, tried, green and saved; then a mission merges", async () => {
    const bare = await laboratory.remote("small", smallProject);
    const added = await laboratory.must("repo", "add", bare);
    expect(added.stdout).toMatch(/checks: +passing on the base/);
    expect(added.stdout).toContain("node --test: exit 0, 2 passed");
    const [, next = ""] = /^next: aedev (.*)$/m.exec(added.stdout) ?? [];
    expect(next).toBe('intake "what you want done" --repo small');
    await laboratory.must("repo", "add", bare, "--profile", "balanced", "--allow-writes");
    expect(await trialOf("small")).toBe("green");
    const { exitCode, task } = await laboratory.wait(
      await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js"),
    );
    expect({ exitCode, ...task }).toMatchObject({ exitCode: 0, decision: "merge", status: "landed" });
    await laboratory.must("repo", "add", bare, "--tests", "**/*.test.js", "--no-try");
    expect(await trialOf("small")).toBe("untried");
    await laboratory.must("repo", "add", bare);
    expect(await trialOf("small")).toBe("green");
    expect(await laboratory.containers()).toEqual([]);
  });

  it("the trial of a new repository fetches its packages before the checks run", async () => {
    const bare = await laboratory.remote("packed", withDependency);
    const added = (await laboratory.must("repo", "add", bare, "--json")).json<SavedRepository>();
    expect(added).toMatchObject({
      trial: "green",
      settings: { prepare: "npm ci --ignore-scripts", outputs: ["node_modules"] },
    });
  });

  it("a repository with a red base is saved as red, with the failed test", async () => {
    const bare = await laboratory.remote("red", {
      ...smallProject,
      "test/red.test.js": 'require("node:test").test("is red", () => { throw new Error("told so"); });\n',
    });
    const added = await laboratory.run("repo", "add", bare);
    expect(added.exitCode).toBe(0);
    expect(added.stderr).toMatch(/failing: test\/red\.test\.js > is red/);
    expect(added.stderr).toContain("told so");
    expect(added.stderr).toMatch(/checks fail on the base.*needs your approval/);
    expect(await trialOf("red")).toBe("red");
  });

  it("a repository whose prepare step fails is not saved, except with --no-try", async () => {
    const bare = await laboratory.remote("broken", smallProject);
    const refused = await laboratory.run("repo", "add", bare, "--prepare", "echo no luck today >&2; exit 3");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toMatch(/broken is not saved.*fetch: exit 3.*no luck today.*help: .*--no-try/s);
    expect(await isKnown("broken")).toBe(false);
    await laboratory.must("repo", "add", bare, "--prepare", "exit 3", "--no-try");
    expect(await trialOf("broken")).toBe("untried");
  });

  it("is tried without network and without this machine's files", async () => {
    const probe =
      "node -e \"require('node:net').connect(443,'1.1.1.1').on('error',e=>process.exit(e.code==='ENETUNREACH'?0:9))\"";
    const bare = await laboratory.remote("sealed", smallProject);
    const added = await laboratory.must(
      "repo",
      "add",
      bare,
      "--verify",
      probe,
      "--verify",
      `test ! -e ${laboratory.home}`,
      "--json",
    );
    expect(added.json<SavedRepository>()).toMatchObject({
      trial: "green",
      tried: { commands: [{ exit_code: 0, tests: null }, { exit_code: 0 }] },
    });
    expect((await execa("test", ["!", "-e", laboratory.home], { reject: false })).exitCode).toBe(1);
  });

  it("a repository whose program is not in the image is not saved", async () => {
    const bare = await laboratory.remote("made", { Makefile: "test:\n\ttrue\n" });
    const image = ["--image", `aedev-runner:${productVersion()}`];
    const refused = await laboratory.run("repo", "add", bare, ...image);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/made is not saved.*make test: the image does not have the program/s);
    expect((await laboratory.run("repo", "add", bare, ...image, "--verify", "true")).exitCode).toBe(0);
    const missing = await laboratory.run("repo", "add", bare, "--name", "other", "--image", "aedev-no-such-image:1");
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain("aedev-no-such-image:1");
  });
});

describe("two trials of one repository", () => {
  it("don't run at the same time, and a trial whose caller left ends", async () => {
    const bare = await laboratory.remote("slow", smallProject);
    const first = execa(
      new URL("../bin/aedev", import.meta.url).pathname,
      ["repo", "add", bare, "--verify", "sleep 240"],
      {
        env: laboratory.environment,
        extendEnv: false,
        stdin: "ignore",
        reject: false,
      },
    );
    await laboratory.until(async () => (await laboratory.containers()).length > 0);
    const second = await laboratory.run("repo", "add", bare, "--verify", "true");
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(/is already running/);
    first.kill("SIGKILL");
    await first;
    await laboratory.until(async () => (await laboratory.containers()).length === 0);
    const third = await laboratory.until(async () => {
      const again = await laboratory.run("repo", "add", bare, "--verify", "true");
      return again.exitCode === 0 && again;
    });
    expect(third.stdout).toMatch(/checks: +passing on the base/);
  });
});

describe("a Python repository", () => {
  it("is tried in the given image, and fails there for its own fault", async () => {
    const image = await pythonImage();
    if (image === null) throw new Error("the image with pytest can't be made: Debian's packages don't answer");
    const project = {
      "pyproject.toml": '[project]\nname = "calc"\nversion = "1"\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
      "calc.py": "def add(a, b):\n    return a + b\n",
      "tests/test_calc.py": "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
    };
    const bare = await laboratory.remote("calc", project);
    const refused = await laboratory.run("repo", "add", bare);
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.stderr).toMatch(/needs its own image.*docker build/s);
    const added = (await laboratory.must("repo", "add", bare, "--image", image, "--json")).json<SavedRepository>();
    expect(added).toMatchObject({
      trial: "green",
      settings: { verify: ["python3 -m pytest"], image },
      tried: { outcome: "green", commands: [{ tests: { passed: 1, failed: 0 } }] },
    });
    await laboratory.pushElsewhere(bare, { "calc.py": "def add(a, b):\n    return a - b\n" });
    await laboratory.must("repo", "add", bare);
    expect(await trialOf("calc")).toBe("red");
  });
});
