/** Taking a landed change back: once at a time, without a coder, and never without a person. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initialState, openPart, pendingWork, pullRequestUpkeep } from "../../src/index.ts";
import { missionDocument } from "../../src/mission/mission-document.ts";
import type { CommandBody, CommandOf } from "../../src/model/command.ts";
import type { State } from "../../src/model/state.ts";
import {
  blob,
  captured,
  gated,
  given,
  ids,
  life,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";
import { gatedRevert, landedCommit, prepareRevert, revertedAfter, revertIds, revertTask } from "./reverts.ts";

const landed = stateAfter("landed", initialState);
const when = (state: State, body: CommandBody, actor?: string) => given([], state).when(storyCommand(body, actor));
const kinds = (state: State) => pendingWork(state, someInstant).map(({ kind }) => kind);
const decision = (answer: "ask" | "hold" | "merge", change = {}) =>
  (gated(answer, change) as CommandOf<"DecideGate">).decision;
const repair = { max_runs: 2, task_tokens: 1_000_000 };
const rejected: CommandBody = { kind: "RejectTask", task_id: revertIds.task, reason: null };

describe("a request to take a landed change back", () => {
  it("makes an approved mission with its own task for a revert, and both name the reverted change", () => {
    when(landed, revertTask).then("RevertRequested", "MissionSubmitted", "MissionApproved", "TaskPlanned");
    const state = revertedAfter(0);
    const document = missionDocument(state, revertIds.mission);
    const reverts = { task_id: ids.task, commit: landedCommit, subject: "Close the hole" };
    expect(document).toMatchObject({ status: "approved", tasks: [{ task_id: revertIds.task, reverts }] });
    expect(missionDocument(state, ids.mission)?.tasks[0]?.reverted_by).toMatchObject([
      { task_id: revertIds.task, mission_id: revertIds.mission, cause: "asked", by: "operator" },
    ]);
    expect(state.missions[revertIds.mission]).toMatchObject({ priority: "high", reverts, author: "operator" });
    expect(kinds(state)).toEqual(["PrepareRun"]);
    // The landed task is over: it waits for nothing, and its time of change stays.
    expect(openPart(state).tasks[ids.task]).toBeUndefined();
    expect(state.tasks[ids.task]?.changed_at).toBe(landed.tasks[ids.task]?.changed_at);
  });

  it("refuses to take back a change that has not landed, or that landed as another commit", () => {
    for (const step of ["approved", "started", "captured", "judged", "gated", "landing"].filter((name) => name in life))
      when(stateAfter(step, initialState), revertTask).thenRefused("not-landed");
    when(landed, { ...revertTask, commit: "7".repeat(40) }).thenRefused("not-landed");
    when(landed, { ...revertTask, task_id: "t-unknown" }).thenRefused("unknown-task");
  });

  it("ignores a second request while a revert is open, whatever its ids, and accepts one after it ended without landing", () => {
    const other = { ...revertTask, mission_id: "m-other", revert_task_id: "t-other" };
    for (let steps = 0; steps <= 3; steps += 1) when(revertedAfter(steps), other).then();
    const asked = stateAfterCommands(revertedAfter(3), [gatedRevert(decision("ask"))]);
    when(asked, other).then();
    const over = stateAfterCommands(asked, [rejected]);
    when(over, other).then("RevertRequested", "MissionSubmitted", "MissionApproved", "TaskPlanned");
  });

  it("requires a named person for a revert if a second one must approve, and refuses that person's own approval", () => {
    const rules = { require_second_person: true, require_sign_in_above: "high" } as const;
    const strict = (state: State): State => ({ ...state, system: { ...state.system, approvals: rules } });
    when(strict(landed), revertTask, "phone").thenRefused("sign-in-needed");
    when(landed, revertTask, "phone").then("RevertRequested", "MissionSubmitted", "MissionApproved", "TaskPlanned");
    const asked = stateAfterCommands(revertedAfter(3, strict(landed)), [gatedRevert(decision("ask"))]);
    const approve: CommandBody = { kind: "ApproveLanding", task_id: revertIds.task, digest: null };
    when(asked, approve, "operator").thenRefused("same-person");
    when(asked, approve, "somebody else").then("LandingApproved");
  });
});

describe("the task of a revert", () => {
  it("gives a revert's task its change from control, after which it continues like any change; no coder can start", () => {
    const planned = revertedAfter(0);
    const start = { ...(life["started"] as CommandOf<"StartRun">), task_id: revertIds.task, run_id: revertIds.run };
    when(planned, start).thenRefused("stale");
    when(planned, prepareRevert).then("RevertPrepared").owes("RunChecks");
    const [run] = revertedAfter(1).tasks[revertIds.task]?.runs ?? [];
    expect(run).toMatchObject({ run_id: revertIds.run, status: "captured", prompt: null, usage: { requests: 0 } });
    // The reverse: a coder's task can't get a prepared change.
    when(stateAfter("approved", initialState), { ...prepareRevert, task_id: ids.task } as never).thenRefused("stale");
    when(revertedAfter(1), { ...captured, task_id: revertIds.task } as never).thenRefused("stale");
  });

  it("starts no revert while its repository is paused", () => {
    const pause: CommandBody = { kind: "PauseRepository", repository: "repo" };
    when(stateAfterCommands(revertedAfter(0), [pause]), prepareRevert).thenRefused("stale");
  });

  it("holds a revert that would otherwise be repaired, and makes it again if only the branch moved", () => {
    const held = { hold_code: "HOLD-CHECKS-FAILED", hold_detail: "newly failing: old" } as const;
    when(revertedAfter(3), gatedRevert(decision("hold", held), repair)).then("GateDecided", "TaskHeld");
    const judged = stateAfter("gemini", initialState);
    when(judged, { ...gated("hold", held), repair } as CommandBody).then("GateDecided", "RepairStarted");

    const approved = stateAfterCommands(revertedAfter(3), [
      gatedRevert(decision("ask")),
      { kind: "ApproveLanding", task_id: revertIds.task, digest: null },
    ]);
    const moved = {
      kind: "RecordBaseConflict",
      task_id: revertIds.task,
      to: "6".repeat(40),
      why: "both",
      repair,
    } as const;
    when(approved, { ...moved, hold_id: revertIds.hold })
      .then("BaseConflicted")
      .owes("PrepareRun");
  });

  it("refuses instructions for a revert, because nobody writes its change", () => {
    const asked = stateAfterCommands(revertedAfter(3), [gatedRevert(decision("ask"))]);
    const words = { kind: "RequestChange", digest: null, words: "less", specification: blob("5") } as const;
    when(asked, { ...words, task_id: revertIds.task }).thenRefused("is-revert");
    const ordinary = stateAfter("gated", initialState, { gated: gated("ask") });
    when(ordinary, { ...words, task_id: ids.task }).then("SpecificationAmended", "ChangeRequested");
  });

  it("holds, retries and rejects a revert's task like any other", () => {
    const hold = { kind: "HoldTask", task_id: revertIds.task, code: "HOLD-REVERT", detail: "a.txt" } as const;
    const held = stateAfterCommands(revertedAfter(0), [{ ...hold, hold_id: revertIds.hold }]);
    when(held, { kind: "RetryTask", task_id: revertIds.task }).then("TaskRetried").owes("PrepareRun");
    when(held, { kind: "ReleaseHold", hold_id: revertIds.hold }).then("HoldReleased").owes("PrepareRun");
    when(held, rejected).then("TaskRejected");
  });
});

describe("a pull request that was merged as another tree", () => {
  const landing = stateAfter("landing", initialState, {
    landing: { ...life["landing"], head_ref: "refs/heads/aedev/x" } as CommandBody,
  });
  const merged = (tree: string): CommandBody => ({
    ...(life["landed"] as CommandOf<"RecordLanded">),
    merged: { pull_request: 1, tree },
    revert: revertTask,
  });

  it("takes back a merge whose tree was not judged without a request, up to the approval", () => {
    const differs = merged("d".repeat(40));
    when(landing, differs).then(
      ...(["LandedTreeDiffers", "ChangeLanded", "RevertRequested", "MissionSubmitted"] as const),
      ...(["MissionApproved", "TaskPlanned"] as const),
    );
    const state = stateAfterCommands(landing, [differs]);
    expect(state.tasks[ids.task]?.reverted_by).toMatchObject([{ cause: "tree-differs", task_id: revertIds.task }]);
    expect(kinds(state)).toEqual(["PrepareRun"]);
    when(landing, merged("c".repeat(40))).then("ChangeLanded");
    // A revert of another landing, or no revert, changes nothing else.
    for (const revert of [undefined, { ...revertTask, commit: "7".repeat(40) }, { ...revertTask, task_id: "t-other" }])
      when(landing, { ...differs, revert } as CommandBody).then("LandedTreeDiffers", "ChangeLanded");
  });
});

it("never lands a revert without a person's approval, for any commands in any order", () => {
  const commands: readonly CommandBody[] = [
    prepareRevert,
    ...revertSteps(),
    gatedRevert(decision("ask")),
    gatedRevert(decision("merge")),
    gatedRevert(decision("hold", { hold_code: "HOLD-RISK-HIGH" })),
    { kind: "ReleaseHold", hold_id: revertIds.hold },
    { kind: "RetryTask", task_id: revertIds.task },
    { ...(life["landing"] as CommandOf<"StartLanding">), task_id: revertIds.task },
    { ...(life["landed"] as CommandOf<"RecordLanded">), task_id: revertIds.task },
  ];
  let waited = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...commands), { minLength: 40, maxLength: 80 }), (order) => {
      let state = revertedAfter(0);
      for (const body of order) {
        try {
          state = stateAfterCommands(state, [body]);
        } catch {
          // Refused because it is out of date.
        }
      }
      const task = state.tasks[revertIds.task];
      if (task?.status === "asked") waited += 1;
      expect(["landing", "landed"]).not.toContain(task?.status);
      expect(task === undefined ? null : pullRequestUpkeep(task)).toBeNull();
    }),
  );
  expect(waited).toBeGreaterThan(0);
});

function revertSteps(): readonly CommandBody[] {
  const asked = revertedAfter(3);
  expect(asked.tasks[revertIds.task]?.status).toBe("judged");
  return [
    {
      kind: "RecordChecksResult",
      task_id: revertIds.task,
      run_id: revertIds.run,
      base_commit: "b".repeat(40),
      hold_id: revertIds.hold,
      result: { outcome: "checked", tree: "c".repeat(40), manifest: { schema: 1, parent: null, entries: {} } },
    },
    { ...(life["sealed"] as CommandOf<"SealEvidence">), task_id: revertIds.task, judgeable: false },
  ];
}
