/** Builds the document of a mission, and derives its one status from the mission and its tasks. */

import { addUsage, noUsage, tokensOf } from "@aedev/contracts";
import type {
  DraftDocument,
  MissionDocument,
  PlanDocument,
  QuestionDocument,
  TaskDocument,
} from "@aedev/contracts/api";
import type { MissionOrigin } from "@aedev/contracts/events";
import { entityById, type MissionState, type OutcomeState, type State, type TaskState } from "../model/state.ts";
import { missionStatus, taskStatus, tasksOf } from "../model/status.ts";
import { taskQuestion } from "../task/task-question.ts";
import { planDifference } from "./plan-difference.ts";

/** The document of a mission; undefined if it does not exist. */
export function missionDocument(state: State, missionId: string): MissionDocument | undefined {
  const mission = entityById(state.missions, missionId);
  if (mission === undefined) return undefined;
  const tasks = tasksOf(state, mission);
  return {
    mission_id: mission.mission_id,
    title: mission.title,
    repository: mission.repository,
    submitted_at: mission.submitted_at,
    changed_at: tasks.map(({ changed_at }) => changed_at).reduce(lastOf, mission.submitted_at),
    status: missionStatus(mission, tasks),
    priority: mission.priority,
    labels: [...(mission.labels ?? [])],
    spec_digest: mission.specification.digest,
    questions: openQuestions(mission, tasks),
    tasks: tasks.map(taskDocument),
    ...(mission.part_of === undefined ? {} : { part_of: mission.part_of }),
    ...(mission.plan === undefined ? {} : { plan: planDocument(state, { ...mission, plan: mission.plan }) }),
    ...(mission.origin === undefined ? {} : { origin: originDocument(mission.origin) }),
  };
}

function planDocument(
  state: State,
  { plan, plan_before }: Pick<MissionState, "plan_before"> & Required<Pick<MissionState, "plan">>,
): PlanDocument {
  const { version, on_failure, parts } = plan;
  const waves = new Map<string, number>();
  return {
    version,
    on_failure,
    ...(plan_before === undefined ? {} : { difference: planDifference(plan_before, plan) }),
    parts: parts.flatMap(({ clear: _clear, written: _written, ...part }) => {
      const mission = entityById(state.missions, part.mission_id);
      if (mission === undefined) return [];
      const wave = 1 + Math.max(0, ...[...part.after, ...part.implied].map((name) => waves.get(name) ?? 0));
      waves.set(part.name, wave);
      const { title, repository, proposed } = mission;
      const status = missionStatus(mission, tasksOf(state, mission));
      const drafted = proposed === true ? { drafted: proposed } : {};
      return [{ ...part, title, repository, status, wave, ...drafted }];
    }),
  };
}

/** The later of two instants in ISO 8601 UTC. */
function lastOf(one: string, other: string): string {
  return one > other ? one : other;
}

function originDocument({ github: { issue, url, by, left_out } }: MissionOrigin): MissionDocument["origin"] & object {
  return { issue, url, by, ...(left_out === undefined ? {} : { left_out }) };
}

/** The document of a mission's last draft; undefined if none was asked for. */
export function draftDocument({ mission_id, drafts = [] }: MissionState): DraftDocument | undefined {
  const draft = drafts.at(-1);
  if (draft === undefined) return undefined;
  const { run_id, tokens, ended, accepted } = draft;
  const result = ended?.result;
  const usage = ended?.usage ?? null;
  return {
    mission_id,
    run_id,
    status: result?.outcome === "planned" ? "drafted" : (result?.outcome ?? "running"),
    accepted,
    tokens,
    tokens_used: usage === null ? null : tokensOf(usage),
    code: result?.outcome === "failed" ? result.code : null,
    detail: result?.outcome === "failed" ? result.detail : null,
    draft: result?.outcome === "drafted" ? result.draft : null,
    ...(result?.outcome === "planned" ? { plan: result.plan } : {}),
  };
}

/** The questions that the person can answer now: those of clarification, then those of its coders. */
export function openQuestions(mission: MissionState, tasks: readonly TaskState[]): QuestionDocument[] {
  const ofClarification = mission.stage === "clarifying" ? mission.clarity.questions : [];
  const ofCoders = tasks.map(taskQuestion).filter((question) => question !== null);
  return [...ofClarification, ...ofCoders].map(({ id, text, choices, default: usual }) => ({
    id,
    text,
    choices,
    default: usual,
  }));
}

/** The document of a task. */
export function taskDocument(task: TaskState): TaskDocument {
  return {
    task_id: task.task_id,
    runs: task.runs.map((run) => run.run_id),
    status: taskStatus(task),
    decision: task.hold === null ? (task.gate?.answer ?? null) : "hold",
    hold_code: task.hold?.code ?? null,
    hold_detail: task.hold?.detail ?? null,
    risk_score: task.gate?.risk_score ?? null,
    score_kind: task.gate?.score_kind ?? null,
    evidence_digest: task.evidence?.bundle.digest ?? null,
    change_digest: task.evidence?.change_digest ?? null,
    landed_commit: task.landed_commit,
    ...(leftOnBranch(task) ? { left_on: task.landing.ref } : {}),
    ...(task.outcomes === undefined ? {} : { outcomes: task.outcomes.map(outcomeDocument) }),
    ...(task.reverts === undefined ? {} : { reverts: task.reverts }),
    ...(task.reverted_by === undefined
      ? {}
      : {
          reverted_by: task.reverted_by.map(({ task_id, mission_id, cause, by, at }) => ({
            task_id,
            mission_id,
            cause,
            by,
            at,
          })),
        }),
    usage: task.runs.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
  };
}

function outcomeDocument({ outcome, evidence, by, at }: OutcomeState): NonNullable<TaskDocument["outcomes"]>[number] {
  return { outcome, evidence, by, at };
}

/** The branch, if the change has landed on its own branch instead of its base. */
function leftOnBranch(task: TaskState): task is TaskState & { landing: NonNullable<TaskState["landing"]> } {
  return task.landed_commit !== null && task.landing !== null && task.landing.ref !== task.ref;
}
