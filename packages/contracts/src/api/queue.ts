/** The documents of `aedev queue`: the changes of each repository that are to land, in their order. */
import { z } from "zod";
import { instantSchema, repositoryNameSchema } from "../ids.ts";

/**
 * `landing`: it lands now. `waiting`: its pull request waits for checks or people. `rechecking`: its base moved, and its checks run on the new one.
 * `behind`: it waits for the candidate that `behind` names. `paused`: landings are paused.
 */
const candidateStateSchema = z.enum(["landing", "waiting", "rechecking", "behind", "paused"]);

/** A change that is to land. */
const queueCandidateSchema = z
  .strictObject({
    /** From 1. */
    position: z.int().positive(),
    task_id: z.string(),
    mission_id: z.string(),
    /** The mission's title. */
    title: z.string(),
    state: candidateStateSchema,
    /** The task that it is behind; null: it is behind none. */
    behind: z.string().nullable(),
    /** What its pull request waits for. */
    waits_for: z.array(z.string()),
    /** When it was decided that it lands; the order of the queue. Null: an earlier version decided, and did not record when. */
    decided_at: instantSchema.nullable(),
    /** Since when its task is in this phase. */
    since: instantSchema,
  })
  .meta({ id: "QueueCandidate" });

/** The queue of one repository. */
const repositoryQueueSchema = z
  .strictObject({
    repository: repositoryNameSchema,
    /** Landings are paused: by `aedev queue pause`, with all new runs of the repository by `aedev repo pause`, or everywhere by `aedev pause`. */
    paused: z.enum(["landings", "repository", "everything"]).nullable(),
    candidates: z.array(queueCandidateSchema),
  })
  .meta({ id: "RepositoryQueue" });
export const queueSchema = z.strictObject({ repositories: z.array(repositoryQueueSchema) });
/** What `aedev queue` shows. */
export type QueueDocument = z.infer<typeof queueSchema>;

export const queueQuerySchema = z.strictObject({ repository: repositoryNameSchema.optional() });
