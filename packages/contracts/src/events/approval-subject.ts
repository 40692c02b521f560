/** What a person is asked to decide outside the terminal, and the possible answers. The subject contains everything that an approval is bound to. */
import { z } from "zod";
import { budgetAmountSchema, raisableBudgetSchema } from "../budget-amount.ts";
import { gitIdSchema, holdIdSchema, missionIdSchema, sha256Schema, taskIdSchema } from "../ids.ts";

/**
 * `change` sends back with instructions. `revert` asks to have a landed change taken back; the revert itself is asked about again. `raise` raises a
 * budget and releases what it holds. `look` only shows the page, so it is not an action.
 */
export const approvalActionSchema = z.enum(["approve", "change", "reject", "answer", "revert", "raise"]);
export type ApprovalAction = z.infer<typeof approvalActionSchema>;

/** What an approval is about. Another value in any digest makes another subject. */
export const approvalSubjectSchema = z.discriminatedUnion("kind", [
  /** Asks whether this change lands. */
  z.strictObject({
    kind: z.literal("landing"),
    mission_id: missionIdSchema,
    task_id: taskIdSchema,
    change_digest: sha256Schema,
    bundle_digest: sha256Schema,
    policy_digest: sha256Schema,
  }),
  /** Asks whether work on this specification starts. */
  z.strictObject({ kind: z.literal("specification"), mission_id: missionIdSchema, spec_digest: sha256Schema }),
  /** Asks a question of clarification (`task_id` null) or of a coder. `round`: the round of clarification, or the run's attempt. `spec_digest`: the specification that the round asks about. */
  z.strictObject({
    kind: z.literal("question"),
    mission_id: missionIdSchema,
    task_id: taskIdSchema.nullable(),
    question_id: z.string().max(40),
    round: z.int().nonnegative(),
    spec_digest: sha256Schema.exactOptional(),
  }),
  /** Asks whether the change that landed as this commit is taken back. Nothing waits for the answer. */
  z.strictObject({
    kind: z.literal("revert"),
    mission_id: missionIdSchema,
    task_id: taskIdSchema,
    commit: gitIdSchema,
  }),
  /** Asks whether the budget that holds this task is raised to this amount. Nothing waits for the answer. */
  z.strictObject({
    kind: z.literal("budget"),
    mission_id: missionIdSchema,
    task_id: taskIdSchema,
    hold_id: holdIdSchema,
    budget: raisableBudgetSchema,
    raise_to: budgetAmountSchema,
  }),
]);
export type ApprovalSubject = z.infer<typeof approvalSubjectSchema>;

/** A text that is unique for each subject. Of two approvals with the same key, the newer supersedes the older. */
export function subjectKey(subject: ApprovalSubject): string {
  switch (subject.kind) {
    case "landing":
      return `landing/${subject.task_id}/${subject.change_digest}/${subject.bundle_digest}/${subject.policy_digest}`;
    case "specification":
      return `specification/${subject.mission_id}/${subject.spec_digest}`;
    case "revert":
      return `revert/${subject.task_id}/${subject.commit}`;
    case "budget":
      return `budget/${subject.hold_id}`;
    case "question":
      return `question/${subject.task_id ?? subject.mission_id}/${subject.round}/${subject.question_id}${subject.spec_digest === undefined ? "" : `/${subject.spec_digest}`}`;
  }
}
