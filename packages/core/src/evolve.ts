/** Applies an event to the state. It handles every event and refuses none, because each event in the log has happened. */

import type { EventData } from "@aedev/contracts/events";
import { evolveIssue, withRefusedLabel } from "./issue/evolve-issue.ts";
import { evolveOutages } from "./judges/outage.ts";
import { evolveLane } from "./lane/lane.ts";
import { withMergedAlone } from "./lane/merged-alone.ts";
import { evolveMemory, memoryAfterSettings } from "./memory/memory.ts";
import { evolvePlan, withApproval, withUpdate } from "./mission/evolve-plan.ts";
import { withEntity } from "./model/entities.ts";
import type { FoldedEvent } from "./model/event.ts";
import {
  type DraftState,
  type EntityKind,
  type EntityOfKind,
  entityById,
  entityOf,
  initialState,
  type MissionState,
  nothingPlanted,
  type PastState,
  type State,
  type SystemState,
  stageOf,
  type TaskState,
  withPush,
} from "./model/state.ts";
import { evolveBrowserSessions } from "./operator/browser-sessions.ts";
import { withPersons } from "./operator/decisions.ts";
import { evolveOperators } from "./operator/operators.ts";
import { evolvePhoneLinks } from "./phone-link/phone-link.ts";
import { evolveProposals, keptProposals } from "./proposal/proposals.ts";
import { evolveSetUpRuns } from "./set-up/set-up-run.ts";
import { evolveTask } from "./task/evolve-task.ts";
import { evolveWatched } from "./task/outcomes.ts";
import { plannedTask } from "./task/planned-task.ts";

/** The state after `event`. Only the entity of the event's stream and the counts of the past change. */
export function evolve(state: State, event: FoldedEvent): State {
  const { kind, id } = entityOf(event.stream);
  if (kind === "system") return { ...state, system: evolvers.system(state.system, event) };
  const entity = evolveEntity(kind, state[kind][id], event);
  const entities = withEntity<unknown>(state[kind], id, entity);
  return { ...state, past: withLanding(evolvePast(state, event), entity, event), [kind]: entities };
}

const evolvers: {
  readonly [K in EntityKind]: (entity: EntityOfKind[K] | undefined, event: FoldedEvent) => EntityOfKind[K];
} = {
  system(system = initialState.system, event) {
    switch (event.type) {
      case "HomeInitialized":
        return { ...system, ...event.data };
      case "LogAccepted":
      case "HomeRestored":
        return { ...system, epoch: event.data.epoch };
      case "PolicyLoaded":
        return withPolicy(system, event.data);
      case "OperatorAdded":
      case "OperatorRemoved":
        return evolveOperators(system, event);
      case "PlaneStarted":
        return { ...system, generations: { ...system.generations, [event.data.plane]: event.data.generation } };
      case "NotifierConfigured": {
        const { digest } = event.data;
        return { ...system, notifier: digest === null ? null : { digest, since: event.recorded_at } };
      }
      case "WorkPaused":
        return { ...system, pause: { since: event.recorded_at, stop_runs: event.data.stop_runs } };
      case "MissionsOrdered":
        return { ...system, start_order: event.data.missions };
      case "WorkResumed": {
        const { pause: _pause, ...rest } = system;
        return { ...rest, resumed_at: event.recorded_at };
      }
      case "PushSent":
        return { ...system, pushes: withPush(system.pushes ?? [], event) };
      case "BlobsExpired":
      case "DaemonStarted":
      case "RepliesDropped":
      case "WebhookRefused":
        return system;
      case "SetUpRunRequested":
      case "SetUpRunCancelled":
      case "SetUpRunEnded":
        return evolveSetUpRuns(system, event);
      case "JudgeUnavailable":
      case "JudgeAvailable":
        return evolveOutages(system, event);
      case "BrowserSessionStarted":
      case "BrowserSessionEnded":
        return evolveBrowserSessions(system, event);
      case "PhoneLinkMade":
      case "PhoneLinkRevoked":
        return evolvePhoneLinks(system, event);
      default:
        return throwMisplaced(event);
    }
  },
  repositories(repository, event) {
    if (event.type === "RepositoryConfigured") {
      const before = repository?.removed === true ? undefined : repository;
      const { paused = false, landings_paused, watched, lanes, refused_labels } = before ?? {};
      return {
        ...event.data,
        paused,
        ...(landings_paused === undefined ? {} : { landings_paused }),
        ...(watched === undefined ? {} : { watched }),
        ...(lanes === undefined ? {} : { lanes }),
        ...(refused_labels === undefined ? {} : { refused_labels }),
        ...keptProposals(before),
        ...(before === undefined ? {} : memoryAfterSettings(before, event.data.settings)),
      };
    }
    if (repository === undefined) return throwMisplaced(event);
    if (event.type === "IssueRefused") return withRefusedLabel(repository, event.data);
    if (event.type === "BaseBranchFixed") return { ...repository, base: event.data };
    if (event.type === "RepositoryRemoved") return { ...repository, removed: true };
    if (event.type === "RepositoryPaused") return { ...repository, paused: true };
    if (event.type === "RepositoryResumed") return { ...repository, paused: false };
    if (event.type === "LandingPaused") return { ...repository, landings_paused: true };
    if (event.type === "LandingResumed") {
      const { landings_paused: _paused, ...rest } = repository;
      return rest;
    }
    if (event.type === "LandingWatched" || event.type === "WatchedLandingObserved")
      return evolveWatched(repository, event);
    if (event.type === "LaneClosed" || event.type === "LaneReopened" || event.type === "PushSent")
      return evolveLane(repository, event);
    if (
      event.type === "MissionProposed" ||
      event.type === "ProposalAccepted" ||
      event.type === "ProposalRejected" ||
      event.type === "ProposalEnded" ||
      event.type === "ProposalSourceResumed"
    )
      return evolveProposals(repository, event);
    if (
      event.type === "RuleAdded" ||
      event.type === "RuleRemoved" ||
      event.type === "LessonAccepted" ||
      event.type === "LessonRejected" ||
      event.type === "LessonRemoved" ||
      event.type === "LessonExpired"
    )
      return evolveMemory(repository, event);
    return throwMisplaced(event);
  },
  missions(mission, event) {
    if (event.type === "MissionSubmitted") {
      const stage = stageOf(event.data.clarity);
      return { ...event.data, stage, answers: [], pushes: [], task_ids: [], submitted_at: event.recorded_at };
    }
    if (mission === undefined) return throwMisplaced(event);
    switch (event.type) {
      case "ClarificationAnswered":
      case "MissionSentBack": {
        const { clarity, criteria, specification, clarified_spec, answers } = event.data;
        const all = [...mission.answers, ...answers];
        const answered = { ...mission, stage: stageOf(clarity), clarity, criteria, specification, clarified_spec };
        return evolveIssue({ ...answered, answers: all }, event);
      }
      case "IssueCommented":
      case "IssueAnswerRefused":
        return evolveIssue(mission, event);
      case "DraftRequested": {
        const draft = { ...event.data, asked_at: event.recorded_at, ended: null, accepted: false };
        return { ...mission, drafts: [...(mission.drafts ?? []), draft] };
      }
      case "DraftEnded":
        return { ...mission, drafts: changedDrafts(mission, event.data.run_id, { ended: event.data }) };
      case "DraftAccepted": {
        const { clarity, criteria, specification, clarified_spec, answers, run_id } = event.data;
        const all = [...mission.answers, ...answers];
        const drafts = changedDrafts(mission, run_id, { accepted: true });
        return {
          ...mission,
          stage: stageOf(clarity),
          clarity,
          criteria,
          specification,
          clarified_spec,
          answers: all,
          drafts,
        };
      }
      case "MissionPlanned":
      case "PlanPartClarified":
      case "PlanReplaced":
        return evolvePlan(mission, event);
      case "MissionUpdated":
        return withUpdate(mission, event.data);
      case "SpecificationAmended":
        return { ...mission, specification: event.data.specification };
      case "MissionApproved":
        return withApproval(mission, event.data);
      case "MissionRejected":
        return evolveIssue({ ...mission, stage: "rejected" }, event);
      case "MissionCancelled":
        return { ...mission, stage: "cancelled" };
      case "PushSent":
        return { ...mission, pushes: withPush(mission.pushes, event) };
      default:
        return throwMisplaced(event);
    }
  },
  tasks(task, event) {
    if (event.type === "TaskPlanned") return plannedTask(event.data, event.recorded_at);
    if (task === undefined) return throwMisplaced(event);
    return evolveTask(task, event);
  },
  approvals(approval, event) {
    if (event.type === "ApprovalRequested")
      return { ...event.data, requested_at: event.recorded_at, used: null, pushed_at: null };
    if (approval === undefined) return throwMisplaced(event);
    if (event.type === "ApprovalUsed") return { ...approval, used: { ...event.data, at: event.recorded_at } };
    if (event.type === "PushSent") return { ...approval, pushed_at: event.recorded_at };
    return throwMisplaced(event);
  },
  canaries(canary, event) {
    if (event.type === "CanaryPlanted") return { ...event.data, verdicts: [], planted_at: event.recorded_at };
    if (canary === undefined || event.type !== "CanaryJudged") return throwMisplaced(event);
    return { ...canary, verdicts: [...canary.verdicts, event.data.verdict] };
  },
  audits(_audit, event) {
    if (event.type !== "AuditRequested") return throwMisplaced(event);
    return { ...event.data, requested_at: event.recorded_at };
  },
};

/** One entity after an event of its stream; `undefined` before the first. It depends on no other entity, so a log can be folded stream by stream. */
export function evolveEntity<K extends EntityKind>(
  kind: K,
  entity: EntityOfKind[K] | undefined,
  event: FoldedEvent,
): EntityOfKind[K] {
  return withPersons(evolvers[kind](entity, event), event);
}

function withPolicy(
  { approvals: _former, ...system }: SystemState,
  { digest, policy, approvals }: EventData<"PolicyLoaded">,
): SystemState {
  return { ...system, policy_digest: digest, policy, ...(approvals === undefined ? {} : { approvals }) };
}

function changedDrafts(
  { drafts = [] }: MissionState,
  runId: string,
  change: Partial<DraftState>,
): readonly DraftState[] {
  return drafts.map((draft) => (draft.run_id === runId ? { ...draft, ...change } : draft));
}

function evolvePast({ past, tasks }: State, event: FoldedEvent): PastState {
  if (event.type === "RunStarted" || event.type === "RevertPrepared") {
    const repository = tasks[entityOf(event.stream).id]?.repository ?? "";
    const latest = entityById(past.served, repository) ?? "";
    if (latest >= event.recorded_at) return past;
    return { ...past, served: { ...past.served, [repository]: event.recorded_at } };
  }
  if (event.type !== "CanaryPlanted" || event.data.audit_id === null) return past;
  const { audit_id, planted: kind } = event.data;
  const before = past.planted[audit_id] ?? nothingPlanted;
  return { ...past, planted: { ...past.planted, [audit_id]: { ...before, [kind]: before[kind] + 1 } } };
}

/** The past with a landing that no person approved, or with what became of it. */
function withLanding(past: PastState, entity: EntityOfKind[EntityKind], { type }: FoldedEvent): PastState {
  if (type !== "ChangeLanded" && type !== "OutcomeObserved") return past;
  const merged = withMergedAlone(past.merged, entity as TaskState);
  return merged === past.merged ? past : { ...past, merged };
}

function throwMisplaced(event: { type: string; stream?: string }): never {
  throw new TypeError(`event ${event.type} does not belong on the stream ${event.stream ?? "it is on"}`);
}
