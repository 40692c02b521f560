/** Events about a landed change: it is watched, an outcome was observed, a person reported on it. */
import { z } from "zod";
import { gitIdSchema, instantSchema, missionIdSchema, taskIdSchema } from "../ids.ts";
import { wordsCharactersMax } from "../specification.ts";
import { deciderFields } from "./decider.ts";

/**
 * What became of a landed change. `red`: a check failed on the landed commit and had not failed before it. `reverted`: a later commit of the branch
 * takes back all of it. `changed-again`: lines that it added were changed or removed. `gone`: the branch no longer contains the commit. `good`, `bad`: a
 * person said so.
 */
export const outcomeKindSchema = z.enum(["red", "reverted", "changed-again", "gone", "good", "bad"]);
export type OutcomeKind = z.infer<typeof outcomeKindSchema>;

/** The evidence of an outcome. Subjects, names and addresses are foreign texts, each as one line. */
export const outcomeEvidenceSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("commit"),
    /** The commit of the branch that caused the outcome. */
    commit: gitIdSchema,
    subject: z.string().max(200),
    /** Its message, or a message of a commit that it merged, says "This reverts commit" with the landed commit. That alone proves nothing. */
    says_revert: z.boolean(),
    /** How many lines of the change it changed or removed. */
    lines: z.int().nonnegative(),
    /** aedev's own task that made the commit; null: somebody else made it. */
    task_id: taskIdSchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal("check"),
    name: z.string().max(200),
    url: z.string().max(500).nullable(),
    /** The result of the same check on the commit before; `absent`: it did not run there; `undecided`: it ended neither green nor red. */
    before: z.enum(["passed", "undecided", "absent"]),
  }),
  z.strictObject({ kind: z.literal("branch"), ref: z.string(), tip: gitIdSchema }),
  z.strictObject({ kind: z.literal("person"), words: z.string().max(wordsCharactersMax).nullable() }),
]);
export type OutcomeEvidence = z.infer<typeof outcomeEvidenceSchema>;

export const outcomeObservedSchema = z.strictObject({
  task_id: taskIdSchema,
  commit: gitIdSchema,
  outcome: outcomeKindSchema,
  evidence: outcomeEvidenceSchema,
  ...deciderFields,
});

/** Events of a task that has landed. */
export const outcomeEvents = {
  /** An observed outcome of the landed change, or a person's report on it. */
  OutcomeObserved: outcomeObservedSchema,
};

/** Events on the stream of the repository that a change landed in. They say which landings are watched, so that ended tasks need not stay in the state. */
export const watchEvents = {
  /** The branch and the checks of the landed commit are watched until then. */
  LandingWatched: z.strictObject({
    task_id: taskIdSchema,
    mission_id: missionIdSchema,
    commit: gitIdSchema,
    ref: z.string(),
    until: instantSchema,
  }),
  /** An outcome that changes how a watched landing stands, or ends its watch. `OutcomeObserved` has the evidence. `passed`: `check`, which the landing broke, passes again on the branch. */
  WatchedLandingObserved: z.strictObject({
    task_id: taskIdSchema,
    outcome: z.enum(["red", "reverted", "gone", "good", "passed"]),
    /** With `red`: a check that had passed on the commit before, absent if it had not. With `passed`: that check. A foreign text. */
    check: z.string().max(200).optional(),
  }),
};
