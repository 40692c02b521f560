/**
 * Decides a command: the events that it causes, or a refusal. Pure, synchronous and total; an unknown id is a refusal like any other.
 *
 * Folder: the three functions: what a command changes, what an event means, what work is pending.
 */

import { decideApproval } from "./approval/decide-approval.ts";
import { decideIssue } from "./issue/decide-issue.ts";
import { decideCanary } from "./judges/decide-canary.ts";
import { eventsOfProbe } from "./judges/outage.ts";
import { reopenLane, withClosings } from "./lane/lane.ts";
import { decideMemory } from "./memory/memory.ts";
import { decideDraft } from "./mission/decide-draft.ts";
import { decideMission } from "./mission/decide-mission.ts";
import { orderMissions } from "./mission/order-missions.ts";
import { refuseInRemoved, removeRepository } from "./mission/remove-repository.ts";
import { decideReplacement } from "./mission/replace-plan.ts";
import { decidePlan } from "./mission/submit-plan.ts";
import { type Command, type CommandOf, deciderOf, refuse } from "./model/command.ts";
import { type Decision, events } from "./model/decision.ts";
import type { NewEvent } from "./model/event.ts";
import { entityById, type State } from "./model/state.ts";
import { decideBrowserSession } from "./operator/browser-sessions.ts";
import { decideOperator, refuseRemoved } from "./operator/operators.ts";
import { eventsOfCoderProbe } from "./outage/coder-outage.ts";
import { decidePhoneLink } from "./phone-link/phone-link.ts";
import { decideProposal } from "./proposal/proposals.ts";
import { decideSetUpRun } from "./set-up/set-up-run.ts";
import { decideTask } from "./task/decide-task.ts";
import { timeOutHold } from "./task/hold-timeout.ts";
import { decideOutcomes } from "./task/outcomes.ts";
import { decideWorkPause } from "./task/work-pause.ts";

/** The events of an accepted command (none if it changes nothing), or the refusal. */
export function decide(command: Command, state: State): Decision {
  const removed = refuseRemoved(command, state);
  if (removed !== null) return removed;
  switch (command.kind) {
    case "InitializeHome": {
      if (state.system.home_id !== null) return events();
      const { home_id, demo } = command;
      const data = { home_id, epoch: 1, ...(demo === undefined ? {} : { demo }) };
      return events({ stream: "system", type: "HomeInitialized", data });
    }
    case "AcceptLog": {
      const { epoch, position, hash, reason, faults } = command;
      if (epoch <= state.system.epoch)
        return refuse("not-valid", `the new epoch ${epoch} is not above ${state.system.epoch}`);
      return events({ stream: "system", type: "LogAccepted", data: { epoch, position, hash, reason, faults } });
    }
    case "RestoreHome": {
      const { epoch, position, hash, backed_up_at } = command;
      if (epoch <= state.system.epoch)
        return refuse("not-valid", `the new epoch ${epoch} is not above ${state.system.epoch}`);
      const restored = {
        stream: "system",
        type: "HomeRestored",
        data: { epoch, position, hash, backed_up_at },
      } as const;
      return events(restored, ...pausesOfLandings(command, state));
    }
    case "ExpireBlobs": {
      const { manifest, count, size_bytes, ended_before } = command;
      return events({ stream: "system", type: "BlobsExpired", data: { manifest, count, size_bytes, ended_before } });
    }
    case "LoadPolicy": {
      const { digest, policy, approvals } = command;
      return state.system.policy_digest === digest
        ? events()
        : events({ stream: "system", type: "PolicyLoaded", data: { digest, policy, approvals } });
    }
    case "AddOperator":
    case "RemoveOperator":
      return decideOperator(command, state);
    case "StartPlane": {
      const generation = state.system.generations[command.plane] + 1;
      return events({ stream: "system", type: "PlaneStarted", data: { plane: command.plane, generation } });
    }
    case "StartDaemon":
      return events({ stream: "system", type: "DaemonStarted", data: { after_death: command.after_death } });
    case "FixBaseBranch": {
      const { repository, ref, head } = command;
      const known = entityById(state.repositories, repository);
      if (known === undefined || known.base !== undefined || known.target === "task-branch") return events();
      return events({ stream: `repository/${known.name}`, type: "BaseBranchFixed", data: { ref, head } });
    }
    case "ConfigureRepository":
    case "PauseRepository":
    case "ResumeRepository":
    case "PauseLandings":
    case "ResumeLandings":
      return decideRepository(command, state);
    case "PauseWork":
    case "ResumeWork":
      return decideWorkPause(command, state);
    case "RemoveRepository":
      return removeRepository(command, state);
    case "ConfigureNotifier":
      return (state.system.notifier?.digest ?? null) === command.digest
        ? events()
        : events({ stream: "system", type: "NotifierConfigured", data: { digest: command.digest } });
    case "RecordRepliesDropped":
      return events({ stream: "system", type: "RepliesDropped", data: { period_ms: command.period_ms } });
    case "RecordWebhookRefusal": {
      const { why, count, delivery } = command;
      const data = { why, count, ...(delivery === undefined ? {} : { delivery }) };
      return events({ stream: "system", type: "WebhookRefused", data });
    }
    case "RequestApproval":
    case "UseApproval":
    case "RecordPush":
      return decideApproval(command, state, decide);
    case "RecordOutcomes":
      return withClosings(decideOutcomes(command, state), command, state);
    case "JudgeOutcome":
      return withClosings(decideTask(command, state), command, state);
    case "ReopenLane":
      return reopenLane(command, state);
    case "StartBrowserSession":
    case "EndBrowserSession":
      return decideBrowserSession(command, state);
    case "MakePhoneLink":
    case "RevokePhoneLink":
    case "SubmitByLink":
      return decidePhoneLink(command, state, decide);
    case "RecordProposals":
    case "AcceptProposal":
    case "RejectProposal":
    case "ResumeProposalSource":
      return decideProposal(command, state, decide);
    case "AddRule":
    case "RemoveRule":
    case "AcceptLesson":
    case "RejectLesson":
    case "RemoveLesson":
    case "ExpireLessons":
      return decideMemory(command, state);
    case "TimeOutHold":
      return timeOutHold(command, state);
    case "RecordVendorProbe":
      return events(...eventsOfProbe(state, { family: command.family, by: command.actor }));
    case "RecordCoderVendorProbe":
      return events(...eventsOfCoderProbe(state, command.actor));
    case "OrderMissions":
      return orderMissions(command, state);
    case "RequestAudit":
    case "PlantCanary":
    case "RecordCanaryVerdict":
      return decideCanary(command, state);
    case "RequestDraft":
    case "EndDraft":
    case "AcceptDraft":
      return decideDraft(command, state);
    case "RequestSetUpRun":
    case "CancelSetUpRun":
    case "EndSetUpRun":
      return decideSetUpRun(command, state);
    case "RefuseIssue":
    case "RecordIssueComment":
    case "RefuseIssueAnswer":
      return decideIssue(command, state);
    case "SubmitPlan":
      return decidePlan(command, state);
    case "ReplacePlan":
      return decideReplacement(command, state);
    case "SubmitMission":
    case "AnswerMission":
    case "SendBackMission":
    case "ApproveMission":
    case "RejectMission":
    case "UpdateMission":
    case "CancelMission":
      return decideMission(command, state);
    default:
      return refuseInRemoved(command, state) ?? decideTask(command, state);
  }
}

/** Work that was open when the backup was made may have been cancelled since, so its landings wait until a person resumes them. */
function pausesOfLandings(command: CommandOf<"RestoreHome">, { repositories, tasks }: State): NewEvent[] {
  const open = new Set(Object.values(tasks).map(({ repository }) => repository));
  return Object.values(repositories)
    .filter(({ name, landings_paused, removed }) => open.has(name) && landings_paused !== true && removed !== true)
    .map(({ name }) => ({ stream: `repository/${name}`, type: "LandingPaused", data: deciderOf(command) }));
}

function decideRepository(
  command: CommandOf<
    "ConfigureRepository" | "PauseRepository" | "ResumeRepository" | "PauseLandings" | "ResumeLandings"
  >,
  state: State,
): Decision {
  if (command.kind === "ConfigureRepository") {
    const { name, url, target, settings, profile, allow_writes, landing, base, trial, ...more } = command;
    return events({
      stream: `repository/${name}`,
      type: "RepositoryConfigured",
      data: {
        name,
        url,
        target,
        settings,
        profile,
        allow_writes,
        ...(landing === undefined ? {} : { landing }),
        ...(base === undefined ? {} : { base }),
        ...(more.commit_template === undefined ? {} : { commit_template: more.commit_template }),
        ...(more.branch_prefix === undefined ? {} : { branch_prefix: more.branch_prefix }),
        trial,
      },
    });
  }
  const repository = entityById(state.repositories, command.repository);
  if (repository === undefined)
    return refuse("unknown-repository", `there is no repository named ${command.repository}`, "aedev repo list");
  const on = { stream: `repository/${repository.name}`, data: deciderOf(command) };
  if (command.kind === "PauseLandings" || command.kind === "ResumeLandings") {
    const isPause = command.kind === "PauseLandings";
    if ((repository.landings_paused === true) === isPause) return events();
    return events({ ...on, type: isPause ? "LandingPaused" : "LandingResumed" });
  }
  const pause = command.kind === "PauseRepository";
  if (repository.paused === pause) return events();
  const type = pause ? "RepositoryPaused" : "RepositoryResumed";
  return events({ ...on, type });
}
