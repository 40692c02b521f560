/** Outcomes of a landed change: each is recorded once, kept where it is needed, and told to a person once. */
import { routes } from "@aedev/contracts/api";
import { describe, expect, it } from "vitest";
import { initialState, openPart, pendingWork } from "../../src/index.ts";
import { missionDocument } from "../../src/mission/mission-document.ts";
import { registrationDocument } from "../../src/mission/registration-document.ts";
import { statusSummary } from "../../src/mission/status-summary.ts";
import type { CommandBody, CommandOf } from "../../src/model/command.ts";
import type { State } from "../../src/model/state.ts";
import { pendingNotices, unsentAt } from "../../src/notice/notices.ts";
import { watchedLandingsMax } from "../../src/task/outcomes.ts";
import {
  given,
  ids,
  life,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";

const commit = "9".repeat(40);
const later = "2026-01-03T00:00:00.000Z";
const until = "2026-01-16T03:04:05.678Z";
const landing = { ...life["landed"], watch_until: until } as CommandOf<"RecordLanded">;
const landedState = stateAfter("landed", initialState, { landed: landing });
type Observation = CommandOf<"RecordOutcomes">["outcomes"][number];
const red = (name: string): Observation => ({
  task_id: ids.task as never,
  commit,
  outcome: "red",
  evidence: { kind: "check", name, url: null, before: "passed" },
});
const byCommit = (outcome: "reverted" | "changed-again", by: string): Observation => ({
  task_id: ids.task as never,
  commit,
  outcome,
  evidence: { kind: "commit", commit: by, subject: "s", says_revert: false, lines: 1, task_id: null },
});
const observe = (...outcomes: Observation[]): CommandBody => ({ kind: "RecordOutcomes", repository: "repo", outcomes });
const say = (outcome: "good" | "bad", words: string | null = null): CommandBody => ({
  kind: "JudgeOutcome",
  task_id: ids.task,
  outcome,
  words,
});
const when = (state: State, body: CommandBody) => given([], state).when(storyCommand(body));
const watched = (state: State) => state.repositories["repo"]?.watched;
const watchWork = (state: State, now: string) => pendingWork(state, now).filter(({ kind }) => kind === "WatchLandings");

describe("a landing", () => {
  it("watches a landing until an instant, without keeping its mission in the state", () => {
    when(stateAfter("landing", initialState), landing).then("ChangeLanded", "LandingWatched");
    const open = openPart(landedState);
    expect(open.tasks).toEqual({});
    expect(watched(open)).toMatchObject([{ task_id: ids.task, commit, ref: "refs/heads/main", until }]);
    expect(watchWork(open, later)).toMatchObject([{ work_id: `WatchLandings/repo/${commit}`, repository: "repo" }]);
    expect(watchWork(open, until)).toEqual([]);
  });

  it("does not watch a landing without an instant", () => {
    when(stateAfter("landing", initialState), life["landed"] as CommandBody).then("ChangeLanded");
  });

  it("drops a watched landing once its time is over or there are too many, and keeps it when the repository is registered again", () => {
    const stream = "repository/repo";
    const next = (task: string, at: string) => {
      const data = { task_id: task, mission_id: ids.mission, commit, ref: "refs/heads/main", until: at } as never;
      return { stream, type: "LandingWatched" as const, data };
    };
    const over = given([next("t-2222222222222222", someInstant), next("t-3333333333333333", until)], landedState).state;
    expect(watched(over)?.map(({ task_id }) => task_id)).toEqual([ids.task, "t-3333333333333333"]);
    const many = Array.from({ length: watchedLandingsMax + 5 }, (_, index) =>
      next(`t-${String(index).padStart(16, "0")}`, until),
    );
    expect(watched(given(many, landedState).state)).toHaveLength(watchedLandingsMax);
    expect(watched(stateAfterCommands(over, [life["registered"] as CommandBody]))).toHaveLength(2);
  });
});

it("leaves watched landings out of the repository's document, which is strict", () => {
  const repository = landedState.repositories["repo"];
  if (repository === undefined) throw new Error("the story has no repository");
  const parse = (document: unknown) => routes.listRepositories.answer.safeParse({ repositories: [document] }).success;
  expect(parse(registrationDocument(repository))).toBe(true);
  expect(parse(repository)).toBe(false);
});

describe("an outcome", () => {
  it("records an outcome once for its kind and its evidence", () => {
    const once = when(landedState, observe(red("test"), red("test"))).then("OutcomeObserved", "WatchedLandingObserved");
    const twice = once
      .when(storyCommand(observe(red("test"), red("lint"))))
      .then("OutcomeObserved", "WatchedLandingObserved");
    twice
      .when(storyCommand(observe(byCommit("changed-again", "1".repeat(40)), byCommit("changed-again", "2".repeat(40)))))
      .then("OutcomeObserved", "OutcomeObserved");
  });

  it("keeps each check that a landing broke until that check passes again", () => {
    const never = { ...red("new"), evidence: { kind: "check", name: "new", url: null, before: "absent" } } as const;
    const broke = (state: State) => watched(state)?.[0]?.broke;
    const unknown = stateAfterCommands(landedState, [observe(never)], later);
    expect([watched(unknown)?.[0]?.red, broke(unknown)]).toEqual([true, undefined]);
    const state = stateAfterCommands(unknown, [observe(red("test")), observe(red("lint"))], later);
    expect(broke(state)).toEqual({ checks: ["test", "lint"], since: later });
    const passes = (check: string): CommandBody => ({
      ...(observe() as CommandOf<"RecordOutcomes">),
      passed: [{ task_id: ids.task, check }],
    });
    when(state, passes("new")).then();
    const half = when(state, passes("test")).then("WatchedLandingObserved");
    expect(broke(half.state)).toEqual({ checks: ["lint"], since: later });
    const whole = half.when(storyCommand(passes("test"))).then();
    expect(
      watched(whole.when(storyCommand(passes("lint"))).then("WatchedLandingObserved").state)?.[0],
    ).not.toHaveProperty("broke");
    expect(broke(stateAfterCommands(state, [say("good")]))).toBeUndefined();
  });

  it("does not record an outcome of another commit, another repository or an unknown task", () => {
    when(landedState, observe({ ...red("test"), commit: "8".repeat(40) })).then();
    when(landedState, observe({ ...red("test"), task_id: "t-0000000000000000" as never })).then();
    when(landedState, { ...observe(red("test")), repository: "other" } as CommandBody).then();
  });

  it("does not fill the log if many commits change the same lines", () => {
    const commits = Array.from({ length: 30 }, (_, index) =>
      byCommit("changed-again", String(index).padStart(40, "0")),
    );
    const state = commits.reduce((before, one) => stateAfterCommands(before, [observe(one)]), landedState);
    expect(state.tasks[ids.task]?.outcomes).toHaveLength(20);
  });

  it("ends the watch when the change is taken back, but not when its lines change", () => {
    expect(watched(stateAfterCommands(landedState, [observe(byCommit("changed-again", "1".repeat(40)))]))).toHaveLength(
      1,
    );
    expect(watched(stateAfterCommands(landedState, [observe(byCommit("reverted", "1".repeat(40)))]))).toEqual([]);
  });

  it("shows outcomes in the documents, and counts a red one in the status until a person calls it good", () => {
    const state = stateAfterCommands(landedState, [observe(red("test"))], later);
    expect(missionDocument(state, ids.mission)?.tasks[0]?.outcomes).toMatchObject([{ outcome: "red", at: later }]);
    expect(missionDocument(landedState, ids.mission)?.tasks[0]).not.toHaveProperty("outcomes");
    const redIn = (of: State) => statusSummary(of, later, {} as never).red_landings;
    expect(redIn(state)).toEqual([{ repository: "repo", task_id: ids.task, mission_id: ids.mission }]);
    expect(redIn(stateAfterCommands(state, [say("bad")]))).toHaveLength(1);
    expect(redIn(stateAfterCommands(state, [say("good")]))).toBeUndefined();
    expect(redIn(landedState)).toBeUndefined();
  });

  it("leaves the task's time of change as it is, so that an old landing is not reported again", () => {
    const state = stateAfterCommands(landedState, [observe(red("test"))], later);
    expect(state.tasks[ids.task]?.changed_at).toBe(landedState.tasks[ids.task]?.changed_at);
  });
});

describe("a person's report", () => {
  it("records a person's report each time that it changes, and keeps the newest last", () => {
    const bad = when(landedState, say("bad", "it is slow")).then("OutcomeObserved");
    bad.when(storyCommand(say("bad", "it is slow"))).then();
    const words = bad.when(storyCommand(say("bad", "it is wrong"))).then("OutcomeObserved");
    const good = words.when(storyCommand(say("good"))).then("OutcomeObserved");
    expect(good.state.tasks[ids.task]?.outcomes?.at(-1)).toMatchObject({ outcome: "good", commit });
  });

  it("accepts a person's report only on landed changes", () => {
    when(stateAfter("gated", initialState), say("good")).thenRefused("not-landed");
    when(landedState, { ...say("good"), task_id: "t-0000000000000000" } as CommandBody).thenRefused("unknown-task");
  });
});

describe("messages to a person's phone", () => {
  const state = stateAfterCommands(landedState, [{ kind: "ConfigureNotifier", digest: "d".repeat(64) }], someInstant);
  const notices = (of: State) => pendingNotices(of, later).map(({ notice_id, priority }) => [notice_id, priority]);
  const landedNotice = [`landed/${ids.task}`, 3];

  it("tells the phone once that main is red and that a change was taken back, but not the person's own report", () => {
    expect(notices(state)).toEqual([landedNotice]);
    const observed = stateAfterCommands(
      state,
      [observe(red("test"), red("lint"), byCommit("reverted", "1".repeat(40)))],
      later,
    );
    expect(notices(stateAfterCommands(observed, [say("bad")]))).toEqual([
      [`outcome/red/${ids.task}`, 4],
      landedNotice,
      [`outcome/reverted/${ids.task}`, 3],
    ]);
  });

  it("keeps the task in the state until the phone was told, with the instant that a restart needs", () => {
    const sent = (notice_id: string): CommandBody => ({
      kind: "RecordPush",
      stream: `task/${ids.task}`,
      notice_id,
      key: notice_id,
      folded: false,
    });
    const told = stateAfterCommands(state, [sent(`landed/${ids.task}`)]);
    const unsent = (of: State) => unsentAt(of.tasks[ids.task] as NonNullable<State["tasks"][string]>);
    expect(unsent(told)).toBeNull();
    expect(openPart(told).tasks).toEqual({});
    const observed = stateAfterCommands(told, [observe(red("test"))], later);
    expect(unsent(observed)).toBe(later);
    expect(Object.keys(openPart(observed).tasks)).toEqual([ids.task]);
    expect(openPart(stateAfterCommands(observed, [sent(`outcome/red/${ids.task}`)])).tasks).toEqual({});
  });
});
