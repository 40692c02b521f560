/** The documents of `aedev queue`: for each repository the changes that are going to land, in order. */
import { z } from "zod";
import { instantSchema, repositoryNameSchema } from "../ids.ts";

/**
 * `landing`: it lands now. `waiting`: its pull request waits for checks or people. `rechecking`: its base moved, and its checks run on the new one.
 * `behind`: it waits for the candidate that `behind` names. `paused`: landings are paused.
 */
const candidateStateSchema = z.enum(["landing", "waiting", "rechecking", "behind", "paused"]);

const queueCandidateSchema = z
  .strictObject({
    /** From 1. */
    position: z.int().positive(),
    task_id: z.string(),
    mission_id: z.string(),
    title: z.string(),
    state: candidateStateSchema,
    /** The task whose landing it waits for; null: none. */
    behind: z.string().nullable(),
    waits_for: z.array(z.string()),
    /** When its landing was decided, which orders the queue. Null: an earlier version decided without recording the time. */
    decided_at: instantSchema.nullable(),
    /** Since when its task is in this phase. */
    since: instantSchema,
  })
  .meta({ id: "QueueCandidate" });

const repositoryQueueSchema = z
  .strictObject({
    repository: repositoryNameSchema,
    /** What paused the landings: `aedev queue pause`, `aedev repo pause` (which also stops new runs of the repository), or `aedev pause` for everything. */
    paused: z.enum(["landings", "repository", "everything"]).nullable(),
    candidates: z.array(queueCandidateSchema),
  })
  .meta({ id: "RepositoryQueue" });
export const queueSchema = z.strictObject({ repositories: z.array(repositoryQueueSchema) });
/** What `aedev queue` shows. */
export type QueueDocument = z.infer<typeof queueSchema>;

export const queueQuerySchema = z.strictObject({ repository: repositoryNameSchema.optional() });
