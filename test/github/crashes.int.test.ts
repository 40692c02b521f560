/**
 * Exactly once: every effect of a landing is refused before it acts, answered with an error after it acted, or acts and loses its answer, once and again in the
 * recovery. Afterwards everything exists once. By night with more faults, every way to merge and both kinds of credential.
 */

import type { OrderedFault } from "@aedev/fakes/github/faults";
import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { requireCauseGone } from "../../packages/daemon/src/work/probe-cause.ts";
import { gitText } from "../support/git-repositories.ts";
import { isNight } from "../support/is-night.ts";
import { type Landing, type LandingOptions, openLanding, startGitHub } from "./support/landing-at-github.ts";

/** The request that each effect of a landing makes. */
const effects = {
  push: { method: "POST", path: /\/git-receive-pack$/ },
  open: { method: "POST", path: /\/pulls$/ },
  label: { method: "POST", path: /\/labels$/ },
  report: { method: "POST", path: /\/(statuses\/[0-9a-f]+|check-runs)$/ },
  merge: { method: "PUT", path: /\/merge$/ },
  // The second push of a landing.
  remove: { method: "POST", path: /\/git-receive-pack$/, skip: 1 },
} as const;
type Effect = keyof typeof effects;

const faults: Readonly<Record<string, Pick<OrderedFault, "when" | "status">>> = {
  "the connection drops before it acts": { when: "before" },
  "it acts and its answer is lost": { when: "lost" },
  ...(isNight && {
    "it is answered 503 before it acts": { when: "before", status: 503 },
    "it is answered 502 after it acted": { when: "after", status: 502 },
  }),
};
const often: Readonly<Record<string, number>> = { ...(isNight && { once: 1 }), "once and again in the recovery": 2 };

let gitHub: FakeGitHub;
let cells = 0;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(async () => {
  process.stdout.write(`crash matrix: ${cells} cells without a duplicate or a loss\n`);
  await gitHub.close();
});

const acted = ({ fullName }: Landing, { method, path }: { method: string; path: RegExp }) =>
  gitHub.journal.entries.filter(
    (entry) => entry.acted && entry.method === method && path.test(entry.path) && pathIsOf(fullName, entry.path),
  ).length;

/** True for this repository, but not for one whose name only starts like it. */
function pathIsOf(fullName: string, path: string): boolean {
  return path.includes(`/${fullName}/`) || path.includes(`/${fullName}.git/`);
}

async function expectOnce(landing: Landing, way: "push" | "pull-request"): Promise<void> {
  const { repository, branch } = landing;
  const task = landing.task();
  const events = await landing.eventTypes();
  expect(task.status).toBe("landed");
  expect(gitText(repository.gitDir, ["rev-parse", "main^{tree}"])).toBe(task.evidence?.tree);
  expect(gitText(repository.gitDir, ["log", "--format=%B", "main"]).match(/Aedev-Task: /g)).toHaveLength(1);
  expect(events.filter((type) => type === "ChangeLanded")).toHaveLength(1);
  expect(events.filter((type) => type === "LandingStarted")).toHaveLength(1);
  // The fake writes its journal once the answer is out.
  await expect.poll(() => acted(landing, effects.push)).toBe(way === "push" ? 1 : 2);
  if (way === "push") return;
  expect(events.filter((type) => type === "PullRequestOpened")).toHaveLength(1);
  for (const effect of ["open", "label", "report", "merge"] as const)
    expect([effect, acted(landing, effects[effect])]).toEqual([effect, 1]);
  expect(await repository.tip(branch)).toBeNull();
  expect(task.pull_request).toMatchObject({ number: 1, tree_differs: false });
}

const variants: LandingOptions[] = isNight
  ? (["token", "app"] as const).flatMap((identity) =>
      (["merge", "squash", "rebase"] as const).map((mergeMethod) => ({ identity, mergeMethod, labels: ["aedev"] })),
    )
  : [{ identity: "token", mergeMethod: "merge", labels: ["aedev"] }];

describe.each(variants)("a landing by pull request with $identity and $mergeMethod", (options) => {
  // By day only requests that never acted, which is the easier fault, and only for the push and the merge.
  const isDue = (effect: Effect, fault: string) =>
    isNight || faults[fault]?.when === "lost" || effect === "push" || effect === "merge";
  const all = (Object.keys(effects) as Effect[]).flatMap((effect) =>
    Object.keys(faults)
      .filter((fault) => isDue(effect, fault))
      .flatMap((fault) => Object.keys(often).map((times) => ({ effect, fault, times }))),
  );
  it.each(all)("lands exactly once if at $effect $fault, $times", async ({ effect, fault, times }) => {
    const landing = await openLanding(gitHub, options);
    const ordered = faults[fault];
    if (ordered === undefined) throw new Error(`no fault ${fault}`);
    gitHub.faults.add({ ...effects[effect], ...ordered, times: often[times] ?? 1 });
    expect(await landing.drive()).toBe("landed");
    const left = gitHub.faults.left;
    gitHub.faults.clear();
    // An effect that acted is not requested again, so a second fault meets nothing; the second fault of the first push meets the second push, which removes the
    // branch.
    expect(left).toBe(ordered.when === "before" || often[times] === 1 || effect === "push" ? 0 : 1);
    await expectOnce(landing, "pull-request");
    cells += 1;
    await landing.home.close();
  });

  it.each(
    (["RecordPullRequest", "RecordLanded"] as const).flatMap((kind) =>
      Object.keys(often).map((times) => ({ kind, times })),
    ),
  )("lands exactly once if the process ends before $kind is in the log, $times", async ({ kind, times }) => {
    const landing = await openLanding(gitHub, options);
    landing.loseResults(kind, often[times] ?? 1);
    expect(await landing.drive()).toBe("landed");
    await expectOnce(landing, "pull-request");
    cells += 1;
    await landing.home.close();
  });
});

describe("a landing by push with faults", () => {
  const all = Object.keys(faults).flatMap((fault) => Object.keys(often).map((times) => ({ fault, times })));
  it.each(all)("lands exactly once if $fault, $times", async ({ fault, times }) => {
    const landing = await openLanding(gitHub, { landing: "push" });
    const ordered = faults[fault];
    if (ordered === undefined) throw new Error(`no fault ${fault}`);
    gitHub.faults.add({ ...effects.push, ...ordered, times: often[times] ?? 1 });
    expect(await landing.drive()).toBe("landed");
    gitHub.faults.clear();
    await expectOnce(landing, "push");
    cells += 1;
    await landing.home.close();
  });
});

describe("a landing whose remote is away for longer than it is tried", () => {
  afterEach(() => gitHub.faults.clear());
  const pullRequest = { way: "pull-request", options: { labels: ["aedev"] } } as const;
  const cases = [
    { what: "push", way: "push", options: { landing: "push" } },
    { what: "push", ...pullRequest },
    { what: "merge", ...pullRequest },
  ] as const;
  it.each(cases.flatMap((one) => (["before", "lost"] as const).map((when) => ({ ...one, when }))))(
    "by $way continues by itself once the remote answers, and lands exactly once if each $what fails $when it acts",
    async ({ what, way, options, when }) => {
      const landing = await openLanding(gitHub, options);
      gitHub.faults.add({ ...effects[what], when });
      // Once the effect has met its fault, nothing is answered any more.
      const goDown = setInterval(() => {
        if (gitHub.faults.left > 0) return;
        clearInterval(goDown);
        gitHub.faults.add({ path: pathOfRepository(landing), when: "before", times: 1_000 });
      }, 1);
      // A landing by pull request asks for the base first.
      const code = way === "push" ? "HOLD-EXTERNAL-STATE-UNKNOWN" : "HOLD-FETCH-FAILED";
      expect(await landing.drive()).toContain(code);
      const { control } = landing.home;
      const probe = () =>
        requireCauseGone(
          { code, task_id: landing.task().task_id },
          { state: control.log.stateWith({ tasks: [landing.task().task_id] }), control },
        );
      await expect(probe()).rejects.toMatchObject({ code, retry: true });
      gitHub.faults.clear();
      await probe();
      await landing.release();
      expect(await landing.drive()).toBe("landed");
      await expectOnce(landing, way);
      await landing.home.close();
    },
  );
});

it("is also probed at GitHub's API: the remote answers, but the look for the pull request does not", async () => {
  const landing = await openLanding(gitHub, {});
  const api = new RegExp(`/repos/${landing.fullName}/`);
  gitHub.faults.add({ path: api, when: "before", status: 503, times: 1_000 });
  expect(await landing.drive()).toContain("HOLD-EXTERNAL-STATE-UNKNOWN");
  const { control } = landing.home;
  const code = "HOLD-EXTERNAL-STATE-UNKNOWN";
  const { task_id } = landing.task();
  const probe = () =>
    requireCauseGone({ code, task_id }, { state: control.log.stateWith({ tasks: [task_id] }), control });
  await expect(probe()).rejects.toMatchObject({ code, retry: true });
  gitHub.faults.clear();
  await probe();
  await landing.release();
  expect(await landing.drive()).toBe("landed");
  await landing.home.close();
});

function pathOfRepository({ fullName }: Landing): RegExp {
  return new RegExp(`/${fullName}(\\.git)?(/|$)`);
}
