/** What aedev's credential may do on a repository of GitHub, as GitHub says it. */
import { z } from "zod";

/** A permission that is missing or excessive, and the reason. */
const permissionSchema = z.strictObject({ permission: z.string(), why: z.string() });

/** `missing` and `excessive` are empty if there is no credential, or if `problem` says why GitHub could not be asked. */
export const gitHubAccessSchema = z.strictObject({
  /** `owner/name`. */
  repository: z.string(),
  credential: z.enum(["token", "app"]).nullable(),
  problem: z.string().nullable(),
  missing: z.array(permissionSchema),
  excessive: z.array(permissionSchema),
  /** What GitHub does not tell about this kind of credential. */
  note: z.string().nullable(),
});
/** The missing and the excessive permissions of the credential on one repository, each with its reason. */
export type GitHubAccessDocument = z.infer<typeof gitHubAccessSchema>;
