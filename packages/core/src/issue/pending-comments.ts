/**
 * Derives the content of aedev's comments on an issue, as data with a key, and the pending work of updating comments whose content differs.
 *
 * Folder: missions from issues: what aedev's comments should say.
 */
import type { HoldCode } from "@aedev/contracts";
import type { EventData, IssueCommentSlot } from "@aedev/contracts/events";
import { entitiesOf, isUndecided, type MissionState, type State, type TaskState } from "../model/state.ts";
import { taskStatus, tasksOf } from "../model/status.ts";

/** Work that writes or updates one comment on an issue. It never holds a task, and is tried as long as it is pending. */
export interface IssueWork {
  readonly kind: "CommentIssue";
  readonly work_id: string;
  readonly task_id: null;
  readonly plane: "control";
  readonly mission_id: string;
  readonly slot: IssueCommentSlot;
}

/** The progress of a mission as its issue shows it. `refused`: the last comment of somebody with write access that does not count. */
export type IssueProgress = { readonly refused: EventData<"IssueAnswerRefused"> | null } & (
  | { readonly kind: "clarifying" | "unclear" | "awaiting_approval" | "approved" | "judging" | "asked" | "cancelled" }
  | { readonly kind: "running"; readonly attempt: number }
  | { readonly kind: "pull-request"; readonly number: number }
  | { readonly kind: "held"; readonly code: HoldCode }
  | { readonly kind: "landed"; readonly commit: string; readonly pull_request: number | null }
  | { readonly kind: "rejected"; readonly reason: string | null }
);

/** The content of one comment. Comments with the same key have the same content. */
export type DueComment = { readonly key: string; readonly final: boolean } & (
  | { readonly slot: "progress"; readonly progress: IssueProgress }
  | {
      readonly slot: Exclude<IssueCommentSlot, "progress">;
      /** Null: the questions were answered, or nobody asks them any more. */
      readonly questions: MissionState["clarity"]["questions"] | null;
      readonly refused: EventData<"IssueAnswerRefused"> | null;
    }
);

/** The comments whose content is out of date; none for a mission without an issue. */
export function dueComments(state: State, mission: MissionState): DueComment[] {
  if (mission.origin === undefined) return [];
  const written = mission.issue?.comments ?? {};
  return wantedComments(state, mission).filter(({ slot, key }) => written[slot]?.key !== key);
}

/** The work of writing these comments. */
export function issueWork(state: State): IssueWork[] {
  const work: IssueWork[] = [];
  for (const mission of entitiesOf(state.missions)) {
    const { mission_id, origin } = mission;
    if (origin === undefined) continue;
    for (const { slot, key } of dueComments(state, mission)) {
      const work_id = `CommentIssue/${mission_id}/${slot}/${key}`;
      work.push({ kind: "CommentIssue", work_id, task_id: null, plane: "control", mission_id, slot });
    }
  }
  return work;
}

function wantedComments(state: State, mission: MissionState): DueComment[] {
  const refused = refusalToTell(mission);
  const { clarity, issue } = mission;
  const asks = mission.stage === "clarifying" && !clarity.stuck && clarity.questions.length > 0;
  const slot = clarity.round === 2 ? "questions-2" : "questions-1";
  const questions: DueComment[] = asks
    ? [
        {
          slot,
          key: keyOf("open", ...clarity.questions.map(({ id }) => id), refused),
          final: false,
          questions: clarity.questions,
          refused,
        },
      ]
    : [];
  // A comment that was never written needs no closing.
  const answered = (["questions-1", "questions-2"] as const)
    .filter((other) => issue?.comments[other]?.comment != null && !(asks && other === slot))
    .map((other): DueComment => ({ slot: other, key: "answered", final: false, questions: null, refused: null }));
  const progress = progressOf(state, mission, asks ? null : refused);
  const isFinal = ["landed", "rejected", "cancelled"].includes(progress.kind);
  return [...answered, ...questions, { slot: "progress", key: progressKey(progress), final: isFinal, progress }];
}

function progressOf(state: State, mission: MissionState, refused: IssueProgress["refused"]): IssueProgress {
  const reason = mission.issue?.rejected_for ?? null;
  switch (mission.stage) {
    case "clarifying":
      return { kind: mission.clarity.stuck ? "unclear" : "clarifying", refused };
    case "awaiting_approval":
      return { kind: "awaiting_approval", refused };
    case "rejected":
      return { kind: "rejected", reason, refused };
    case "cancelled":
      return { kind: "cancelled", refused };
    case "approved":
      return (
        tasksOf(state, mission)
          .map(taskProgress)
          .toSorted((left, right) => urgencyOf(left) - urgencyOf(right))[0] ?? { kind: "approved", refused }
      );
  }
}

function taskProgress(task: TaskState): IssueProgress {
  const none = { refused: null } as const;
  if (task.hold !== null) return { kind: "held", code: task.hold.code, ...none };
  const number = task.pull_request?.number ?? null;
  if (task.status === "landed")
    return { kind: "landed", commit: task.landed_commit ?? "", pull_request: number, ...none };
  if (task.status === "landing" && number !== null) return { kind: "pull-request", number, ...none };
  const status = taskStatus(task);
  switch (status) {
    case "running":
      return { kind: "running", attempt: Math.max(1, task.runs.length), ...none };
    case "asked":
    case "cancelled":
    case "judging":
      return { kind: status, ...none };
    case "rejected":
      return { kind: "rejected", reason: null, ...none };
    default:
      return { kind: "approved", ...none };
  }
}

const urgency: readonly IssueProgress["kind"][] = [
  "held",
  "asked",
  "pull-request",
  "judging",
  "running",
  "approved",
  "rejected",
  "cancelled",
  "landed",
];
function urgencyOf({ kind }: IssueProgress): number {
  return urgency.indexOf(kind);
}

/** The refusal to show. A comment of somebody without write access is recorded but gets no answer. */
function refusalToTell(mission: MissionState): EventData<"IssueAnswerRefused"> | null {
  const last = mission.issue?.last_refused ?? null;
  return last === null || last.why === "no-write-access" || !isUndecided(mission) ? null : last;
}

function progressKey(progress: IssueProgress): string {
  const { kind, refused } = progress;
  switch (progress.kind) {
    case "running":
      return keyOf(kind, String(progress.attempt), refused);
    case "pull-request":
      return keyOf(kind, String(progress.number), refused);
    case "held":
      return keyOf(kind, progress.code, refused);
    case "landed":
      return keyOf(kind, progress.commit, refused);
    default:
      return keyOf(kind, refused);
  }
}

function keyOf(...parts: (string | EventData<"IssueAnswerRefused"> | null)[]): string {
  return parts
    .flatMap((part) => (part === null ? [] : typeof part === "string" ? part : `refused-${part.comment}`))
    .join("/");
}
