/** The JSON of a mission as every face shows it, and its one status derived from the mission and its tasks. */
import { entityById, type MissionState, type State, type TaskState } from "../log/state.ts";
import { coderQuestion } from "../task/coder-question.ts";
import { noUsage, type Usage } from "../wire/index.ts";

export const missionStatuses = [
  "clarifying",
  "awaiting_approval",
  "approved",
  "running",
  "judging",
  "asked",
  "held",
  "landed",
  "failed",
  "cancelled",
  "rejected",
] as const;
export type MissionStatus = (typeof missionStatuses)[number];

export interface TaskDocument {
  readonly task_id: string;
  readonly runs: readonly string[];
  readonly status: MissionStatus;
  readonly decision: "merge" | "ask" | "hold" | null;
  readonly hold_code: string | null;
  readonly hold_detail: string | null;
  readonly risk_score: number | null;
  readonly score_kind: string | null;
  readonly evidence_digest: string | null;
  readonly change_digest: string | null;
  readonly landed_commit: string | null;
  readonly usage: Usage;
}
export interface QuestionDocument {
  readonly id: string;
  readonly text: string;
  readonly choices: readonly string[];
  readonly default: string;
}
export interface MissionDocument {
  readonly mission_id: string;
  readonly title: string;
  readonly status: MissionStatus;
  readonly spec_digest: string;
  /** What a person is asked: by clarification, or by a coder that stopped. */
  readonly questions: readonly QuestionDocument[];
  readonly tasks: readonly TaskDocument[];
}

/** The document of a mission, or undefined where there is none. */
export function missionDocument(state: State, missionId: string): MissionDocument | undefined {
  const mission = entityById(state.missions, missionId);
  if (mission === undefined) return undefined;
  const tasks = tasksOf(state, mission);
  return {
    mission_id: mission.mission_id,
    title: mission.title,
    status: missionStatus(mission, tasks),
    spec_digest: mission.specification.digest,
    questions: openQuestions(mission, tasks),
    tasks: tasks.map(taskDocument),
  };
}

export function openQuestions(mission: MissionState, tasks: readonly TaskState[]): QuestionDocument[] {
  const ofClarification = mission.stage === "clarifying" ? mission.clarity.questions : [];
  const ofCoders = tasks.map(coderQuestion).filter((question) => question !== null);
  return [...ofClarification, ...ofCoders].map(({ id, text, choices, default: usual }) => ({
    id,
    text,
    choices,
    default: usual,
  }));
}

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
    usage: usageOfRuns(task),
  };
}

/** Usage of all runs of a task together. */
export function usageOfRuns(task: TaskState): Usage {
  return task.runs.reduce(
    (sum, { usage }) => ({
      input_tokens: sum.input_tokens + usage.input_tokens,
      output_tokens: sum.output_tokens + usage.output_tokens,
      cache_read_tokens: sum.cache_read_tokens + usage.cache_read_tokens,
      cache_write_tokens: sum.cache_write_tokens + usage.cache_write_tokens,
      requests: sum.requests + usage.requests,
    }),
    noUsage,
  );
}

export function tasksOf(state: State, mission: MissionState): TaskState[] {
  return mission.task_ids.map((id) => state.tasks[id]).filter((task) => task !== undefined);
}

export function taskStatus(task: TaskState): MissionStatus {
  switch (task.status) {
    case "planned":
      return task.runs.length === 0 ? "approved" : "running";
    case "running":
    case "captured":
    case "checked":
      return "running";
    case "judging":
    case "judged":
    case "landing":
      return "judging";
    case "asked":
    case "held":
    case "landed":
    case "rejected":
    case "cancelled":
      return task.status;
  }
}

/** What needs a person first, then what is under way, then how it ended. */
const order: readonly MissionStatus[] = [
  "held",
  "asked",
  "judging",
  "running",
  "approved",
  "rejected",
  "cancelled",
  "landed",
];

export function missionStatus(mission: MissionState, tasks: readonly TaskState[]): MissionStatus {
  if (mission.stage !== "approved") return mission.stage;
  const statuses = tasks.map(taskStatus);
  return order.find((status) => statuses.includes(status)) ?? "approved";
}
