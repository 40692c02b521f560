/** `aedev repo add` without an engine: what is detected, saved as untried, or refused; and the routes behind it. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { detectRepository, wantedFiles } from "../packages/daemon/src/repository/detect/detect-repository.ts";
import { planCommand } from "../packages/runner/src/checks/command/plan.ts";
import { callApi } from "./support/api.ts";
import { openWithoutEngine } from "./support/home-without-engine.ts";
import { type Laboratory, smallProject } from "./support/laboratory.ts";
import type { SavedRepository } from "./support/saved-repository.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openWithoutEngine();
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const names = async () =>
  (await laboratory.must("repo", "list", "--json"))
    .json<{ repositories: SavedRepository[] }>()
    .repositories.map(({ name }) => name);
const shown = async (name: string) => (await laboratory.must("repo", "show", name, "--json")).json<SavedRepository>();

const ask = (path: string, body: object) => callApi(laboratory.home, path, body);

describe("repo add without an engine", () => {
  it("saves the detected settings as untried, with a notice, and exits 0 with one document", async () => {
    const bare = await laboratory.remote("plain", smallProject);
    const added = await laboratory.run("repo", "add", bare, "--json");
    expect(added.exitCode).toBe(0);
    expect(added.json<SavedRepository>()).toMatchObject({
      name: "plain",
      url: bare,
      target: "default-branch",
      trial: "untried",
      allow_writes: false,
      profile: null,
      settings: { verify: ["node --test"], tests: ["test/**", "**/*.test.*"], prepare: null },
      tried: null,
      next: 'aedev intake "what you want done" --repo plain',
    });
    expect(added.stderr).toMatch(/saved untried: .*\n {2}help: .*aedev doctor/s);
    expect((await laboratory.must("repo", "show", "plain")).stdout).toContain("untried");
  });

  it("changes only the given settings of a known repository, and asks for no name if the address is known", async () => {
    const bare = join(laboratory.folder, "plain.git");
    await laboratory.must("repo", "add", bare, "--profile", "balanced", "--allow-writes");
    await laboratory.must("repo", "add", bare, "--name", "plain", "--prepare", "npm ci", "--no-try");
    const before = await shown("plain");
    expect(before).toMatchObject({
      profile: "balanced",
      allow_writes: true,
      settings: { prepare: "npm ci", verify: ["node --test"] },
    });
    await laboratory.must("repo", "add", bare, "--name", "plain", "--prepare", "", "--no-try");
    expect((await shown("plain")).settings).toEqual({ ...before.settings, prepare: null });
    expect(await names()).toEqual(["plain"]);
  });

  it("accepts a time for the mutation sample with its unit and within its bound, and clears it", async () => {
    const add = (time: string) =>
      laboratory.run(
        "repo",
        "add",
        join(laboratory.folder, "plain.git"),
        "--name",
        "plain",
        "--mutation-time",
        time,
        "--no-try",
      );
    const before = await shown("plain");
    expect((await add("5m")).exitCode).toBe(0);
    expect((await shown("plain")).settings).toEqual({ ...before.settings, mutation_time_ms: 300_000 });
    for (const time of ["5", "2h"]) {
      const { exitCode, stderr } = await add(time);
      expect([time, exitCode, stderr.includes("mutation_time")]).toEqual([time, 1, true]);
    }
    expect((await add("")).exitCode).toBe(0);
    expect((await shown("plain")).settings).toEqual(before.settings);
  });

  it("runs no script of the repository on this machine, whatever its name", async () => {
    const marker = join(laboratory.folder, "ran-on-the-host");
    const touch = `touch ${marker}`;
    const scripts = { test: touch, prepare: touch, preinstall: touch, postinstall: touch, build: touch };
    const bare = await laboratory.remote("hooks", {
      "package.json": JSON.stringify({ scripts, dependencies: { "left-pad": "1.3.0" } }),
      Makefile: `test:\n\t${touch}\nX := $(shell ${touch})\n`,
      ".gitattributes": "* filter=evil diff=evil\n",
    });
    const added = await laboratory.must("repo", "add", bare, "--json");
    expect(added.json<SavedRepository>().settings).toMatchObject({
      verify: ["npm test"],
      prepare: "npm install --ignore-scripts --no-package-lock",
    });
    expect(existsSync(marker)).toBe(false);
    await execa("sh", ["-c", touch]);
    expect(existsSync(marker)).toBe(true);
  });

  it("reads only a bounded part of a manifest and shows none of its control characters", async () => {
    const bare = await laboratory.remote("hostile", {
      "package.json": `{"scripts":{"test":"node --test \\u001b]0;owned\\u0007\\u202e"}}`,
      "package-lock.json": `{"packages":{"a":"${"x".repeat(5_000_000)}"}}`,
      "tests/test_\u001b[31m.py": "",
    });
    const added = await laboratory.must("repo", "add", bare);
    expect(added.stderr).toContain("\\u{1b}]0;owned\\u{7}\\u{202e}");
    expect(added.stdout + added.stderr).not.toMatch(/(?!\n|\t)\p{Cc}|\u202e/u);
    expect(added.stdout).toContain("npm test");
    const padded = (size: number) => `{"scripts":{"test":"node --test"},"x":"${"x".repeat(size)}"}`;
    const huge = await laboratory.remote("huge", { "package.json": padded(5_000_000) });
    const large = await laboratory.remote("large", { "package.json": padded(1_000_000) });
    const found = async (bare: string) =>
      (await laboratory.must("repo", "add", bare, "--json")).json<SavedRepository>();
    expect(await found(huge)).toMatchObject({
      settings: { verify: [] },
      found: { notes: ["package.json is not text or is too large; it was not read"] },
    });
    expect((await found(large)).settings.verify).toEqual(["node --test"]);
  });

  it("gives another repository of the same name a different name", async () => {
    mkdirSync(join(laboratory.folder, "other"));
    const bare = await laboratory.remote("other/plain", smallProject);
    expect((await laboratory.must("repo", "add", bare, "--json")).json<SavedRepository>().name).toBe("plain-2");
  });

  it("says where results of a working copy without origin go, and registers one with an origin by that", async () => {
    const work = join(laboratory.folder, "plain-work");
    const own = await laboratory.must("repo", "add", work, "--name", "work", "--json");
    expect(own.json<SavedRepository>()).toMatchObject({ url: work, target: "task-branch" });
    const text = (await laboratory.run("repo", "add", work, "--name", "work2")).stderr;
    expect(text).toMatch(/branch aedev\/<task> here.*your checkout is never touched/);
    await laboratory.git(work, "remote", "add", "origin", join(laboratory.folder, "hostile.git"));
    const linked = await laboratory.must("repo", "add", work, "--name", "linked", "--json");
    expect(linked.json<SavedRepository>()).toMatchObject({
      url: join(laboratory.folder, "hostile.git"),
      target: "default-branch",
    });
  });

  it("does not save a repository without the image that it needs, unless --no-try is given", async () => {
    const bare = await laboratory.remote("snake", {
      "pyproject.toml": "[tool.pytest.ini_options]\n",
      "tests/test_a.py": "def test_a(): pass\n",
    });
    const refused = await laboratory.run("repo", "add", bare);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /Python is not in aedev's own image.*help: printf 'FROM aedev-runner:.*then: aedev repo add .*--image python-checks/s,
    );
    expect(await names()).not.toContain("snake");
    await laboratory.must("repo", "add", bare, "--no-try");
    expect(await shown("snake")).toMatchObject({
      settings: { verify: ["python3 -m pytest"], image: null },
      trial: "untried",
    });
  });

  it("leaves settings in .aedev.yaml to that file, and refuses an unreadable file", async () => {
    const own = await laboratory.remote("own", { ...smallProject, ".aedev.yaml": "verify: [node --test test/]\n" });
    const added = (await laboratory.must("repo", "add", own, "--json")).json<SavedRepository>();
    expect(added.settings.verify).toEqual([]);
    expect(added.found.notes.join()).toContain(".aedev.yaml of the repository sets verify");
    const broken = await laboratory.remote("broken", { ...smallProject, ".aedev.yaml": "frobnicate: 1\n" });
    const refused = await laboratory.run("repo", "add", broken);
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.stderr).toMatch(/frobnicate.*help: correct \.aedev\.yaml/s);
  });

  it("refuses a repository that can't be fetched, unless flags give all settings; then it is saved untried", async () => {
    const empty = join(laboratory.folder, "empty.git");
    await laboratory.git(laboratory.folder, "init", "-q", "--bare", empty);
    const refused = await laboratory.run("repo", "add", empty);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("no commit yet");
    const told = await laboratory.must("repo", "add", empty, "--name", "empty", "--verify", "make");
    expect(told.stderr).toMatch(/saved untried: .*no commit yet/);
    expect(await shown("empty")).toMatchObject({ trial: "untried", settings: { verify: ["make"] } });
  });
});

describe("the routes of repo add", () => {
  it("detect: proposals with reasons, and nothing is registered", async () => {
    const bare = await laboratory.remote("route", smallProject);
    const { status, document } = await ask("/api/repositories/detect", { path_or_url: bare });
    expect(status).toBe(200);
    expect(document).toMatchObject({
      name: "route",
      known: null,
      branch: "main",
      commit: await laboratory.git(bare, "rev-parse", "main"),
      languages: [{ language: "node", tools: ["npm", "node:test"] }],
      checks: "per-test",
      needs_image: null,
      reasons: [{ setting: "verify", why: "package.json has a test script: node --test" }, { setting: "tests" }],
    });
    expect(await names()).not.toContain("route");
  });

  it("detect: names a branch of the remote that keeps aedev from making its own, and no other", async () => {
    const bare = await laboratory.remote("in-the-way", smallProject);
    const notes = async () => (await ask("/api/repositories/detect", { path_or_url: bare })).document["notes"];
    await laboratory.git(bare, "branch", "aedev-old", "main");
    expect(await notes()).toEqual([]);
    await laboratory.git(bare, "branch", "aedev", "main");
    expect(await notes()).toEqual([
      expect.stringMatching(
        /has a branch aedev, .*: give other names with --branch-prefix NAME, or rename it \(git branch -m aedev /,
      ),
    ]);
    // The control: git does refuse the branch.
    await expect(laboratory.git(bare, "branch", "aedev/t-1", "main")).rejects.toThrow("cannot lock ref");
  });

  it("trial: says why it could not run", async () => {
    const body = { path_or_url: join(laboratory.folder, "route.git"), name: "route", verify: ["node --test"] };
    const { status, document } = await ask("/api/repositories/trial", body);
    expect({ status, ...document }).toMatchObject({ status: 200, outcome: "held", code: "HOLD-DOCKER-UNAVAILABLE" });
  });

  it("each refuse another folder for a repository, but accept the same or none", async () => {
    const bare = await laboratory.remote("mono", { "a/package.json": "{}", "b/package.json": "{}" });
    const body = { path_or_url: bare, name: "mono", verify: ["true"] };
    const routes = ["", "/trial", "/set-up-run", "/detect"] as const;
    const asked = async (path: (typeof routes)[number], folder?: string) => {
      const { verify: _verify, ...detected } = body;
      return (await ask(`/api/repositories${path}`, { ...(path === "/detect" ? detected : body), folder })).document;
    };
    expect(await asked("", "a")).toMatchObject({ name: "mono", settings: { folder: "a" } });
    for (const path of routes)
      expect([path, await asked(path, "b")]).toMatchObject([
        path,
        { error: { code: "bad-path", hint: expect.stringContaining("--path b --name NAME") } },
      ]);
    for (const folder of ["a", undefined]) {
      expect(await asked("", folder)).toMatchObject({ name: "mono", settings: { folder: "a" } });
      expect(await asked("/trial", folder)).toMatchObject({ outcome: "held", code: "HOLD-DOCKER-UNAVAILABLE" });
      expect(await asked("/detect", folder)).toMatchObject({ known: folder === undefined ? { name: "mono" } : {} });
    }
    const { status, document } = await ask("/api/repositories", { ...body, name: "odd", folder: "a b" });
    expect({ status, ...document }).toMatchObject({ status: 400, error: { code: "bad-request" } });
    expect(JSON.stringify(document)).toContain("not a path within the repository, such as packages/core");
  });

  it("trust no caller's claim about a trial, and accept no invalid name", async () => {
    const body = { path_or_url: join(laboratory.folder, "route.git"), name: "route" };
    expect((await ask("/api/repositories", { ...body, trial: "green" })).status).toBe(400);
    expect((await ask("/api/repositories/trial", { ...body, name: "../x" })).status).toBe(409);
    expect((await ask("/api/repositories/detect", { path_or_url: "ext::sh -c id" })).status).toBe(409);
    expect((await ask("/api/repositories", body)).document).toMatchObject({ name: "route", trial: "untried" });
  });
});

describe("detection without an engine", () => {
  const scripts = [
    "node --test",
    "vitest",
    "vitest run --coverage",
    "TZ=UTC vitest",
    "tape 'test/*.js'",
    "mocha --exit",
    "eslint . && vitest run",
    "vitest run && eslint .",
    "node --test && eslint .",
    "pnpm exec vitest",
    "jest",
    "jest --bail",
    "jest -b",
    "mocha --bail",
    "vitest run --bail=1",
    "eslint . && jest --ci",
    "ava",
    "node --test | tee log",
    "NODE_OPTIONS=--no-warnings node --test",
    "cross-env A=1 mocha",
    "make check",
  ];

  it.each(scripts)("promises what the checks then use: %s", (test) => {
    const manifest = { scripts: { test } };
    const texts = { "package.json": JSON.stringify(manifest), "test/a.test.js": "" };
    const paths = Object.keys(texts);
    const base = { paths, texts: new Map(wantedFiles(paths).map((path) => [path, texts[path as keyof typeof texts]])) };
    const found = detectRepository(base, { overlay: {}, image: null, runnerImage: "aedev-runner:0" });
    const [command = ""] = found.settings.verify;
    const plan = planCommand(command, { scripts: manifest.scripts, read: () => null });
    expect({ command, checks: found.checks }).toEqual({
      command,
      checks: plan.runner === null ? "exit-code" : "per-test",
    });
  });
});

describe("repo add without an argument", () => {
  it("uses the current folder", async () => {
    const folder = join(laboratory.folder, "here");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), smallProject["package.json"]);
    await laboratory.git(folder, "init", "-q");
    await laboratory.git(folder, "add", "-A");
    await laboratory.git(folder, "commit", "-qm", "import");
    const bin = new URL("../bin/aedev", import.meta.url).pathname;
    const options = { cwd: folder, env: laboratory.environment, extendEnv: false, stdin: "ignore" } as const;
    const { stdout } = await execa(bin, ["repo", "add", "--json"], options);
    expect(JSON.parse(String(stdout))).toMatchObject({ name: "here", url: folder, target: "task-branch" });
  });
});
