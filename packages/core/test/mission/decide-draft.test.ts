/** A draft's life: requested by a person, performed once, accepted once, counted against the day. */
import type { Usage } from "@aedev/contracts";
import { noUsage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import {
  type CommandBody,
  draftDocument,
  grantAsked,
  grantBudget,
  initialState,
  openPart,
  pendingWork,
  type State,
  tokensReservedByAsked,
} from "../../src/index.ts";
import { blob, clear, given, ids, someInstant, stateAfter, storyCommand } from "../../src/testing/index.ts";
import { stubLimits } from "../task/stub-limits.ts";

const run = "r-dddddddddddddddd";
const request: CommandBody = { kind: "RequestDraft", mission_id: ids.mission, run_id: run, tokens: 1000 };
const draft = { title: "t", place: "p", criteria: ["c"], test: "e", size: "small" as const, questions: [] };
const used: Usage = { ...noUsage, input_tokens: 300, requests: 1 };
const end = (change: object = {}): CommandBody => ({
  kind: "EndDraft",
  mission_id: ids.mission,
  run_id: run as never,
  base_commit: null,
  prompt: null,
  usage: used,
  journal: null,
  result: { outcome: "drafted", draft },
  ...change,
});
const accept = (change: object = {}): CommandBody => ({
  kind: "AcceptDraft",
  mission_id: ids.mission,
  run_id: run,
  spec_digest: submitted.state.missions[ids.mission]?.specification.digest ?? "",
  answers: [{ question_id: "target", question: "Where?", text: "drafted: p" }],
  clarity: clear,
  criteria: [{ id: "c1", text: "drafted: c", drafted: true }],
  specification: blob("8"),
  clarified_spec: null,
  ...change,
});
const submitted = given([], stateAfter("submitted", initialState));
const asked = submitted.when(storyCommand(request)).then("DraftRequested");
const drafted = asked.when(storyCommand(end())).then("DraftEnded");
const missionIn = ({ missions }: State) => {
  const mission = missions[ids.mission];
  if (mission === undefined) throw new Error("the story has no mission");
  return mission;
};

describe("a draft", () => {
  it("requests, performs and accepts a draft once; then the mission waits for approval as usual", () => {
    asked.owes("DraftMission");
    expect(draftDocument(missionIn(asked.state))).toMatchObject({ status: "running", tokens: 1000, tokens_used: null });
    drafted.owes();
    expect(draftDocument(missionIn(drafted.state))).toMatchObject({ status: "drafted", tokens_used: 300, draft });
    const accepted = drafted.when(storyCommand(accept())).then("DraftAccepted");
    expect(missionIn(accepted.state)).toMatchObject({
      stage: "awaiting_approval",
      specification: blob("8"),
      criteria: [{ drafted: true }],
      answers: [{ text: "drafted: p" }],
    });
    accepted.when(storyCommand(accept({ spec_digest: blob("8").digest }))).thenRefused("no-draft");
  });

  it("refuses a draft while another is under way, after three drafts, and for a decided mission", () => {
    asked.when(storyCommand(request)).thenRefused("draft-under-way");
    let now = drafted;
    for (const letter of ["e", "f"]) {
      const run_id = `r-${letter.repeat(16)}`;
      now = now.when(storyCommand({ ...request, run_id } as CommandBody)).then("DraftRequested");
      now = now.when(storyCommand(end({ run_id }))).then("DraftEnded");
    }
    now.when(storyCommand(request)).thenRefused("drafts-used-up");
    given([], stateAfter("approved", initialState)).when(storyCommand(request)).thenRefused("not-awaiting");
    submitted.when(storyCommand({ ...request, mission_id: "m-zz" } as CommandBody)).thenRefused("unknown-mission");
  });

  it("refuses a draft without tokens, in a paused repository and while all work is paused", () => {
    submitted.when(storyCommand({ ...request, tokens: 0 } as CommandBody)).thenRefused("no-tokens");
    const { repository } = missionIn(submitted.state);
    const paused = submitted.when(storyCommand({ kind: "PauseRepository", repository })).then("RepositoryPaused");
    paused.when(storyCommand(request)).thenRefused("repository-paused");
    const stopped = submitted.when(storyCommand({ kind: "PauseWork" })).then("WorkPaused");
    stopped.when(storyCommand(request)).thenRefused("work-paused");
  });

  it("accepts a draft only if it is this mission's, has ended well, still matches the specification, and some part counts", () => {
    asked.when(storyCommand(accept())).thenRefused("no-draft");
    drafted.when(storyCommand(accept({ run_id: "r-eeeeeeeeeeeeeeee" }))).thenRefused("no-draft");
    drafted.when(storyCommand(accept({ spec_digest: "0".repeat(64) }))).thenRefused("stale");
    drafted.when(storyCommand(accept({ answers: [] }))).thenRefused("bad-answer");
    const failed = asked
      .when(storyCommand(end({ result: { outcome: "failed", code: "not-json", detail: null } })))
      .then("DraftEnded");
    failed.when(storyCommand(accept())).thenRefused("no-draft");
  });

  it("ends a draft once, and counts its usage even if the mission was cancelled meanwhile", () => {
    drafted.when(storyCommand(end())).thenRefused("no-draft");
    const cancelled = asked
      .when(storyCommand({ kind: "CancelMission", mission_id: ids.mission }))
      .then("MissionCancelled");
    expect(openPart(cancelled.state).missions[ids.mission]).toBeDefined();
    cancelled.owes("DraftMission");
    const over = cancelled.when(storyCommand(end())).then("DraftEnded");
    expect(openPart(over.state).missions[ids.mission]).toBeUndefined();
    expect(missionIn(over.state).drafts?.at(-1)?.ended?.usage).toMatchObject({ input_tokens: 300 });
  });

  it("has one piece of work for a draft, named after its run", () => {
    expect(pendingWork(asked.state, someInstant)).toMatchObject([
      { kind: "DraftMission", work_id: `DraftMission/${run}`, task_id: null, run_id: run, mission_id: ids.mission },
    ]);
  });
});

describe("the tokens of drafts", () => {
  const limits = stubLimits({ tokens: { run: 500, mission: 9000, day: 5000 } });

  it("gives a draft the policy's tokens, or the rest of the day besides runs and drafts under way", () => {
    const grant = (state: State, dayUsed: number) =>
      grantAsked(state, "tokens", { limits, dayUsed, asked: tokensReservedByAsked(state), wanted: 1000 });
    expect(grant(submitted.state, 0)).toBe(1000);
    expect(grant(submitted.state, 4400)).toBe(600);
    expect(grant(asked.state, 4400)).toBe(-400);
    expect(grant(stateAfter("started", initialState), 4400)).toBe(100);
  });

  it("reserves a draft's tokens while it is under way, so that a run gets the rest", () => {
    const running = stateAfter("started", initialState);
    const [task] = Object.values(running.tasks);
    if (task === undefined) throw new Error("the story has no task");
    const beside = { ...running, missions: { ...running.missions, other: missionIn(asked.state) } };
    const nothing = { tokens: 0, usd: 0, minutes: 0, runs: 0 };
    const used = { mission: nothing, repository_day: nothing, day: { ...nothing, tokens: 3700 } };
    const tokens = (state: State) =>
      grantBudget(state, task, "tokens", { limits, used, taskTokens: 9000, asked: tokensReservedByAsked(state) })
        ?.amount;
    expect([tokens(running), tokens(beside)]).toEqual([500, 300]);
  });
});
