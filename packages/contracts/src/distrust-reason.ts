/** Why the daemon does not trust its log (SECURITY T33): typed facts, and the sentence for each. */
import { z } from "zod";
import { gitIdSchema, repositoryNameSchema, sha256Schema } from "./ids.ts";
import { escapeLine } from "./safe-text.ts";

/** How many reasons are kept and shown; further reasons add nothing. */
export const distrustReasonsMax = 20;

const landed = {
  repository: repositoryNameSchema,
  /** A landed commit whose trailer was signed with this home's key. */
  commit: gitIdSchema,
  position: z.int().nonnegative(),
  hash: sha256Schema,
  epoch: z.int().nonnegative(),
};
export const distrustReasonSchema = z.discriminatedUnion("kind", [
  /** Verification found a problem, at a position of the log or in a row of a view. */
  z.strictObject({
    kind: z.literal("verification"),
    position: z.int().nullable(),
    row: z.string().nullable(),
    what: z.string(),
  }),
  /** One of aedev's commits records a later log head, or a later epoch, than the log has: the home is an older copy. */
  z.strictObject({ kind: z.literal("commit-ahead"), ...landed }),
  /** One of aedev's commits records another hash for a position that the log has. */
  z.strictObject({ kind: z.literal("commit-differs"), ...landed }),
]);
/** One reason why the log is not trusted. */
export type DistrustReason = z.infer<typeof distrustReasonSchema>;

/** A reason as one line for a person. */
export function distrustReasonText(reason: DistrustReason): string {
  switch (reason.kind) {
    case "verification": {
      const place = reason.position === null ? reason.row : `position ${reason.position}`;
      return escapeLine(place === null ? reason.what : `${place}: ${reason.what}`, 300);
    }
    case "commit-ahead":
      return `the log is older than commit ${reason.commit.slice(0, 12)} of ${reason.repository}, which names position ${reason.position} in epoch ${reason.epoch}`;
    case "commit-differs":
      return `position ${reason.position} is not the event that commit ${reason.commit.slice(0, 12)} of ${reason.repository} names`;
  }
}

/** The log's last event, which a person confirms by position and hash. */
interface LogTipPlace {
  readonly position: number;
  readonly hash: string;
}

/** The command that accepts the log as it is, with the position and hash to confirm. */
export function acceptLogCommand({ position, hash }: LogTipPlace): string {
  return `aedev events accept --tip ${position}:${hash} --reason "…"`;
}

/**
 * A person accepted a log that was not trusted, as it was at `position`. `epoch` is higher than every epoch seen before, so that no earlier approval can
 * be used.
 */
export const logAcceptedSchema = z.strictObject({
  epoch: z.int().positive(),
  position: z.int().positive(),
  hash: sha256Schema,
  reason: z.string().min(1),
  faults: z.array(distrustReasonSchema).min(1).max(distrustReasonsMax),
});
