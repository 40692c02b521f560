/** What happens to a change after it landed at the fake GitHub is observed once each on a real log, by a daemon that forgets everything between two looks. */

import type { CommandBody } from "@aedev/core";
import { ids } from "@aedev/core/testing";
import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { expectNews, watchLandings } from "../../packages/daemon/src/work/watch-landings.ts";
import { commitTo } from "../support/git-repositories.ts";
import { type Landing, openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());
afterEach(() => void vi.useRealTimers());

/** Looks, records, and continues at the time that the look names, until a look at the branch is due again. `control`: a new one has forgotten everything. */
async function lookThrough({ home }: Landing, control = { ...home.control }): Promise<CommandBody[]> {
  const recorded: CommandBody[] = [];
  const until = Date.now() + 500_000;
  while (Date.now() < until) {
    const body = await watchLandings("repo", control);
    if (body.kind === "Deferred") vi.setSystemTime(Math.max(body.atMs, Date.now() + 1));
    else {
      recorded.push(body);
      await home.submit(body);
    }
  }
  return recorded;
}

async function landed(): Promise<Landing> {
  const opened = await openLanding(gitHub, { landing: "push" });
  expect(await opened.drive()).toBe("landed");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  return opened;
}
const outcomesOf = (landing: Landing) => landing.task().outcomes ?? [];
const report = (
  landing: Landing,
  sha: string | null | undefined,
  state: "failure" | "success" | "pending",
  context = "test",
) => landing.repository.as("ci").status({ sha: sha ?? "", context, state });

it("the state keeps a landing in its repository, not the task, and only landings are watched", async () => {
  const landing = await landed();
  const { state } = landing.home.control.log;
  const { landed_commit } = landing.task();
  expect(state.tasks).toEqual({});
  expect(state.repositories.repo?.watched).toMatchObject([
    { task_id: ids.task, commit: landed_commit, ref: "refs/heads/main" },
  ]);
  expect(await lookThrough(landing)).toEqual([]);
  expect(outcomesOf(landing)).toEqual([]);
});

it("a check that newly fails on the landed commit is recorded, by conditional requests a minute apart", async () => {
  const landing = await landed();
  const { landed_commit: commit, evidence } = landing.task();
  await report(landing, evidence?.base_commit, "success");
  await report(landing, evidence?.base_commit, "failure", "always red");
  await report(landing, commit, "failure");
  await report(landing, commit, "failure", "always red");
  await report(landing, commit, "pending", "slow");
  gitHub.journal.clear();
  const { control } = landing.home;
  const began = Date.now();
  expect(await lookThrough(landing, control)).toHaveLength(1);
  expect(outcomesOf(landing)).toMatchObject([
    { outcome: "red", commit, evidence: { kind: "check", name: "test", before: "passed" }, by: "operator" },
  ]);
  expect(landing.home.control.log.state.repositories.repo?.watched).toMatchObject([{ red: true }]);
  const asked = () => gitHub.journal.entries.filter(({ path }) => /\/(?:check-runs|status)\?/.test(path));
  expect(asked().length).toBeLessThanOrEqual((Date.now() - began) / 60_000 + 1);
  // Nothing changes, as every later answer says.
  gitHub.journal.clear();
  expect(await lookThrough(landing, control)).toEqual([]);
  expect(asked().map(({ status }) => status)).toEqual(asked().map(() => 304));
  expect(asked().length).toBeGreaterThan(1);
  // A daemon that has forgotten everything looks again and finds nothing new.
  expect(await lookThrough(landing)).toEqual([]);
  expect(outcomesOf(landing)).toHaveLength(1);
});

it("a check that a landing broke is reported again once a later commit of the branch or another attempt passes it", async () => {
  const landing = await landed();
  const { landed_commit: commit, evidence } = landing.task();
  const broken = () => landing.home.control.log.state.repositories.repo?.watched?.[0]?.broke?.checks;
  await report(landing, evidence?.base_commit, "success");
  await report(landing, evidence?.base_commit, "success", "lint");
  await report(landing, commit, "failure");
  await report(landing, commit, "failure", "lint");
  const { control } = landing.home;
  await lookThrough(landing, control);
  expect(broken()?.toSorted()).toEqual(["lint", "test"]);
  const next = commitTo(landing.repository.gitDir, { files: { "docs/more.md": "more\n" } });
  await report(landing, next, "failure", "lint");
  await report(landing, next, "pending");
  vi.setSystemTime(Date.now() + 3_600_000);
  for (let round = 0; round < 4; round += 1) expect(await lookThrough(landing, control)).toEqual([]);
  expect(broken()?.toSorted()).toEqual(["lint", "test"]);
  // An older commit does not count for the branch.
  await report(landing, commit, "success", "lint");
  await report(landing, next, "success");
  for (let round = 0; round < 3; round += 1) await lookThrough(landing, control);
  expect(broken()).toEqual(["lint"]);
  await report(landing, next, "success", "lint");
  // The same holds for a daemon that has forgotten everything.
  for (let round = 0; round < 3; round += 1) await lookThrough(landing);
  expect(broken()).toBeUndefined();
  expect(outcomesOf(landing).map(({ outcome }) => outcome)).toEqual(["red", "red"]);
});

it("a check that failed before is not reported, and the watch ends once all have been green for an hour", async () => {
  const landing = await landed();
  const { landed_commit: commit, evidence } = landing.task();
  await report(landing, evidence?.base_commit, "failure");
  await report(landing, commit, "failure");
  const control = { ...landing.home.control };
  const asked = () => gitHub.journal.entries.filter(({ path }) => /\/(?:check-runs|status)\?/.test(path)).length;
  gitHub.journal.clear();
  await lookThrough(landing, control);
  expect(outcomesOf(landing)).toEqual([]);
  expect(asked()).toBeGreaterThan(2);
  vi.setSystemTime(Date.now() + 3_600_000);
  gitHub.journal.clear();
  await lookThrough(landing, control);
  expect(asked()).toBe(0);
});

it("a revert on the branch is recorded once, although GitHub gives no answer, and ends the watch; a person's word still counts", async () => {
  const landing = await landed();
  const back = commitTo(landing.repository.gitDir, {
    files: { "src/a.js": "exports.a = 1;\n" },
    remove: ["src/b.js", "docs/with space.md"],
  });
  gitHub.faults.add({ when: "before", path: /statuses|status|check-runs/, times: 2 });
  expect(await lookThrough(landing)).toHaveLength(1);
  expect(outcomesOf(landing)).toMatchObject([
    { outcome: "reverted", evidence: { commit: back, says_revert: false, task_id: null } },
  ]);
  expect(landing.home.control.log.state.repositories.repo?.watched).toEqual([]);
  expect(await lookThrough(landing)).toEqual([]);
  const say = (outcome: "good" | "bad", words: string | null) =>
    landing.home.submit({ kind: "JudgeOutcome", task_id: ids.task, outcome, words });
  await say("bad", "it lost a line");
  await say("bad", "it lost a line");
  await say("good", null);
  expect(outcomesOf(landing).map(({ outcome }) => outcome)).toEqual(["reverted", "bad", "good"]);
});

it("news of the repository lead to another look a minute after the last one, and not at once", async () => {
  const landing = await landed();
  const control = { ...landing.home.control };
  const wait = async () => {
    const body = await watchLandings("repo", control);
    if (body.kind !== "Deferred") throw new Error("something was recorded");
    expect(body.untilNewsOf).toBe("repo");
    return body.atMs - Date.now();
  };
  // Waits until everything has just been read and nothing is due for a while.
  for (let pause = 0; pause <= 120_000; pause = await wait()) vi.setSystemTime(Date.now() + pause + 1);
  expectNews("repo", control);
  expect(await wait()).toBeLessThanOrEqual(60_000);
  expectNews("other", control);
  commitTo(landing.repository.gitDir, { files: {}, remove: ["src/b.js", "docs/with space.md"] });
  vi.setSystemTime(Date.now() + 60_000);
  expect(await lookThrough(landing, control)).toHaveLength(1);
});
