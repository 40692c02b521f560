/** The performer of each kind of work, loaded with its first work item. Work on one repository's git runs one item at a time. */
import type { CommandBody, State, Work } from "@aedev/core";
import { createKeyedMutex } from "@aedev/host/keyed-mutex";
import type { CanaryWorker } from "../canary/canary-worker.ts";
import { opensAt } from "../configuration/run-window.ts";
import { type Control, requiredTask } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import type { Notifier } from "../phone/notifier.ts";
import type { Planes } from "../planes/planes.ts";
import { isDayUsedUp, nextMidnight, waitsForRoom } from "../work/budgets.ts";
import type { Perform } from "./loop.ts";
import { performByPlane } from "./plane-work.ts";

interface Performing {
  readonly control: Control;
  readonly planes: Planes;
  readonly notifier: Pick<Notifier, "send">;
  readonly canaries: Pick<CanaryWorker, "perform">;
}
type Result = Promise<CommandBody | Deferred | null>;
type Performer<W extends Work> = (
  work: W,
  state: State,
  using: Performing & { readonly serialized: ReturnType<typeof createKeyedMutex> },
) => Result;
type Using = Parameters<Performer<Work>>[2];

/** Does the job while no other one works on the repository's git. */
function inRepository(taskId: string, state: State, { serialized }: Using, job: () => Result): Result {
  return serialized(requiredTask(state, taskId).repository, job);
}

async function upkeep({ of_task }: { readonly of_task: string }, state: State, using: Using): Result {
  const { upkeepPullRequest } = await import("../work/pull-request-upkeep.ts");
  return inRepository(of_task, state, using, () => upkeepPullRequest(of_task, using.control));
}

/** Measuring the judges can wait until another day's budget. */
async function measureJudges(work: Parameters<CanaryWorker["perform"]>[0], state: State, using: Using): Result {
  if (isDayUsedUp(using.control)) return { kind: "Deferred", atMs: Date.parse(nextMidnight()) };
  return using.canaries.perform(work, state, using.planes);
}

const performers: { readonly [K in Work["kind"]]: Performer<Work & { readonly kind: K }> } = {
  async PrepareRun({ task_id }, state, using) {
    const { control } = using;
    const task = requiredTask(state, task_id);
    const isRevert = task.reverts !== undefined;
    // A revert asks no model, and must not wait for the night.
    const opening = isRevert ? null : opensAt(control.configuration.schedule.runWindow, new Date());
    if (opening !== null) return { kind: "Deferred", atMs: opening.getTime() };
    const atMs = isRevert ? null : waitsForRoom(task, control);
    if (atMs !== null) return { kind: "Deferred", atMs };
    const { prepareRun } = await import("../work/prepare-run.ts");
    return inRepository(task_id, state, using, () => prepareRun(task_id, control));
  },
  RunCoder: performByPlane,
  RunChecks: performByPlane,
  ProbeEngine: performByPlane,
  JudgeEvidence: performByPlane,
  async SealEvidence({ task_id }, state, using) {
    const { sealEvidence } = await import("../work/seal-evidence.ts");
    return inRepository(task_id, state, using, () => sealEvidence(task_id, using.control));
  },
  async DecideGate({ task_id }, _state, { control }) {
    const { decideGate } = await import("../work/decide-gate.ts");
    const waits_for_window = opensAt(control.configuration.schedule.runWindow, new Date()) !== null;
    return decideGate(task_id, { waits_for_window }, control);
  },
  async LandChange({ task_id }, state, using) {
    const { landChange } = await import("../work/land-change.ts");
    return inRepository(task_id, state, using, () => landChange(task_id, using.control));
  },
  async OpenDraft({ task_id }, state, using) {
    const { openDraftPullRequest } = await import("../work/open-draft.ts");
    return inRepository(task_id, state, using, () => openDraftPullRequest(task_id, using.control));
  },
  ClosePullRequest: upkeep,
  SuspendPullRequest: upkeep,
  async FollowDraft({ of_task }, state, using) {
    const { followDraft } = await import("../work/follow-draft.ts");
    return inRepository(of_task, state, using, () => followDraft(of_task, using.control));
  },
  async RequestApproval({ subject }, _state, { control }) {
    const { requestApproval } = await import("../phone/request-approval.ts");
    return requestApproval(subject, control);
  },
  async SendPush({ notice }, _state, { control, notifier }) {
    if (notice.about.kind === "hold") {
      const { offerRaise } = await import("../phone/offer-raise.ts");
      await offerRaise(notice.about, control);
    }
    return notifier.send(notice);
  },
  async WatchLandings({ repository }, _state, { control }) {
    const { watchLandings } = await import("../work/watch-landings.ts");
    return watchLandings(repository, control);
  },
  async CommentIssue(work, _state, { control, serialized }) {
    const { commentOnIssue } = await import("../issues/comment-on-issue.ts");
    return serialized(`issue of ${work.mission_id}`, () => commentOnIssue(work, control));
  },
  ResumeHold: async ({ hold_id }) => ({ kind: "ReleaseHold", hold_id }),
  TimeOutHold: async ({ hold_id, action }) => ({ kind: "TimeOutHold", hold_id, action }),
  RestoreChange: async ({ task_id }) => ({ kind: "RestoreChange", task_id }),
  async ProbeCause(work, state, { control }) {
    const { requireCauseGone } = await import("../work/probe-cause.ts");
    await requireCauseGone(work, { state, control });
    return { kind: "ReleaseHold", hold_id: work.hold_id };
  },
  async ProbeVendor(work, _state, using) {
    const { probeVendor } = await import("./probe-vendor.ts");
    return probeVendor(work, using);
  },
  async ProbeCoderVendor(work, _state, { planes }) {
    const { probeCoderVendor } = await import("./probe-vendor.ts");
    return probeCoderVendor(work, planes);
  },
  PlantCanary: measureJudges,
  JudgeCanary: measureJudges,
  async DraftMission(work, state, using) {
    const { draftMission } = await import("./draft-work.ts");
    return draftMission(work, { state, ...using });
  },
  async SetUpRepository(work, state, using) {
    const { setUpRepository } = await import("./set-up-work.ts");
    return setUpRepository(work, { state, ...using });
  },
};

export function createPerform(performing: Performing): Perform {
  const using: Using = { ...performing, serialized: createKeyedMutex() };
  return (work, state) => (performers[work.kind] as Performer<Work>)(work, state, using);
}
