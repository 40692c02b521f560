/** The profiles of a repository. */
import { z } from "zod";

export const profileSchema = z.enum(["safe", "balanced", "aggressive"]);
/** How much a repository may land without a person; a `safe` repository lands nothing. */
export type Profile = z.infer<typeof profileSchema>;
