/** A branch that merges only through GitHub's merge queue: the change is put in once, waited for, and held if the queue removes it. */

import type { OrderedFault } from "@aedev/fakes/github/faults";
import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitText } from "../support/git-repositories.ts";
import { isNight } from "../support/is-night.ts";
import { type Landing, openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

/** Opens a landing whose pull request is in the queue. */
async function openQueued(protection: object = { source: "ruleset" }): Promise<Landing> {
  const landing = await openLanding(gitHub);
  landing.repository.protect("main", { ...protection, mergeQueue: true });
  expect(await landing.drive()).toBe("waits");
  expect(await inQueue(landing)).toBe(true);
  return landing;
}
const inQueue = async ({ repository }: Landing) => (await repository.issue(1)).pull?.queue !== null;
const additions = async ({ repository }: Landing) =>
  (await repository.issue(1)).events.filter(({ event }) => event === "added_to_merge_queue").length;
const waitsFor = (landing: Landing) => landing.task().pull_request?.waits_for;
const anHourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

describe("a merge queue", () => {
  it.each([{ source: "ruleset" }, { source: "classic" }])(
    "that $source asks for gets the change once, and what it merges has landed",
    async (protection) => {
      const landing = await openQueued(protection);
      expect(waitsFor(landing)).toEqual([{ kind: "merge-queue", after: null }]);
      expect(await landing.drive()).toBe("waits");
      await landing.repository.as("github-merge-queue").mergeQueued(1);
      expect(await landing.drive()).toBe("landed");
      expect(await additions(landing)).toBe(1);
      expect(landing.task().pull_request).toMatchObject({ number: 1, tree_differs: false });
      expect(gitText(landing.repository.gitDir, ["rev-parse", "main^{tree}"])).toBe(landing.task().evidence?.tree);
      expect((await landing.eventTypes()).filter((type) => type === "PullRequestWaits")).toHaveLength(1);
    },
  );

  it("does not get a change before its checks have passed", async () => {
    const landing = await openLanding(gitHub);
    landing.repository.protect("main", { source: "ruleset", mergeQueue: true, requiredChecks: ["test"] });
    expect(await landing.drive()).toBe("waits");
    expect(await inQueue(landing)).toBe(false);
    await landing.report("test", "success");
    expect(await landing.drive()).toBe("waits");
    expect(await inQueue(landing)).toBe(true);
  });

  it("holds the task with its reason if it removes the change; a release puts the change in again", async () => {
    const landing = await openQueued();
    await landing.repository.as("github-merge-queue").putOut(1, { reason: "FAILED_CHECKS" });
    // It may have been removed because it is being merged.
    expect(await landing.drive()).toBe("waits");
    expect(await inQueue(landing)).toBe(false);
    await landing.repository.as("somebody").enqueue(1);
    await landing.repository.as("github-merge-queue").putOut(1, { reason: "FAILED\nCHECKS", createdAt: anHourAgo() });
    expect(await landing.drive()).toBe(
      "HOLD-REMOTE-REFUSED: GitHub's merge queue put pull request #1 out: FAILED CHECKS; to put it in again, release the hold",
    );
    expect(await landing.repository.tip("main")).toBe(landing.task().evidence?.base_commit);
    await landing.release();
    expect(await landing.drive()).toBe("waits");
    expect(await inQueue(landing)).toBe(true);
    expect(await additions(landing)).toBe(3);
  });

  it("keeps the change although the base moves, and the difference is recorded", async () => {
    const landing = await openQueued();
    const head = landing.task().landing?.commit;
    await landing.repository.as("somebody").push({ branch: "main", files: { "elsewhere.txt": "x" } });
    expect(await landing.drive()).toBe("waits");
    expect((await landing.repository.issue(1)).pull?.headSha).toBe(head);
    await landing.repository.as("github-merge-queue").mergeQueued(1);
    expect(await landing.drive()).toBe("landed");
    expect(landing.task().pull_request).toMatchObject({ tree_differs: true });
  });
});

const faults: Pick<OrderedFault, "when" | "status">[] = [
  { when: "lost" },
  ...(isNight
    ? [{ when: "before" as const }, { when: "before" as const, status: 503 }, { when: "after" as const, status: 502 }]
    : []),
];

describe("putting a change into the merge queue", () => {
  it.each(faults.flatMap((fault) => (isNight ? [1, 2] : [2]).map((times) => ({ ...fault, times }))))(
    "happens once if the request ends like %o, and if the process ends before the intent is in the log",
    async (fault) => {
      const landing = await openLanding(gitHub);
      landing.repository.protect("main", { source: "ruleset", mergeQueue: true });
      landing.loseResults("RecordPullRequestWaits", 1);
      gitHub.faults.add({ path: /\/graphql$/, sent: /enqueuePullRequest/, ...fault });
      for (let tries = 0; tries < 6 && (tries === 0 || !(await inQueue(landing))); tries += 1) await landing.drive();
      expect(gitHub.faults.left).toBe(fault.when === "before" || fault.times === 1 ? 0 : 1);
      gitHub.faults.clear();
      expect(await landing.drive()).toBe("waits");
      expect(await additions(landing)).toBe(1);
      await landing.repository.as("github-merge-queue").mergeQueued(1);
      expect(await landing.drive()).toBe("landed");
      expect(await additions(landing)).toBe(1);
    },
  );
});
