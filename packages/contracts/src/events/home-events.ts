/** Events about the home itself: it was restored from a backup, its blobs expired, all its work was paused, or a person ordered what starts next. */
import { z } from "zod";
import { blobSchema, instantSchema, missionIdSchema, sha256Schema } from "../ids.ts";
import { deciderFields } from "./decider.ts";

/** The most missions that a person can put in order. */
export const orderedMax = 200;

export const homeEvents = {
  /**
   * The home was made from a backup whose log ended at `position` with `hash`. `epoch` is higher than every epoch seen before, so that no earlier
   * approval, phone link or operator's token works. `backed_up_at`: when the backup was made.
   */
  HomeRestored: z.strictObject({
    epoch: z.int().positive(),
    position: z.int().positive(),
    hash: sha256Schema,
    backed_up_at: instantSchema,
  }),
  /**
   * Blobs of work that ended before `ended_before` are deleted. The blob `manifest` lists their
   * digests (`expiredBlobsSchema`) and is kept. `size_bytes`: of all deleted blobs.
   */
  BlobsExpired: z.strictObject({
    manifest: blobSchema,
    count: z.int().positive(),
    size_bytes: z.int().nonnegative(),
    ended_before: instantSchema,
  }),
  /** A person paused all work: no run starts and nothing lands. `stop_runs`: runs were stopped too, and neither checks nor judgements start. */
  WorkPaused: z.strictObject({ stop_runs: z.boolean(), ...deciderFields }),
  /** A person said which missions start first, in this order; the rest follows by priority. It replaces the earlier order; empty: there is none. */
  MissionsOrdered: z.strictObject({ missions: z.array(missionIdSchema).max(orderedMax), ...deciderFields }),
  /** The pause ended. */
  WorkResumed: z.strictObject({ ...deciderFields }),
};

/** The most blobs that one event lets expire; the others wait for the next event. */
export const expiredBlobsMax = 100_000;
/** The blob that lists the blobs of one `BlobsExpired`. */
export const expiredBlobsSchema = z.strictObject({
  schema: z.literal(1),
  digests: z.array(sha256Schema).min(1).max(expiredBlobsMax),
});
