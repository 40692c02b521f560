/** The zod schemas of the identifiers and digests that planes exchange. Whatever crosses a process is parsed with them. */
import { z } from "zod";

/** SHA-256 in lower-case hex, 64 characters. It names blobs, bundles, changes, specifications and policies. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, "not a SHA-256 in hex");
/** A git object id (SHA-1 or SHA-256 repository) in lower-case hex. */
export const gitIdSchema = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "not a git object id");
/** A mission: `m-` and its letters or digits. */
export const missionIdSchema = idSchema("m", "a mission").brand("MissionId");
/** A task: `t-` and its letters or digits. */
export const taskIdSchema = idSchema("t", "a task").brand("TaskId");
/** A run: `r-` and its letters or digits. */
export const runIdSchema = idSchema("r", "a run").brand("RunId");
export const holdIdSchema = idSchema("h", "a hold").brand("HoldId");
/** An approval: `a-` and its letters or digits. */
export const approvalIdSchema = idSchema("a", "an approval").brand("ApprovalId");
export const canaryIdSchema = idSchema("c", "a canary").brand("CanaryId");
/** A link that submits missions from a phone: `l-` and its letters or digits. */
export const phoneLinkIdSchema = idSchema("l", "a phone link").brand("PhoneLinkId");
/** A browser in which a person signed in: `b-` and its letters or digits. */
export const browserSessionIdSchema = idSchema("b", "a browser session").brand("BrowserSessionId");
/** A proposed mission: `p-` and its letters or digits. */
export const proposalIdSchema = idSchema("p", "a proposal").brand("ProposalId");
export const auditIdSchema = idSchema("u", "an audit").brand("AuditId");
/** The name that a person gave a repository; it is also used as a folder and stream name. */
export const repositoryNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, "a repository name has letters, digits, '.', '_' and '-', at most 63")
  .brand("RepositoryName");
/** A random nonce: 32 lower-case hex digits. */
export const nonceSchema = z.string().regex(/^[0-9a-f]{32}$/, "not a nonce");
/** ISO 8601 in UTC with milliseconds. */
export const instantSchema = z.iso.datetime({ precision: 3 });

export type MissionId = z.infer<typeof missionIdSchema>;
export type TaskId = z.infer<typeof taskIdSchema>;
export type RunId = z.infer<typeof runIdSchema>;
/** A hold: `h-` and its letters or digits. */
export type HoldId = z.infer<typeof holdIdSchema>;
export type ApprovalId = z.infer<typeof approvalIdSchema>;
/** An audit of the judges: `u-` and its letters or digits. */
export type AuditId = z.infer<typeof auditIdSchema>;
export type RepositoryName = z.infer<typeof repositoryNameSchema>;

/** Bytes stored under their SHA-256 in the home's `blobs/`; `size_bytes` is exact. */
export const blobSchema = z.strictObject({
  digest: sha256Schema,
  size_bytes: z.int().nonnegative(),
  media_type: z.string().max(100),
});
export type Blob = z.infer<typeof blobSchema>;

/** A SHA-256 function that returns lower-case hex. The caller passes it in, because contracts and core have no hash function. */
export type Sha256 = (text: string | Uint8Array) => string;

/** Ids are a letter for the kind, a dash, and 10 to 32 lower-case letters or digits. */
export function idSchema(letter: string, what: string): z.ZodString {
  return z.string().regex(new RegExp(`^${letter}-[0-9a-z]{10,32}$`), `not ${what} id`);
}
