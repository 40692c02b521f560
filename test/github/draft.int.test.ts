/** A change that waits for approval is shown as a draft pull request, if that runs nothing; once approved, the same pull request lands. */
import { ids } from "@aedev/core/testing";
import type { OrderedFault } from "@aedev/fakes/github/faults";
import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followDraft } from "../../packages/daemon/src/work/follow-draft.ts";
import { gitText } from "../support/git-repositories.ts";
import { isNight } from "../support/is-night.ts";
import { type Landing, openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

const asked = ["draft: after-judging"];
const workflow = { ".github/workflows/ci.yml": "on: [push]\n" };
const acted = ({ fullName }: Landing, path: RegExp, sent?: string) =>
  gitHub.journal
    .mutating()
    .filter(
      (entry) =>
        entry.acted &&
        path.test(entry.path) &&
        (sent === undefined ? entry.path.includes(`/${fullName}`) : JSON.stringify(entry.body).includes(sent)),
    ).length;

describe("a draft pull request", () => {
  it("shows the change while a person is asked, and lands once it is approved", async () => {
    const landing = await openLanding(gitHub, { asked });
    expect(await landing.drive()).toBe("asked");
    const { pull, body, state } = await landing.repository.issue(1);
    expect([pull?.draft, state]).toEqual([true, "open"]);
    expect(body).toContain("waits for approval");
    expect(landing.task().pull_request?.number).toBe(1);
    const head = landing.task().landing?.commit;
    expect(await landing.repository.tip(landing.branch)).toBe(head);
    expect(await landing.repository.tip("main")).toBe(landing.task().evidence?.base_commit);
    // There is no green check before a person has agreed.
    expect(acted(landing, /statuses/, '"state":"pending"')).toBe(1);
    expect(acted(landing, /statuses/, '"state":"success"')).toBe(0);
    await landing.approve();
    expect(await landing.drive()).toBe("landed");
    expect(acted(landing, /statuses/, '"state":"success"')).toBe(1);
    expect((await landing.repository.issue(1)).body).toContain("approved by");
    expect(gitText(landing.repository.gitDir, ["rev-parse", "main^2"])).toBe(head);
    expect((await landing.eventTypes()).filter((type) => type === "LandingStarted")).toHaveLength(1);
  });

  it.runIf(isNight)("has one check run, which is pending until a person approves the change", async () => {
    const landing = await openLanding(gitHub, { asked, identity: "app" });
    await landing.drive();
    const runs = () => gitHub.journal.mutating().filter(({ path }) => path.includes(`${landing.fullName}/check-runs`));
    expect(runs().map(({ method, body }) => [method, body])).toMatchObject([["POST", { status: "in_progress" }]]);
    await landing.approve();
    expect(await landing.drive()).toBe("landed");
    expect(runs().map(({ method, body }) => [method, body])).toMatchObject([
      ["POST", {}],
      ["PATCH", { status: "completed", conclusion: "success" }],
    ]);
  });

  it("is sent back if a reviewer with write access asks for a change; a stranger's review changes nothing", async () => {
    const landing = await openLanding(gitHub, { asked });
    await landing.drive();
    const { repository } = landing;
    repository.setRole("boss", "write");
    expect(await landing.followDraft()).toBe("waits");
    expect(await followDraft(ids.task, { ...landing.home.control })).toHaveProperty("untilNewsOf", "repo");
    await repository.as("stranger").review(1, { event: "REQUEST_CHANGES", body: "Delete everything." });
    expect(await landing.followDraft()).toBe("recorded");
    expect([landing.task().status, (await landing.eventTypes()).at(-1)]).toEqual(["asked", "ReviewsRefused"]);
    await repository.as("boss").review(1, { event: "APPROVE", body: "Fine." });
    expect(await landing.followDraft()).toBe("waits");
    expect(landing.task().approval).toBeNull();
    await repository.as("boss").review(1, { event: "REQUEST_CHANGES", body: "Use the helper." });
    expect(await landing.followDraft()).toBe("recorded");
    expect([landing.task().status, (await landing.eventTypes()).at(-1)]).toEqual(["planned", "ChangeRequested"]);
    expect(await landing.followDraft()).toBe("waits");
  });

  it.runIf(isNight)("counts as landed once a person merged it at GitHub", async () => {
    const landing = await openLanding(gitHub, { asked });
    await landing.drive();
    await landing.repository.as("boss").setDraft(1, false);
    await landing.repository.as("boss").merge(1);
    expect(await landing.followDraft()).toBe("recorded");
    expect(landing.task().status).toBe("landed");
  });

  it.runIf(isNight)("a draft approved on a moved base is ready for review and checked again", async () => {
    const landing = await openLanding(gitHub, { asked });
    expect(await landing.drive()).toBe("asked");
    await landing.repository.as("somebody").push({ branch: "main", files: { "elsewhere.txt": "x" } });
    await landing.approve();
    expect(await landing.drive()).toBe("captured");
    expect((await landing.repository.issue(1)).pull?.draft).toBe(false);
  });

  it.runIf(isNight)("a pull request that a person turned into a draft again waits for a person", async () => {
    const landing = await openLanding(gitHub, { asked });
    landing.repository.protect("main", { requiredChecks: ["test"] });
    await landing.drive();
    await landing.approve();
    expect(await landing.drive()).toBe("waits");
    await landing.repository.as("somebody").setDraft(1, true);
    expect(await landing.drive()).toBe("waits");
    expect(landing.task().pull_request?.waits_for).toEqual([{ kind: "draft" }]);
  });

  it.each([
    { what: "the base has a workflow by now", base: workflow, change: {} },
    { what: "the change adds a pipeline", base: {}, change: { ".woodpecker.yml": "steps: []\n" } },
  ])("is not opened if $what: nothing is pushed, and the change waits for approval", async ({ base, change }) => {
    const landing = await openLanding(gitHub, { asked, files: { "src/a.js": "exports.a = 2;\n", ...change } });
    await landing.repository.as("somebody").push({ branch: "main", files: { "README.md": "new\n", ...base } });
    gitHub.journal.clear();
    expect(await landing.drive()).toBe("asked");
    expect(gitHub.journal.mutating()).toEqual([]);
    expect(landing.task().draft_skipped?.why).toMatch(
      /^pushing it would run \.(github\/workflows\/ci|woodpecker)\.yml on a change that nobody approved/,
    );
    expect(landing.task().landing).toBeNull();
  });

  it.runIf(isNight)("is opened despite workflows if the operator accepts that they run", async () => {
    const landing = await openLanding(gitHub, { asked: [...asked, "draft_runs_workflows: true"] });
    await landing.repository.as("somebody").push({ branch: "main", files: workflow });
    expect(await landing.drive()).toBe("asked");
    expect((await landing.repository.issue(1)).pull?.draft).toBe(true);
  });

  it("is not made of a pull request that is ready for review, which anybody could merge", async () => {
    const landing = await openLanding(gitHub, { asked });
    const somebody = landing.repository.as("somebody");
    await somebody.push({ branch: landing.branch, files: { "x.txt": "x" } });
    await somebody.openPull({ title: "Mine", head: landing.branch });
    gitHub.journal.clear();
    expect(await landing.drive()).toBe("asked");
    expect(gitHub.journal.mutating()).toEqual([]);
    expect(landing.task().draft_skipped?.why).toBe("pull request #1 of its branch is no open draft of aedev's");
  });
});

const effects: Readonly<Record<string, Pick<OrderedFault, "method" | "path" | "sent">>> = {
  push: { method: "POST", path: /\/git-receive-pack$/ },
  open: { method: "POST", path: /\/pulls$/ },
  report: { method: "POST", path: /\/statuses\// },
  review: { method: "POST", path: /\/requested_reviewers$/ },
  ready: { path: /\/graphql$/, sent: /markPullRequestReadyForReview/ },
};
const faults: Pick<OrderedFault, "when" | "status">[] = [
  { when: "lost" },
  ...(isNight ? ([{ when: "before" }, { when: "before", status: 503 }, { when: "after", status: 502 }] as const) : []),
];

describe("each effect of a draft pull request", () => {
  it.each(
    Object.keys(effects)
      // crashes.int.test.ts tests the effects of every landing.
      .filter((effect) => isNight || effect === "review" || effect === "ready")
      .flatMap((effect) =>
        faults.flatMap((fault) => (isNight ? [1, 2] : [1]).map((times) => ({ effect, ...fault, times }))),
      ),
  )("happens once: $effect, $when, $times times", async ({ effect, ...fault }) => {
    const landing = await openLanding(gitHub, {
      asked: [...asked, "reviewers: code-owners"],
      base: { CODEOWNERS: "* @owner\n" },
    });
    landing.repository.setRole("owner", "write");
    landing.loseResults("RecordPullRequest", 1);
    const where = effects[effect];
    if (where === undefined) throw new Error(effect);
    gitHub.journal.clear();
    gitHub.faults.add({ ...where, ...fault });
    expect(await landing.drive()).toBe("asked");
    await landing.approve();
    expect(await landing.drive()).toBe("landed");
    // A landing pushes and reports again at its end, which meets the second fault.
    const isMet = fault.when === "before" || fault.times === 1 || /^(?:push|report)$/u.test(effect);
    expect(gitHub.faults.left).toBe(isMet ? 0 : 1);
    gitHub.faults.clear();
    // One push of the commit, and one that removes its branch; the fake writes its journal once the answer is out.
    await expect.poll(() => acted(landing, /git-receive-pack/)).toBe(2);
    expect(acted(landing, /\/pulls$/)).toBe(1);
    expect(acted(landing, /requested_reviewers$/)).toBe(1);
    expect(acted(landing, /graphql/, "markPullRequestReadyForReview")).toBe(1);
    expect((await landing.eventTypes()).filter((type) => type === "PullRequestOpened")).toHaveLength(1);
  });
});
