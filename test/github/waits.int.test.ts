/** What a landing pull request waits for at GitHub: checks and reviews, and a server that answers late, slowly or not at all. */
import { ids } from "@aedev/core/testing";
import { primaryRateLimit, secondaryRateLimit } from "@aedev/fakes/github/faults";
import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landChange } from "../../packages/daemon/src/work/land-change.ts";
import { isNight } from "../support/is-night.ts";
import {
  type Landing,
  type LandingOptions,
  openLanding,
  openWaiting,
  startGitHub,
} from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

/** Opens a pull request whose evidence is not reported so far: nothing was waited for. */
async function openPulled(options: LandingOptions = {}): Promise<Landing> {
  const landing = await openLanding(gitHub, options);
  expect(await landing.step()).toBe("recorded");
  expect(await landing.eventTypes()).toContain("PullRequestOpened");
  return landing;
}

async function expectUnmerged(landing: Landing): Promise<void> {
  expect(await landing.repository.tip("main")).toBe(landing.task().evidence?.base_commit);
  expect(await landing.repository.issue(1)).toMatchObject({ state: "open" });
}
const waitsFor = (landing: Landing) => landing.task().pull_request?.waits_for;
const merges = ({ fullName }: Landing) =>
  gitHub.journal.entries.filter(({ path, acted }) => acted && path.endsWith(`/${fullName}/pulls/1/merge`)).length;

describe("a check on a landing pull request", () => {
  it("a required check that never comes holds the task after `github.wait`, which lands once the check passes", async () => {
    const landing = await openPulled({ wait: "1s" });
    landing.repository.protect("main", { requiredChecks: ["test"] });
    expect(await landing.step()).toBe("recorded");
    expect(waitsFor(landing)).toEqual([{ kind: "check-missing", name: "test" }]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const held = await landing.drive();
    expect(held).toMatch(/^HOLD-REMOTE-REFUSED: pull request #1 has waited since \S+ for .*test/);
    await expectUnmerged(landing);
    await landing.report("test", "success");
    await landing.release();
    expect(await landing.drive()).toBe("landed");
  });

  it.runIf(isNight)(
    "that is waited for ends the pause as soon as there are news of the repository; a rate limit's pause does not end",
    async () => {
      const landing = await openWaiting(gitHub);
      const look = () => landChange(ids.task, { ...landing.home.control });
      expect(await look()).toMatchObject({ kind: "Deferred", untilNewsOf: "repo" });
      const resetAt = new Date(Date.now() + 60_000);
      gitHub.faults.add(primaryRateLimit(/\/pulls/, { resetAt }));
      expect(await look()).toEqual({ kind: "Deferred", atMs: expect.any(Number) });
    },
  );

  it("a required check that fails holds the task, which lands once the check passes", async () => {
    const landing = await openWaiting(gitHub);
    await landing.report("test", "failure");
    expect(await landing.drive()).toBe(
      "HOLD-REMOTE-REFUSED: failed on pull request #1: test; once they pass there, release the hold",
    );
    await landing.release();
    expect(await landing.drive()).toContain("failed on pull request #1: test");
    await expectUnmerged(landing);
    await landing.report("test", "success");
    await landing.release();
    expect(await landing.drive()).toBe("landed");
  });

  it.runIf(isNight)(
    "that fails without being required does not stop a merge if the branch requires another",
    async () => {
      const landing = await openWaiting(gitHub);
      await landing.report("lint", "failure");
      expect(await landing.drive()).toBe("waits");
      await landing.report("test", "success");
      expect(await landing.drive()).toBe("landed");
    },
  );

  it.runIf(isNight)("a check that starts after another one is waited for, because its suite goes on", async () => {
    const landing = await openLanding(gitHub);
    while (landing.task().pull_request?.number == null) await landing.step();
    const app = landing.fullName.replace("acme/project", "aedev");
    const headSha = landing.task().landing?.commit ?? "";
    const build = await landing.repository.checkRun({ app, headSha, name: "build", conclusion: "success" });
    landing.repository.expectMoreChecks(build, true);
    expect(await landing.drive()).toBe("waits");
    expect(landing.task().pull_request?.waits_for).toEqual([{ kind: "check-running", name: `suite of ${app}` }]);
    landing.repository.expectMoreChecks(build, false);
    expect(await landing.drive()).toBe("landed");
  });

  it.runIf(isNight)("a failed check holds the task if the branch requires only aedev's own", async () => {
    const landing = await openPulled();
    landing.repository.protect("main", { requiredChecks: ["aedev / evidence"] });
    await landing.report("lint", "failure");
    expect(await landing.drive()).toContain("HOLD-REMOTE-REFUSED: failed on pull request #1: lint");
    await expectUnmerged(landing);
    await landing.report("lint", "success");
    await landing.release();
    expect(await landing.drive()).toBe("landed");
  });
});

describe("a review of a landing pull request", () => {
  it.runIf(isNight)("an approving review that is dismissed between two looks no longer counts", async () => {
    const landing = await openPulled();
    const { repository } = landing;
    repository.protect("main", { source: "ruleset", requiredReviews: 1, requiredChecks: ["test"] });
    repository.setRole("reviewer", "write");
    const reviewer = repository.as("reviewer");
    const review = await reviewer.review(1, { event: "APPROVE" });
    expect(await landing.drive()).toBe("waits");
    expect(waitsFor(landing)).toEqual([{ kind: "check-missing", name: "test" }]);
    await reviewer.dismiss(1, review);
    await landing.report("test", "success");
    expect(await landing.drive()).toBe("waits");
    expect(waitsFor(landing)).toEqual([{ kind: "approvals", missing: 1 }]);
    await expectUnmerged(landing);
    await reviewer.review(1, { event: "APPROVE" });
    expect(await landing.drive()).toBe("landed");
  });

  it.runIf(isNight)("a review by somebody who may not write approves nothing", async () => {
    const landing = await openPulled();
    const { repository } = landing;
    repository.protect("main", { source: "ruleset", requiredReviews: 1 });
    repository.setRole("stranger", "read");
    await repository.as("stranger").review(1, { event: "APPROVE" });
    expect(await landing.drive()).toBe("waits");
    expect(waitsFor(landing)).toEqual([{ kind: "approvals", missing: 1 }]);
    await expectUnmerged(landing);
    repository.setRole("reviewer", "write");
    await repository.as("reviewer").review(1, { event: "APPROVE" });
    expect(await landing.drive()).toBe("landed");
  });

  it("a review by somebody who may not write stops nothing", async () => {
    const landing = await openPulled();
    landing.repository.setRole("stranger", "read");
    await landing.repository.as("stranger").review(1, { event: "REQUEST_CHANGES" });
    expect(await landing.drive()).toBe("landed");
  });

  it("a review that requests changes stops the merge until its writer approves, even if no review is required", async () => {
    const landing = await openPulled();
    landing.repository.setRole("reviewer", "write");
    const reviewer = landing.repository.as("reviewer");
    await reviewer.review(1, { event: "REQUEST_CHANGES" });
    expect(await landing.drive()).toBe("waits");
    expect(waitsFor(landing)).toEqual([{ kind: "changes-requested", by: "reviewer" }]);
    await expectUnmerged(landing);
    await reviewer.review(1, { event: "APPROVE" });
    expect(await landing.drive()).toBe("landed");
  });
});

describe("a server that refuses for now", () => {
  const soon = () => new Date(Date.now() + 2_000);
  /** More often than a landing may fail. */
  const times = 8;
  const limits = {
    primary: (path: RegExp, method: string) => primaryRateLimit(path, { resetAt: soon(), method, times }),
    secondary: (path: RegExp, method: string) => secondaryRateLimit(path, { retryAfterSeconds: 1, method, times }),
  };
  it.each(
    (["primary", "secondary"] as const).flatMap((limit) =>
      (["GET", "PUT"] as const)
        // By day each limit and each method once.
        .filter((method) => isNight || (limit === "primary") === (method === "GET"))
        .map((method) => ({ limit, method })),
    ),
  )("is waited for at the $limit rate limit of a $method, which counts as no failure", async ({ limit, method }) => {
    const landing = await openPulled();
    gitHub.faults.add(limits[limit](new RegExp(`/${landing.fullName}/pulls/1`), method));
    const steps: string[] = [];
    while (gitHub.faults.left > 0 && steps.length < 40) steps.push(await landing.step());
    expect(steps.filter((step) => step === "waits")).toHaveLength(times);
    expect(steps).not.toContain("failed");
    expect(landing.task().hold).toBeNull();
    await expectUnmerged(landing);
    expect(await landing.drive()).toBe("landed");
    expect(merges(landing)).toBe(1);
    expect((await landing.eventTypes()).filter((type) => type === "ChangeLanded")).toHaveLength(1);
  });

  it.runIf(isNight)("is waited for while it can't be reached, without a hold", async () => {
    const landing = await openWaiting(gitHub);
    await gitHub.stop();
    try {
      for (let tries = 0; tries < 8; tries += 1) expect(await landing.drive()).toBe("waits");
    } finally {
      await gitHub.start();
    }
    expect(landing.task()).toMatchObject({ status: "landing", hold: null });
    expect(await landing.drive()).toBe("waits");
    await landing.report("test", "success");
    expect(await landing.drive()).toBe("landed");
  });

  it.runIf(isNight)("is asked again while it has not computed whether the pull request merges", async () => {
    const slow = await startGitHub({ unknownMergeabilityReads: 1 });
    try {
      expect(await (await openLanding(slow)).drive()).toBe("landed");
    } finally {
      await slow.close();
    }
  });
});

describe("a credential that is no longer good", () => {
  it.runIf(isNight)("holds the task if the token is revoked, and changes nothing", async () => {
    const landing = await openWaiting(gitHub);
    await landing.report("test", "success");
    gitHub.revokeToken(landing.account.token);
    gitHub.journal.clear();
    expect(await landing.drive()).toContain("HOLD-REMOTE-REFUSED: ");
    expect(gitHub.journal.mutating()).toEqual([]);
    await expectUnmerged(landing);
    gitHub.addAccount({ ...landing.account, kind: "user", permissions: { [landing.fullName]: "write" } });
    await landing.release();
    expect(await landing.drive()).toBe("landed");
  });

  it.each([
    { isPrivate: false, may: "only read", code: "HOLD-REMOTE-REFUSED" },
    { isPrivate: true, may: "no longer see", code: "HOLD-FETCH-FAILED" },
  ])("holds the task if its account may $may the repository, and merges nothing", async ({ isPrivate, code }) => {
    const landing = await openWaiting(gitHub, { isPrivate });
    await landing.report("test", "success");
    landing.repository.setRole(landing.account.login, null);
    expect(await landing.drive()).toContain(`${code}: `);
    expect(merges(landing)).toBe(0);
    await expectUnmerged(landing);
    landing.repository.setRole(landing.account.login, "write");
    await landing.release();
    expect(await landing.drive()).toBe("landed");
  });
});
