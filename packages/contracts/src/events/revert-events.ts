/** Events about taking a landed change back: the request, and the inverse change that control made. */
import { z } from "zod";
import { blobSchema, gitIdSchema, missionIdSchema, runIdSchema, taskIdSchema } from "../ids.ts";
import { repositorySettingsSchema } from "../settings.ts";
import { deciderFields } from "./decider.ts";
import { profileSchema } from "./profile.ts";

/** The landed change that a mission and its task take back. */
export const revertedChangeSchema = z.strictObject({
  task_id: taskIdSchema,
  commit: gitIdSchema,
  /** The first line of its message, as aedev wrote it. */
  subject: z.string().max(200),
});
export type RevertedChange = z.infer<typeof revertedChangeSchema>;

/** Why a change is taken back: somebody asked for it, or what was merged is not what was judged. */
const revertCauseSchema = z.enum(["asked", "tree-differs"]);

export const revertEvents = {
  /** On the task whose change is taken back: the mission and task that take it back. */
  RevertRequested: z.strictObject({
    task_id: taskIdSchema,
    mission_id: missionIdSchema,
    commit: gitIdSchema,
    cause: revertCauseSchema,
    ...deciderFields,
  }),
  /** Control made the inverse of a landed change, as the change of a run without a coder. */
  RevertPrepared: z.strictObject({
    run_id: runIdSchema,
    attempt: z.int().positive(),
    /** The branch's commit that the inverse was made on. */
    base_commit: gitIdSchema,
    ref: z.string(),
    /** The commit before the landed change: the state that the inverse restores. */
    before: gitIdSchema,
    tree: gitIdSchema,
    patch: blobSchema,
    settings: repositorySettingsSchema,
    policy: blobSchema,
    profile: profileSchema,
  }),
};
