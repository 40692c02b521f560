/** Hands out what a run wrote, from a real home with its log, blobs and mirror. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ids } from "@aedev/core/testing";
import { homeLayout } from "@aedev/host/home-layout";
import { afterEach, beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { keptWork, salvageBranch, salvageWork } from "../../src/reader/salvage.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

let home: SignedHome;
let to: string;
beforeEach(async () => {
  home = await openSignedHome({ "src/a.js": "exports.a = 2;\n" });
  to = join(temporaryFolder(), "salvaged");
});
afterEach(() => home.close());
const salvage = (more: object = {}) => salvageWork({ home: home.home, taskId: ids.task, to, ...more });

it("salvage writes the patch and every file of the patched base", async () => {
  const [run] = home.task().runs;
  expect(keptWork({ home: home.home, taskId: ids.task })).toMatchObject([{ run_id: ids.run, attempt: 1, code: null }]);
  expect(await salvage()).toMatchObject({ run_id: ids.run, base_commit: run?.base_commit, no_tree: null });
  expect(readFileSync(join(to, "change.patch"))).toEqual(Buffer.from(home.blobs.get(run?.patch?.digest ?? "")));
  expect(readFileSync(join(to, "tree", "src", "a.js"), "utf8")).toBe("exports.a = 2;\n");
  expect(readFileSync(join(to, "tree", "README.md"), "utf8")).toBe("one\ntwo\nthree\n");
  expect(existsSync(join(to, "tree", ".git"))).toBe(false);
});

it("salvage writes only the patch if the repository is no longer mirrored, and says why", async () => {
  rmSync(homeLayout(home.home).mirror("repo"), { recursive: true });
  expect(await salvage({ runId: ids.run })).toMatchObject({ no_tree: "the repository is no longer mirrored here" });
  expect([existsSync(join(to, "change.patch")), existsSync(join(to, "tree"))]).toEqual([true, false]);
});

it("salvage writes nothing over what is there, and nothing of a run that kept nothing", async () => {
  await expect(salvage({ runId: "r-bbbbbbbbbbbbbbbb" })).rejects.toMatchObject({ code: "no-kept-work" });
  expect(existsSync(to)).toBe(false);
  mkdirSync(to);
  await expect(salvage()).rejects.toMatchObject({ code: "not-written" });
});

it("salvage makes the branch from the person's own repository if it is no longer mirrored", async () => {
  const [own, linked, bare] = [temporaryFolder(), join(temporaryFolder(), "linked"), temporaryFolder()];
  const git = (...args: string[]) => execFileSync("git", args, { cwd: own, encoding: "utf8" }).trim();
  const mirror = homeLayout(home.home).mirror("repo");
  git("init", "--quiet");
  git("fetch", "--quiet", mirror, "+refs/*:refs/remotes/mirror/*");
  rmSync(mirror, { recursive: true });
  const make = (folder: string) =>
    salvageBranch({ home: home.home, taskId: ids.task, folder, at: "2026-01-02T03:04:05.678Z" });
  const branch = `aedev/${ids.task}-salvaged`;
  // A repository without the base, and a folder without a repository.
  await expect(make(bare)).rejects.toMatchObject({ code: "not-a-repository" });
  execFileSync("git", ["init", "--quiet"], { cwd: bare });
  await expect(make(bare)).rejects.toMatchObject({
    code: "not-written",
    message: expect.stringContaining("does not have"),
  });
  const { base_commit } = await make(own);
  expect(git("show", `${branch}:src/a.js`)).toBe("exports.a = 2;");
  git("branch", "--quiet", "--delete", "--force", branch);
  git("worktree", "add", "--quiet", "--detach", linked, base_commit);
  await make(linked);
  expect(git("show", `${branch}:src/a.js`)).toBe("exports.a = 2;");
});

it("salvage makes a branch in a person's repository, and nothing else there", async () => {
  const own = temporaryFolder();
  const git = (...args: string[]) => execFileSync("git", args, { cwd: own, encoding: "utf8" }).trim();
  const branch = `aedev/${ids.task}-salvaged`;
  const make = () => salvageBranch({ home: home.home, taskId: ids.task, folder: own, at: "2026-01-02T03:04:05.678Z" });
  await expect(make()).rejects.toMatchObject({ code: "not-a-repository" });
  git("init", "--quiet");
  await expect(make()).rejects.toThrow(/does not have/);
  git("fetch", "--quiet", homeLayout(home.home).mirror("repo"), "+refs/*:refs/remotes/mirror/*");
  // The person's own hooks must not run.
  writeFileSync(join(own, ".git", "hooks", "reference-transaction"), "#!/bin/sh\ntouch ran\n", { mode: 0o755 });
  const { commit, base_commit } = await make();
  expect(git("rev-parse", branch)).toBe(commit);
  expect(git("rev-parse", `${branch}^`)).toBe(base_commit);
  expect(git("show", `${branch}:src/a.js`)).toBe("exports.a = 2;");
  expect(git("log", "-1", "--format=%an: %s", branch)).toBe(`aedev: What run ${ids.run} of ${ids.task} wrote`);
  expect([git("status", "--porcelain"), existsSync(join(own, "ran")), existsSync(join(own, ".git", "ran"))]).toEqual([
    "",
    false,
    false,
  ]);
  await expect(make()).rejects.toThrow(/has a branch .* already/);
});
