/** The prefix of aedev's branches: a conflicting branch of the remote is reported, and the registered prefix is shown everywhere. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openWithoutEngine } from "./support/home-without-engine.ts";
import { type Laboratory, smallProject } from "./support/laboratory.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openWithoutEngine();
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const doctor = async () => (await laboratory.run("doctor")).stdout.split("\n");
const rowOf = async (name: string) => (await doctor()).find((line) => line.includes(`branches of ${name}`));

it("repo add and doctor name a remote branch with the prefix's name, until another prefix is chosen", async () => {
  const bare = await laboratory.remote("blocked", smallProject);
  await laboratory.git(bare, "branch", "aedev", "main");
  const added = await laboratory.must("repo", "add", bare, "--name", "blocked", "--yes", "--no-try");
  expect(added.stderr).toMatch(/the remote has a branch aedev, .*aedev\/… there: .*--branch-prefix NAME/u);
  expect(await rowOf("blocked")).toMatch(/^note .*the remote has a branch aedev/u);
  const again = await laboratory.must("repo", "add", bare, "--name", "blocked", "--profile", "safe");
  expect(again.stderr).toContain("the remote has a branch aedev");
  const changed = await laboratory.must("repo", "add", bare, "--name", "blocked", "--branch-prefix", "bots/aedev");
  expect(changed.stderr).not.toContain("has a branch");
  expect(changed.stdout).toMatch(/results go to: +a branch bots\/aedev\/<task>/u);
  expect(await rowOf("blocked")).toBeUndefined();
  // A setting that is not given keeps its value.
  const kept = await laboratory.must("repo", "add", bare, "--name", "blocked", "--profile", "balanced");
  expect(kept.stdout).toContain("bots/aedev/<task>");
  const usual = await laboratory.must("repo", "add", bare, "--name", "blocked", "--branch-prefix", "");
  expect(usual.stdout).toContain(" aedev/<task>");
  await laboratory.must("repo", "add", bare, "--name", "blocked", "--branch-prefix", "bots/aedev");
  await laboratory.git(bare, "branch", "bots", "main");
  expect(await rowOf("blocked")).toContain("has a branch bots");
});

it("repo add says nothing if no branch conflicts or the remote does not answer", async () => {
  const bare = await laboratory.remote("free", smallProject);
  await laboratory.git(bare, "branch", "aedev-old", "main");
  const added = await laboratory.must("repo", "add", bare, "--name", "free", "--yes", "--no-try");
  expect(added.stderr).not.toContain("has a branch");
  expect(await rowOf("free")).toBeUndefined();
  const early = await laboratory.must(
    "repo",
    "add",
    bare,
    "--name",
    "early",
    "--yes",
    "--no-try",
    "--branch-prefix",
    "aedev-old",
  );
  expect(early.stderr).toContain("has a branch aedev-old");
});

it.each(["a..b", "-x", "a/", "/a", "a b", "refs/heads/ä", "x.lock"])(
  "the prefix %j is refused, because git could not make branches with it",
  async (prefix) => {
    const bare = await laboratory.remote(`odd-${Buffer.from(prefix).toString("hex")}`, smallProject);
    const refused = await laboratory.run(
      "repo",
      "add",
      bare,
      "--name",
      "odd",
      "--no-try",
      "--yes",
      `--branch-prefix=${prefix}`,
    );
    expect(refused.exitCode).not.toBe(0);
  },
);

it("repo add shows a commit template, keeps it, and clears it", async () => {
  const bare = await laboratory.remote("worded", smallProject);
  await laboratory.must("repo", "add", bare, "--name", "worded", "--yes", "--no-try");
  const set = await laboratory.must(
    "repo",
    "add",
    bare,
    "--name",
    "worded",
    "--commit-template",
    "{issue}: {subject}\\n\\nRefs {issue}",
  );
  expect(set.stdout).toMatch(/commits: +\{issue\}: \{subject\}/u);
  expect((await laboratory.must("repo", "add", bare, "--name", "worded", "--profile", "safe")).stdout).toContain(
    "{issue}: {subject}",
  );
  const refused = await laboratory.run("repo", "add", bare, "--name", "worded", "--commit-template", "{subjekt}");
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toContain("{subject}");
  expect(
    (await laboratory.must("repo", "add", bare, "--name", "worded", "--commit-template", "")).stdout,
  ).not.toContain("{subject}");
});
