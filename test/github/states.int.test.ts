/** What people do at GitHub while a change lands through its pull request: each state ends as docs/GITHUB.md says, and an undone one lands. */

import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareRun } from "../../packages/daemon/src/work/prepare-run.ts";
import { commitTo, gitText } from "../support/git-repositories.ts";
import { isNight } from "../support/is-night.ts";
import { firstFiles, type Landing, openLanding, openWaiting, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

async function expectLands(landing: Landing): Promise<void> {
  await landing.report("test", "success");
  expect(await landing.drive()).toBe("landed");
  expect(landing.task().pull_request).toMatchObject({ number: 1, tree_differs: false });
  expect(treeAt(landing, "main")).toBe(landing.task().evidence?.tree);
  await expect(landing.repository.issue(2)).rejects.toThrow("Not Found");
  expect((await landing.eventTypes()).filter((type) => type === "ChangeLanded")).toHaveLength(1);
}

const treeAt = ({ repository }: Landing, ref: string) => gitText(repository.gitDir, ["rev-parse", `${ref}^{tree}`]);
const tip = async ({ repository }: Landing, branch: string) => (await repository.tip(branch)) ?? "";

describe("a pull request that a person changes while it waits", () => {
  it("lands if nobody touches it and its check passes", async () => {
    await expectLands(await openWaiting(gitHub));
  });

  it("holds the task if it is closed without a merge, and lands through the same one after it is reopened", async () => {
    const landing = await openWaiting(gitHub);
    const before = await tip(landing, "main");
    await landing.repository.as("maintainer").close(1);
    await landing.report("test", "success");
    expect(await landing.drive()).toMatch(
      /^HOLD-REMOTE-REFUSED: pull request #1 was closed without a merge; reopen it/,
    );
    expect(await tip(landing, "main")).toBe(before);
    await landing.repository.as("maintainer").reopen(1);
    await landing.release();
    await expectLands(landing);
  });

  it("keeps and names a commit that somebody pushed onto its branch", async () => {
    const landing = await openWaiting(gitHub);
    const own = await tip(landing, landing.branch);
    const theirs = await landing.repository
      .as("somebody")
      .push({ branch: landing.branch, files: { "theirs.txt": "theirs\n" } });
    await landing.report("test", "success");
    expect(await landing.drive()).toBe(
      `HOLD-REMOTE-REFUSED: the branch ${landing.branch} has the commit ${theirs}, which aedev did not make; merge or remove it at GitHub`,
    );
    expect(await tip(landing, landing.branch)).toBe(theirs);
    await landing.release();
    expect(await landing.drive()).toContain(theirs);
    expect(await tip(landing, landing.branch)).toBe(theirs);
    gitText(landing.repository.gitDir, ["update-ref", `refs/heads/${landing.branch}`, own]);
    await landing.release();
    await expectLands(landing);
  });

  it.runIf(isNight)(
    "holds the task if it goes to another branch, and lands once it goes to the first again",
    async () => {
      const landing = await openWaiting(gitHub);
      const maintainer = landing.repository.as("maintainer");
      const next = await maintainer.push({ branch: "next", files: { "next.txt": "next\n" } });
      await maintainer.edit(1, { base: "next" });
      await landing.report("test", "success");
      expect(await landing.drive()).toBe(
        "HOLD-REMOTE-REFUSED: pull request #1 goes to next now; set its base back to main at GitHub",
      );
      expect(await tip(landing, "next")).toBe(next);
      await maintainer.edit(1, { base: "main" });
      await landing.release();
      await expectLands(landing);
    },
  );

  it.runIf(isNight)("waits while it is a draft, whatever its checks show", async () => {
    const landing = await openWaiting(gitHub);
    const before = await tip(landing, "main");
    await landing.repository.as("maintainer").setDraft(1, true);
    await landing.report("test", "success");
    expect(await landing.drive()).toBe("waits");
    expect(landing.task().pull_request?.waits_for).toEqual([{ kind: "draft" }]);
    expect(await tip(landing, "main")).toBe(before);
    await landing.repository.as("maintainer").setDraft(1, false);
    await expectLands(landing);
  });

  it.runIf(isNight)("merges nothing while its repository is paused, and lands after that", async () => {
    const landing = await openWaiting(gitHub);
    const before = await tip(landing, "main");
    await landing.home.submit({ kind: "PauseRepository", repository: "repo" });
    await landing.report("test", "success");
    gitHub.journal.clear();
    for (let times = 0; times < 3; times += 1) expect(await landing.drive()).toBe("waits");
    expect(gitHub.journal.mutating()).toEqual([]);
    expect(await tip(landing, "main")).toBe(before);
    await landing.home.submit({ kind: "ResumeRepository", repository: "repo" });
    await expectLands(landing);
  });
});

describe("a pull request that a person merges", () => {
  it.runIf(isNight)("counts as landed with that person's commit", async () => {
    const landing = await openWaiting(gitHub);
    landing.repository.setRole("boss", "admin");
    const merged = await landing.repository.as("boss").merge(1, "squash");
    expect(await landing.drive()).toBe("landed");
    expect(landing.task().landed_commit).toBe(merged);
    expect(landing.task().pull_request).toMatchObject({ number: 1, tree_differs: false });
    expect(await landing.eventTypes()).not.toContain("LandedTreeDiffers");
    expect(await landing.repository.tip(landing.branch)).toBeNull();
  });

  it.runIf(isNight)("counts as landed, and its different tree is reported if the base had moved", async () => {
    const landing = await openWaiting(gitHub);
    landing.repository.setRole("boss", "admin");
    const boss = landing.repository.as("boss");
    await boss.push({ branch: "main", files: { "elsewhere.txt": "moved\n" } });
    const merged = await boss.merge(1);
    expect(await landing.drive()).toBe("landed");
    expect(landing.task().landed_commit).toBe(merged);
    expect(landing.task().pull_request).toMatchObject({ number: 1, tree_differs: true });
    expect((await landing.eventTypes()).slice(-2)).toEqual(["LandedTreeDiffers", "ChangeLanded"]);
  });

  it("counts as landed, and is to be taken back, if it contains more than the judged change; a person decides about that", async () => {
    const landing = await openWaiting(gitHub);
    landing.repository.setRole("boss", "admin");
    const boss = landing.repository.as("boss");
    await boss.push({ branch: landing.branch, files: { "added.txt": "by a person\n" } });
    const merged = await boss.merge(1);
    expect(await landing.drive()).toBe("landed");
    expect((await landing.eventTypes()).slice(-3)).toEqual(["LandedTreeDiffers", "ChangeLanded", "RevertRequested"]);
    const [request] = landing.task().reverted_by ?? [];
    expect(request).toMatchObject({ commit: merged, cause: "tree-differs" });
    const prepared = await prepareRun(request?.task_id ?? "", landing.home.control);
    if (prepared.kind !== "PrepareRevert") throw new Error(`not a revert: ${prepared.kind}`);
    expect(prepared).toMatchObject({ base_commit: merged, before: landing.task().evidence?.base_commit });
    const patch = Buffer.from(landing.home.control.blobs.get(prepared.patch.digest)).toString("utf8");
    expect(patch).toContain("deleted file mode 100644\nindex");
    expect(patch).toContain("-by a person");
  });
});

describe("a base that moves while the pull request waits", () => {
  it.runIf(isNight)(
    "has the checks repeated each time, on the branch of the same pull request; the last judged tree lands",
    async () => {
      const landing = await openWaiting(gitHub);
      const heads = [await tip(landing, landing.branch)];
      for (let moves = 1; moves <= 5; moves += 1) {
        await landing.repository.as("somebody").push({ branch: "main", files: { "elsewhere.txt": `${moves}\n` } });
        expect(await landing.drive()).toBe("captured");
        await landing.home.checkAgain();
        expect(await landing.drive()).toBe("waits");
        expect(landing.task().pull_request).toMatchObject({
          number: 1,
          head: { commit: landing.task().landing?.commit },
        });
        heads.push(await tip(landing, landing.branch));
        expect(heads.at(-1)).toBe(landing.task().landing?.commit);
      }
      expect(new Set(heads).size).toBe(6);
      const types = await landing.eventTypes();
      expect(types.filter((type) => type === "BaseMoved")).toHaveLength(5);
      await expectLands(landing);
      // Six landings in one test make it far slower than the others.
    },
    180_000,
  );

  it.each(["pull-request", "push"] as const)(
    "is judged again, and nothing merges, if a force-push by a person dropped the old base (by %s)",
    async (way) => {
      const landing = await openLanding(gitHub, { landing: way });
      if (way === "pull-request") {
        landing.repository.protect("main", { requiredChecks: ["test"] });
        expect(await landing.drive()).toBe("waits");
        await landing.report("test", "success");
      }
      const theirs = commitTo(landing.repository.gitDir, {
        files: { ...firstFiles, "elsewhere.txt": "rewritten\n" },
        whole: true,
        parent: null,
      });
      expect(await landing.drive()).toBe("captured");
      expect(landing.task().base_commit).toBe(theirs);
      expect(await tip(landing, "main")).toBe(theirs);
      await landing.home.checkAgain();
      if (way === "pull-request") {
        expect(await landing.drive()).toBe("waits");
        await landing.report("test", "success");
      }
      expect(await landing.drive()).toBe("landed");
      expect(treeAt(landing, "main")).toBe(landing.task().evidence?.tree);
      gitText(landing.repository.gitDir, ["merge-base", "--is-ancestor", theirs, "main"]);
    },
  );

  it.runIf(isNight).each(["pull-request", "push"] as const)(
    "is a conflict if the force-push changed the same lines: nothing merges (by %s)",
    async (way) => {
      const landing = way === "push" ? await openLanding(gitHub, { landing: way }) : await openWaiting(gitHub);
      if (way === "pull-request") await landing.report("test", "success");
      const theirs = commitTo(landing.repository.gitDir, {
        files: { ...firstFiles, "src/a.js": "exports.a = 'another';\n" },
        whole: true,
        parent: null,
      });
      expect(await landing.drive()).toBe("planned");
      expect(await tip(landing, "main")).toBe(theirs);
      expect(await landing.eventTypes()).not.toContain("ChangeLanded");
    },
  );
});

describe("a protected branch of the pull request", () => {
  it.runIf(isNight)(
    "holds the task with the remote's words if its next commit is refused, and lands once that is allowed",
    async () => {
      const landing = await openWaiting(gitHub);
      const first = await tip(landing, landing.branch);
      landing.repository.protect(landing.branch, { source: "ruleset", requiredReviews: 1 });
      await landing.repository.as("somebody").push({ branch: "main", files: { "elsewhere.txt": "moved\n" } });
      expect(await landing.drive()).toBe("captured");
      await landing.home.checkAgain();
      const held = await landing.drive();
      expect(held).toContain(`HOLD-REMOTE-REFUSED: the remote refused ${landing.branch}`);
      expect(held).toContain("Changes must be made through a pull request.");
      expect(await tip(landing, landing.branch)).toBe(first);
      landing.repository.unprotect(landing.branch);
      await landing.release();
      expect(await landing.drive()).toBe("waits");
      await expectLands(landing);
    },
  );
});
