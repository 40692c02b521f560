/** A change that another task has landed lands again only if a person wants that. */
import { describe, expect, it } from "vitest";
import { initialState, isNewsToGate, sameChanges } from "../../src/index.ts";
import type { CommandBody, CommandOf } from "../../src/model/command.ts";
import type { State, TaskState } from "../../src/model/state.ts";
import {
  captured,
  checked,
  gated,
  given,
  ids,
  life,
  sealed,
  someInstant,
  startLanding,
  startRun,
  stateAfter,
  stateAfterCommands,
  storyCommand,
  verdictOf,
} from "../../src/testing/index.ts";
import { revertedAfter, revertIds } from "./reverts.ts";

const mission = "m-bbbbbbbbbbbbbbbb";
const task = "t-bbbbbbbbbbbbbbbb";
const run = "r-bbbbbbbbbbbbbbbb";
const [patch, otherPatch] = ["2".repeat(64), "3".repeat(64)];
const first = { patch_digest: patch };
const own = (body: CommandBody | undefined) => ({ ...body, task_id: task, run_id: run }) as CommandBody;
const when = (state: State, body: CommandBody) => given([], state).when(storyCommand(body));

/** A state in which the first task has landed its change and the second has sealed its own, with this decision. */
function secondAfter(from: State, evidence: object, decision: CommandBody = gated("merge")): State {
  return stateAfterCommands(from, [
    { ...(life["submitted"] as CommandOf<"SubmitMission">), mission_id: mission },
    { kind: "ApproveMission", mission_id: mission, spec_digest: null, task_id: task },
    own(startRun),
    own(captured),
    own(checked),
    own(sealed({ run_id: run as never, ...evidence })),
    own({ kind: "RecordVerdict", task_id: task, verdict: verdictOf("openai", "pass") }),
    own({ kind: "RecordVerdict", task_id: task, verdict: verdictOf("gemini", "pass") }),
    own(decision),
  ]);
}
const landed = (change: object = first) => stateAfter("landed", initialState, { sealed: sealed(change) });
const named = gated("ask", { reasons: [{ kind: "same-change", task: ids.task, commit: "9".repeat(40) }] });
const same = (state: State) => sameChanges(state, state.tasks[task] as TaskState).map(({ task_id }) => task_id);

describe("the same change", () => {
  it("recognizes a change with the same content or the same patch as the same, but not one with other lines", () => {
    expect(same(secondAfter(landed(), { patch_digest: patch, content_digest: "4".repeat(64) }))).toEqual([ids.task]);
    expect(same(secondAfter(landed({}), {}))).toEqual([ids.task]);
    expect(same(secondAfter(landed(), { patch_digest: otherPatch, content_digest: "4".repeat(64) }))).toEqual([]);
  });

  it("compares a change once the other landing has started, but not one in another repository or one that has not landed", () => {
    expect(same(secondAfter(stateAfter("landing", initialState), {}))).toEqual([ids.task]);
    expect(same(secondAfter(stateAfter("gated", initialState), {}))).toEqual([]);
    const landing = secondAfter(stateAfter("landing", initialState), {});
    const begun = landing.tasks[ids.task] as TaskState;
    const draft = { ...begun, landing: { ...begun.landing, draft: true } } as TaskState;
    expect(same({ ...landing, tasks: { ...landing.tasks, [ids.task]: draft } })).toEqual([]);
    const state = secondAfter(landed(), {});
    const elsewhere = { ...(state.tasks[ids.task] as TaskState), repository: "other" as never };
    expect(same({ ...state, tasks: { ...state.tasks, [ids.task]: elsewhere } })).toEqual([]);
  });

  it("stops comparing a change once its revert has landed, and never compares a revert", () => {
    const asked = secondAfter(revertedAfter(0, landed()), {});
    expect(same(asked)).toEqual([ids.task]);
    const revert = { ...(asked.tasks[revertIds.task] as TaskState), landed_commit: "7".repeat(40) };
    expect(same({ ...asked, tasks: { ...asked.tasks, [revertIds.task]: revert } })).toEqual([]);
    const first = asked.tasks[ids.task] as TaskState;
    const from = { kind: "check", name: "ci", url: null, before: "passed" } as const;
    const outcome = { task_id: first.task_id, commit: "9".repeat(40), outcome: "gone", evidence: from } as const;
    const gone: TaskState = { ...first, outcomes: [{ ...outcome, by: "aedev", at: someInstant }] };
    expect(same({ ...asked, tasks: { ...asked.tasks, [ids.task]: gone } })).toEqual([]);
    const sealedRevert = revertedAfter(3, landed());
    expect(sameChanges(sealedRevert, sealedRevert.tasks[revertIds.task] as TaskState)).toEqual([]);
  });
});

describe("a landing", () => {
  it("does not start a landing if the same change has landed since the decision; the decision is made again, and asks", () => {
    const merging = secondAfter(landed(), {});
    expect(merging.tasks[task]?.status).toBe("landing");
    when(merging, own(startLanding)).thenRefused("stale");
    when(merging, own(gated("merge"))).thenRefused("stale");
    const asked = stateAfterCommands(merging, [own(named)]);
    expect(asked.tasks[task]).toMatchObject({ status: "asked", approval: null });
    const approved = stateAfterCommands(asked, [{ kind: "ApproveLanding", task_id: task, digest: null }]);
    when(approved, own(startLanding)).then("LandingStarted");
  });

  it("starts a landing for another change, and for one whose twin is known to be undone on the branch", () => {
    when(secondAfter(landed(), { content_digest: "4".repeat(64) }), own(startLanding)).then("LandingStarted");
    const undone = { ...own(startLanding), undone: [ids.task] } as CommandBody;
    const started = when(secondAfter(landed(), {}), undone);
    started.then("LandingStarted");
    expect(started.events[0]?.data).not.toHaveProperty("undone");
  });

  it("asks again about an approved landing if the same change landed after the approval", () => {
    const ask = stateAfterCommands(secondAfter(landed(), {}, gated("ask")), [
      { kind: "ApproveLanding", task_id: task, digest: null },
    ]);
    when(ask, own(startLanding)).thenRefused("stale");
    const again = stateAfterCommands(ask, [own(named)]).tasks[task];
    expect(again).toMatchObject({ status: "asked", approval: null });
    expect(isNewsToGate(again as TaskState, [{ task_id: ids.task } as TaskState])).toBe(false);
    expect(isNewsToGate(again as TaskState, [{ task_id: "t-third" } as TaskState])).toBe(true);
  });

  it("does not decide a landing again once it has started", () => {
    const begun = stateAfterCommands(secondAfter(landed({ content_digest: "4".repeat(64) }), {}), [own(startLanding)]);
    when(begun, own(named)).thenRefused("stale");
  });
});
