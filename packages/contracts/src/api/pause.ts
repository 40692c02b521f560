/** What is paused: all work of a home, or one repository. */
import { z } from "zod";
import { instantSchema } from "../ids.ts";

/** All work is paused. `stop_runs`: runs were stopped, too. */
export const workPauseSchema = z
  .strictObject({ since: instantSchema, stop_runs: z.boolean() })
  .meta({ id: "WorkPause" });

/** A repository that is paused on its own. `landings`: only its landings are. */
export const pausedRepositorySchema = z
  .strictObject({ name: z.string(), paused: z.enum(["repository", "landings"]) })
  .meta({ id: "PausedRepository" });
export type PausedRepository = z.infer<typeof pausedRepositorySchema>;
