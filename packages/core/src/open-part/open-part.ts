/**
 * Decides which entities stay in the state: those that can still change, and the entities that these need. Pure: a function of the log, so the result is
 * the same after a restart or rebuild.
 *
 * Folder: which entities can still change, and which a command is about.
 */

import type { DomainEvent } from "@aedev/contracts/events";
import { newestAudit } from "../judges/pending-canaries.ts";
import { pullRequestUpkeep } from "../landing/upkeep.ts";
import { keptEntities } from "../model/entities.ts";
import type { NewEvent } from "../model/event.ts";
import { accompaniedBundle } from "../model/fallback-change.ts";
import { isIssueOpen } from "../model/issue-state.ts";
import {
  type CanaryState,
  endedStatuses,
  entitiesOf,
  entityOf,
  isUndecided,
  openDraft,
  type State,
  type SystemState,
  type TaskState,
} from "../model/state.ts";
import { unsentNotices } from "../notice/notices.ts";

/** Whether a task has not ended, its pull request still has to be closed, or a push about its end is pending. */
function isOpenTask(task: TaskState, notifier: SystemState["notifier"]): boolean {
  if (pullRequestUpkeep(task) !== null) return true;
  return !endedStatuses.includes(task.status) || (notifier !== null && unsentNotices(task, notifier.since).length > 0);
}

/** Whether a requested family has not answered yet. */
export function isOpenCanary({ verdict_nonces, verdicts }: CanaryState): boolean {
  return Object.keys(verdict_nonces).some((asked) => !verdicts.some(({ family }) => family === asked));
}

/** Whether this event may let an entity leave the state. `state`: the state after all events that are considered together. */
export function mayEnd({ type, stream }: Pick<NewEvent, "type" | "stream">, state: State): boolean {
  if (!endingTypes.has(type)) return false;
  // These events only end canaries that accompany the task's bundle.
  if (type === "RunStarted" || type === "EvidenceSealed" || type === "ChangeRestored")
    return entitiesOf(state.canaries).length > 0;
  const { kind, id } = entityOf(stream);
  if (kind !== "tasks") return type !== "PushSent";
  const task = state.tasks[id];
  return task === undefined || !isOpenTask(task, state.system.notifier);
}
const endingTypes: ReadonlySet<DomainEvent["type"]> = new Set([
  "RepositoryRemoved",
  "MissionRejected",
  "MissionCancelled",
  "DraftEnded",
  "IssueCommented",
  "TaskRejected",
  "TaskCancelled",
  "ChangeLanded",
  "PullRequestClosed",
  "OutcomeObserved",
  "PushSent",
  "EvidenceSealed",
  "RunStarted",
  "ChangeRestored",
  "CanaryPlanted",
  "CanaryJudged",
  "AuditRequested",
]);

/**
 * The state without entities that have ended. Open missions stay (also those with a draft under way, and those whose issue does not yet show their end),
 * all parts of their plans, what takes these parts back, their predecessors with all parts, all tasks and approvals of these missions, canaries that wait for an answer or accompany one of these tasks, and the newest audit.
 * Returns the same object if nothing has ended.
 */
export function openPart(state: State): State {
  const missions = openMissions(state);
  const tasks = keep(state.tasks, ({ mission_id }) => missions.has(mission_id));
  const bundles = new Set(entitiesOf(tasks).flatMap((task) => accompaniedBundle(task) ?? []));
  const newest = newestAudit(state.audits)?.audit_id;
  const open: Partial<State> = {
    repositories: keep(state.repositories, ({ removed }) => removed !== true),
    missions: keep(state.missions, ({ mission_id }) => missions.has(mission_id)),
    tasks,
    approvals: keep(state.approvals, ({ subject }) => missions.has(subject.mission_id)),
    canaries: keep(state.canaries, (one) => isOpenCanary(one) || (one.beside !== null && bundles.has(one.beside))),
    audits: keep(state.audits, ({ audit_id }) => audit_id === newest),
  };
  const planted = keepNamed(state.past.planted, (audit) => audit === newest);
  const served = keepNamed(state.past.served, (name) => state.repositories[name]?.removed !== true);
  const merged = keepNamed(state.past.merged, (name) => state.repositories[name]?.removed !== true);
  const isPastSame = planted === state.past.planted && served === state.past.served && merged === state.past.merged;
  const past = isPastSame ? state.past : { planted, served, merged };
  const isSame =
    past === state.past && (Object.keys(open) as (keyof State)[]).every((part) => open[part] === state[part]);
  return isSame ? state : { ...state, ...open, past };
}

/**
 * Ids of the missions to keep: the open ones; all parts of their plans; the missions that take such a part back; the predecessors (`after`) of all of
 * these, with their parts.
 */
function openMissions({ missions, tasks, system }: State): ReadonlySet<string> {
  const open = new Set<string>();
  for (const task of entitiesOf(tasks)) if (isOpenTask(task, system.notifier)) open.add(task.mission_id);
  for (const mission of entitiesOf(missions))
    if (isUndecided(mission) || openDraft(mission) !== undefined || isIssueOpen(mission)) open.add(mission.mission_id);
  for (const id of [...open]) {
    const whole = missions[id]?.part_of ?? id;
    const { plan } = missions[whole] ?? {};
    if (plan === undefined) continue;
    open.add(whole);
    for (const { mission_id } of plan.parts) {
      open.add(mission_id);
      // A part whose change was taken back counts as failed as long as its plan is open.
      for (const task of missions[mission_id]?.task_ids ?? [])
        for (const revert of tasks[task]?.reverted_by ?? []) open.add(revert.mission_id);
    }
  }
  for (const id of [...open])
    for (const before of missions[id]?.after ?? []) {
      open.add(before);
      // A plan's status follows from its parts.
      for (const part of missions[before]?.plan?.parts ?? []) open.add(part.mission_id);
    }
  return open;
}

/** The kept entities; the same record if all are kept, as after most events. */
function keep<T>(entities: Readonly<Record<string, T>>, isKept: (entity: T) => boolean): Readonly<Record<string, T>> {
  if (entitiesOf(entities).every(isKept)) return entities;
  return keptEntities(entities, isKept);
}

function keepNamed<T>(
  entries: Readonly<Record<string, T>>,
  isKept: (name: string) => boolean,
): Readonly<Record<string, T>> {
  return Object.keys(entries).every(isKept) ? entries : keptEntities(entries, (_entry, name) => isKept(name));
}
