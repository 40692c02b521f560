/** Maps each kind of work to its performer, loaded with its first work item. Work on one repository's git runs one item at a time. */
import type { CommandBody, State, TaskWork } from "@aedev/core";
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

export function createPerform({
  control,
  planes,
  notifier,
  canaries,
}: {
  control: Control;
  planes: Planes;
  notifier: Pick<Notifier, "send">;
  canaries: Pick<CanaryWorker, "perform">;
}): Perform {
  const serialized = createKeyedMutex();
  const inRepository = (state: State, work: TaskWork, job: () => Promise<CommandBody | Deferred | null>) =>
    serialized(requiredTask(state, work.task_id).repository, job);
  return async (work, state) => {
    switch (work.kind) {
      case "PrepareRun": {
        const isRevert = requiredTask(state, work.task_id).reverts !== undefined;
        // Taking a change back asks no model, and can't wait for the night.
        const opening = isRevert ? null : opensAt(control.configuration.schedule.runWindow, new Date());
        if (opening !== null) return { kind: "Deferred", atMs: opening.getTime() };
        const atMs = isRevert ? null : waitsForRoom(requiredTask(state, work.task_id), control);
        if (atMs !== null) return { kind: "Deferred", atMs };
        const { prepareRun } = await import("../work/prepare-run.ts");
        return inRepository(state, work, () => prepareRun(work.task_id, control));
      }
      case "SealEvidence": {
        const { sealEvidence } = await import("../work/seal-evidence.ts");
        return inRepository(state, work, () => sealEvidence(work.task_id, control));
      }
      case "LandChange": {
        const { landChange } = await import("../work/land-change.ts");
        return inRepository(state, work, () => landChange(work.task_id, control));
      }
      case "OpenDraft": {
        const { openDraftPullRequest } = await import("../work/open-draft.ts");
        return inRepository(state, work, () => openDraftPullRequest(work.task_id, control));
      }
      case "DecideGate": {
        const { decideGate } = await import("../work/decide-gate.ts");
        const waits_for_window = opensAt(control.configuration.schedule.runWindow, new Date()) !== null;
        return decideGate(work.task_id, { waits_for_window }, control);
      }
      case "ClosePullRequest":
      case "SuspendPullRequest": {
        const { upkeepPullRequest } = await import("../work/pull-request-upkeep.ts");
        const { repository } = requiredTask(state, work.of_task);
        return serialized(repository, () => upkeepPullRequest(work.of_task, control));
      }
      case "FollowDraft": {
        const { followDraft } = await import("../work/follow-draft.ts");
        const { repository } = requiredTask(state, work.of_task);
        return serialized(repository, () => followDraft(work.of_task, control));
      }
      case "RequestApproval": {
        const { requestApproval } = await import("../phone/request-approval.ts");
        return requestApproval(work.subject, control);
      }
      case "SendPush": {
        if (work.notice.about.kind === "hold") {
          const { offerRaise } = await import("../phone/offer-raise.ts");
          await offerRaise(work.notice.about, control);
        }
        return notifier.send(work.notice);
      }
      case "WatchLandings": {
        const { watchLandings } = await import("../work/watch-landings.ts");
        return watchLandings(work.repository, control);
      }
      case "CommentIssue": {
        const { commentOnIssue } = await import("../issues/comment-on-issue.ts");
        return serialized(`issue of ${work.mission_id}`, () => commentOnIssue(work, control));
      }
      case "ResumeHold":
        return { kind: "ReleaseHold", hold_id: work.hold_id };
      case "ProbeCause": {
        const { requireCauseGone } = await import("../work/probe-cause.ts");
        await requireCauseGone(work, { state, control });
        return { kind: "ReleaseHold", hold_id: work.hold_id };
      }
      case "ProbeVendor": {
        const { probeVendor } = await import("./probe-vendor.ts");
        return probeVendor(work, { control, planes });
      }
      case "ProbeCoderVendor": {
        const { probeCoderVendor } = await import("./probe-vendor.ts");
        return probeCoderVendor(work, planes);
      }
      case "TimeOutHold":
        return { kind: "TimeOutHold", hold_id: work.hold_id, action: work.action };
      case "RestoreChange":
        return { kind: "RestoreChange", task_id: work.task_id };
      case "PlantCanary":
      case "JudgeCanary":
        // Measuring the judges can wait for another day's budget.
        if (isDayUsedUp(control)) return { kind: "Deferred", atMs: Date.parse(nextMidnight()) };
        return canaries.perform(work, state, planes);
      case "DraftMission": {
        const { draftMission } = await import("./draft-work.ts");
        return draftMission(work, { state, control, planes, serialized });
      }
      case "SetUpRepository": {
        const { setUpRepository } = await import("./set-up-work.ts");
        return setUpRepository(work, { state, control, planes, serialized });
      }
      case "RunCoder":
      case "RunChecks":
      case "ProbeEngine":
      case "JudgeEvidence":
        return performByPlane(work, state, { control, planes });
    }
  };
}
