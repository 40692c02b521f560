/** The branch that missions start from and land on: fixed at registration, shown beside the checkout's, whatever the remote's default branch becomes. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { fetchBase } from "../packages/daemon/src/git/mirror.ts";
import { bareRemote, commitTo, git, gitText, temporaryFolder, timeoutMs } from "./support/git-repositories.ts";
import { openWithoutEngine } from "./support/home-without-engine.ts";
import { type Laboratory, smallProject } from "./support/laboratory.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openWithoutEngine();
});
afterAll(() => laboratory[Symbol.asyncDispose]());

type Shown = { base?: { ref: string; head: string }; writes?: string };
const shown = async (name: string) => (await laboratory.must("repo", "show", name, "--json")).json<Shown>();

/** A bare repository with the default branch `stable`, and a clone of it on `next`. */
async function twoBranches(name: string): Promise<{ bare: string; clone: string }> {
  const bare = await laboratory.remote(name, smallProject);
  const [first] = gitText(bare, ["branch", "--format=%(refname:short)"]).trim().split("\n");
  git(bare, ["branch", "stable", first ?? ""]);
  git(bare, ["branch", "next", first ?? ""]);
  git(bare, ["symbolic-ref", "HEAD", "refs/heads/stable"]);
  const clone = join(laboratory.folder, `${name}-clone`);
  execFileSync("git", ["clone", "--quiet", "--branch", "next", bare, clone]);
  return { bare, clone };
}

it("the base branch is fixed when the repository is registered, and shown beside the checkout's", async () => {
  const { bare, clone } = await twoBranches("fixed");
  const added = await laboratory.must("repo", "add", clone, "--name", "fixed", "--yes", "--no-try");
  expect(added.stderr).toContain("on next, where missions do not start and nothing lands");
  expect(added.stdout).toMatch(/base branch: +stable/u);
  expect((await shown("fixed")).base).toEqual({ ref: "refs/heads/stable", head: "refs/heads/stable" });
  git(bare, ["symbolic-ref", "HEAD", "refs/heads/next"]);
  await laboratory.must("repo", "add", clone, "--name", "fixed", "--profile", "safe");
  expect((await shown("fixed")).base).toMatchObject({ ref: "refs/heads/stable" });
  const mission = await laboratory.must(
    ...["intake", "Make add() in lib/add.js add", "--repo", "fixed", "--criterion", "add(1, 2) returns 3", "--json"],
  );
  const { mission_id } = mission.json<{ mission_id: string }>();
  expect((await laboratory.must("mission", "show", mission_id)).stdout).toMatch(/starts from: +stable/u);
});

it("--base names the base branch; a branch that the remote does not have is refused", async () => {
  const { bare } = await twoBranches("named");
  await laboratory.must("repo", "add", bare, "--name", "named", "--yes", "--no-try", "--base", "next");
  expect((await shown("named")).base).toEqual({ ref: "refs/heads/next", head: "refs/heads/stable" });
  const refused = await laboratory.run("repo", "add", bare, "--name", "named", "--base", "nowhere", "--json");
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain("has no branch nowhere");
  expect((await shown("named")).base).toMatchObject({ ref: "refs/heads/next" });
});

it("a run asks if the remote has another default branch, until a person has said which one counts", async () => {
  const remote = bareRemote({ "a.txt": "one\n" });
  const start = gitText(remote, ["rev-parse", "refs/heads/main"]).trim();
  commitTo(remote, { files: { "a.txt": "two\n" }, branch: "next" });
  const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
  const fixed = { ...options, base: { ref: "refs/heads/main", head: "refs/heads/main" } };
  expect(await fetchBase(fixed)).toEqual({ ref: "refs/heads/main", commit: start });
  git(remote, ["symbolic-ref", "HEAD", "refs/heads/next"]);
  await expect(fetchBase(fixed)).rejects.toMatchObject({
    code: "HOLD-BASE-MOVED",
    detail: expect.stringMatching(/default branch is next now.*--base main; follow: .*--base next/u),
  });
  // `repo add --base` then records the branch, and the default branch that it saw.
  expect(await fetchBase({ ...options, base: { ref: "refs/heads/main", head: "refs/heads/next" } })).toEqual({
    ref: "refs/heads/main",
    commit: start,
  });
  expect((await fetchBase({ ...options, base: { ref: "refs/heads/next", head: "refs/heads/next" } })).ref).toBe(
    "refs/heads/next",
  );
  // Without a fixed base, as for an unregistered repository, the default branch counts.
  expect((await fetchBase(options)).ref).toBe("refs/heads/next");
});

it("after the answer No, the summary says what will happen, not what would happen with permission", async () => {
  const { bare } = await twoBranches("asked");
  const saved = await laboratory.must("repo", "add", bare, "--name", "asked", "--yes", "--no-try", "--no-allow-writes");
  expect(saved.stdout).toMatch(/results go to: +a branch aedev\/<task>/u);
  expect(saved.stdout).toMatch(/pushing: +only what you approve/u);
  expect(saved.stdout).not.toMatch(/results go to:.*default branch/u);
  expect(await shown("asked")).toMatchObject({ writes: "on-approval" });
  const allowed = await laboratory.must("repo", "add", bare, "--name", "asked", "--allow-writes");
  expect(allowed.stdout).toMatch(/results go to: +its default branch/u);
  expect(allowed.stdout).toMatch(/pushing: +allowed without asking/u);
  expect(await shown("asked")).toMatchObject({ writes: "allowed" });
});
