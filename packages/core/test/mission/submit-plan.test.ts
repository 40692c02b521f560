/** A plan that a coder proposed is accepted once, by the submission of its parts; the mission that asked for it becomes the plan. */
import { describe, expect, it } from "vitest";
import { type CommandBody, draftDocument, initialState, missionDocument } from "../../src/index.ts";
import { blob, given, ids, life, stateAfter, storyCommand } from "../../src/testing/index.ts";

type Submission = Extract<CommandBody, { kind: "SubmitMission" }>;
type SubmitPlan = Extract<CommandBody, { kind: "SubmitPlan" }>;

const run_id = "r-dddddddddddddddd";
const request: CommandBody = { kind: "RequestDraft", mission_id: ids.mission, run_id, tokens: 1000, of: "plan" };
const proposed = (name: string, after: string[] = []) => ({
  ...{ name, text: `add ${name}`, criteria: [`${name} is there`], files: ["lib/a.js"], creates: [] },
  ...{ after, size: "small" as const },
});
const plan = { parts: [proposed("first"), proposed("next", ["first"])] };
const end = (result: object): CommandBody => ({
  ...{ kind: "EndDraft", mission_id: ids.mission, run_id: run_id as never, base_commit: null, prompt: null },
  ...{ usage: null, journal: null, result: result as never },
});
const mission = (change: Partial<Submission> = {}): Submission => ({ ...(life["submitted"] as Submission), ...change });
const submitted = given([], stateAfter("submitted", initialState));
const before = submitted.state.missions[ids.mission]?.specification.digest ?? "";
const accept = (change: Partial<SubmitPlan> = {}): SubmitPlan => ({
  kind: "SubmitPlan",
  mission: mission({ specification: blob("9"), clarified_spec: blob("a") }),
  on_failure: "stop",
  parts: [
    {
      name: "first",
      after: [],
      implied: [],
      files: ["lib/a.js"],
      mission: mission({ mission_id: "m-first", proposed: true }),
    },
    {
      name: "next",
      after: ["first"],
      implied: [],
      files: [],
      mission: mission({ mission_id: "m-next", after: ["m-first"] }),
    },
  ],
  accepts: { run_id, spec_digest: before },
  ...change,
});
const asked = submitted.when(storyCommand(request)).then("DraftRequested");
const drafted = asked.when(storyCommand(end({ outcome: "planned", plan }))).then("DraftEnded");
const accepted = drafted
  .when(storyCommand(accept()))
  .then("DraftAccepted", "MissionPlanned", "MissionSubmitted", "MissionSubmitted");

describe("a proposed plan", () => {
  it("is asked for, shown, and counts for nothing before a person accepts it", () => {
    const [shown] = [drafted.state.missions[ids.mission]];
    expect(shown === undefined ? undefined : draftDocument(shown)).toMatchObject({
      status: "drafted",
      draft: null,
      plan,
    });
    expect(missionDocument(drafted.state, ids.mission)?.plan).toBeUndefined();
    drafted.owes();
  });

  it("makes its mission the plan once it is accepted: nothing runs before its digest is approved", () => {
    expect(accepted.state.missions[ids.mission]).toMatchObject({
      stage: "awaiting_approval",
      specification: blob("9"),
      drafts: [{ accepted: true }],
    });
    expect(missionDocument(accepted.state, ids.mission)?.plan?.parts).toMatchObject([
      { name: "first", drafted: true, status: "awaiting_approval" },
      { name: "next", after: ["first"] },
    ]);
    expect(accepted.state.missions["m-first"]).toMatchObject({ part_of: ids.mission, proposed: true });
    expect(accepted.state.missions["m-next"]?.proposed).toBeUndefined();
    accepted.owes();
    const approve = { kind: "ApproveMission", mission_id: ids.mission, task_id: "t-whole" } as const;
    const part_tasks = ["first", "next"].map((name) => ({ mission_id: `m-${name}`, task_id: `t-${name}` }));
    accepted.when(storyCommand({ ...approve, part_tasks, spec_digest: before })).thenRefused("wrong-digest");
    accepted
      .when(storyCommand({ ...approve, part_tasks, spec_digest: blob("9").digest }))
      .then("MissionApproved", "MissionApproved", "TaskPlanned", "MissionApproved", "TaskPlanned");
  });

  it("is accepted once, only if it is this mission's newest, ended well, and the mission has not changed or been decided", () => {
    accepted.when(storyCommand(accept())).thenRefused("no-draft");
    asked.when(storyCommand(accept())).thenRefused("no-draft");
    drafted
      .when(storyCommand(accept({ accepts: { run_id: "r-eeeeeeeeeeeeeeee", spec_digest: before } })))
      .thenRefused("no-draft");
    drafted.when(storyCommand(accept({ accepts: { run_id, spec_digest: "0".repeat(64) } }))).thenRefused("stale");
    drafted.when(storyCommand(accept({ mission: mission({ mission_id: "m-nobody" }) }))).thenRefused("unknown-mission");
    const failed = asked
      .when(storyCommand(end({ outcome: "failed", code: "wrong-form", detail: null })))
      .then("DraftEnded");
    failed.when(storyCommand(accept())).thenRefused("no-draft");
    const gone = drafted
      .when(storyCommand({ kind: "CancelMission", mission_id: ids.mission }))
      .then("MissionCancelled");
    gone.when(storyCommand(accept())).thenRefused("not-awaiting");
  });

  it("can't be accepted as the words of one mission, nor such a draft as a plan", () => {
    const words: CommandBody = {
      ...{ kind: "AcceptDraft", mission_id: ids.mission, run_id, spec_digest: before, clarity: mission().clarity },
      ...{ answers: [{ question_id: "target", question: "Where?", text: "p" }], criteria: mission().criteria },
      ...{ specification: blob("8"), clarified_spec: null },
    };
    drafted.when(storyCommand(words)).thenRefused("no-draft");
    const draft = { title: "t", place: "p", criteria: ["c"], test: "e", size: "small", questions: [] };
    const text = asked.when(storyCommand(end({ outcome: "drafted", draft }))).then("DraftEnded");
    text.when(storyCommand(accept())).thenRefused("no-draft");
    text.when(storyCommand(words)).then("DraftAccepted");
  });

  it("keeps nothing if one part is refused", () => {
    const [first] = accept().parts;
    if (first === undefined) throw new Error("no part");
    const refused = drafted.when(
      storyCommand(accept({ parts: [{ ...first, mission: mission({ mission_id: "m-first", criteria: [] }) }] })),
    );
    refused.thenRefused("no-criterion");
    expect(refused.events).toEqual([]);
  });
});
