/** The schemas of events about a landed change: that it is watched, what was observed of it afterwards, and what a person says of it. */
import { z } from "zod";
import { gitIdSchema, instantSchema, missionIdSchema, taskIdSchema } from "../ids.ts";
import { wordsCharactersMax } from "../specification.ts";
import { deciderFields } from "./decider.ts";

/**
 * What became of a landed change. `red`: a check of the landed commit failed that had not failed before it. `reverted`: a later state of the branch
 * takes back all of it. `changed-again`: lines that it added were changed or removed again. `gone`: the branch no longer has the commit. `good`, `bad`: a person said so.
 */
export const outcomeKindSchema = z.enum(["red", "reverted", "changed-again", "gone", "good", "bad"]);
export type OutcomeKind = z.infer<typeof outcomeKindSchema>;

/** What shows it. Subjects, names and addresses are foreign texts, as one line. */
export const outcomeEvidenceSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("commit"),
    /** The commit of the branch with which it was so. */
    commit: gitIdSchema,
    subject: z.string().max(200),
    /** A message of it, or of what it merged, says "This reverts commit" with the landed commit. That alone proves nothing. */
    says_revert: z.boolean(),
    /** Lines of the change that it changed or removed. */
    lines: z.int().nonnegative(),
    /** The task of aedev that made it; null: somebody else did. */
    task_id: taskIdSchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal("check"),
    name: z.string().max(200),
    url: z.string().max(500).nullable(),
    /** The same check on the commit before; `absent`: there is none; `undecided`: it ended neither green nor red. */
    before: z.enum(["passed", "undecided", "absent"]),
  }),
  z.strictObject({ kind: z.literal("branch"), ref: z.string(), tip: gitIdSchema }),
  z.strictObject({ kind: z.literal("person"), words: z.string().max(wordsCharactersMax).nullable() }),
]);
export type OutcomeEvidence = z.infer<typeof outcomeEvidenceSchema>;

export const outcomeObservedSchema = z.strictObject({
  task_id: taskIdSchema,
  /** The landed commit. */
  commit: gitIdSchema,
  outcome: outcomeKindSchema,
  evidence: outcomeEvidenceSchema,
  ...deciderFields,
});

/** Of a task that has landed. */
export const outcomeEvents = {
  /** What became of the landed change, or a person's word on it. */
  OutcomeObserved: outcomeObservedSchema,
};

/** Of the repository that a change landed in: they say which landings are watched, so that ended tasks need not stay in the state. */
export const watchEvents = {
  /** The branch and the checks of the landed commit are watched until then. */
  LandingWatched: z.strictObject({
    task_id: taskIdSchema,
    mission_id: missionIdSchema,
    commit: gitIdSchema,
    ref: z.string(),
    until: instantSchema,
  }),
  /** An outcome of a watched landing that says how it stands or ends its watch. `OutcomeObserved` has the evidence. `passed`: `check`, which the landing broke, passes again on the branch. */
  WatchedLandingObserved: z.strictObject({
    task_id: taskIdSchema,
    outcome: z.enum(["red", "reverted", "gone", "good", "passed"]),
    /** Of `red` a check that had passed on the commit before, absent if it had not; of `passed` that check. A foreign text. */
    check: z.string().max(200).optional(),
  }),
};
