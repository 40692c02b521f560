/** What aedev's credential may do on a repository of GitHub, as GitHub says it. */
import { z } from "zod";

/** One permission and the reason that it is needed, or too much. */
const permissionSchema = z.strictObject({ permission: z.string(), why: z.string() });

/** `missing` and `excessive` are empty if `problem` says why GitHub could not be asked, and if there is no credential. */
export const gitHubAccessSchema = z.strictObject({
  /** `owner/name`. */
  repository: z.string(),
  credential: z.enum(["token", "app"]).nullable(),
  problem: z.string().nullable(),
  missing: z.array(permissionSchema),
  excessive: z.array(permissionSchema),
  /** What GitHub does not say about this kind of credential. */
  note: z.string().nullable(),
});
/** What the credential may do on one repository: the permissions that are missing and those that are too much, each with its reason. */
export type GitHubAccessDocument = z.infer<typeof gitHubAccessSchema>;
