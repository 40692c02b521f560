/** The routes that pause and resume all work of a home. */
import { z } from "zod";
import { emptyBodySchema } from "./basics.ts";
import { pausedRepositorySchema, workPauseSchema } from "./pause.ts";

/** `was_paused`: before the request. `paused` null: work is not paused. `stopped`: tasks whose run is stopped and continues from what it wrote. `paused_repositories`: paused on their own. */
const pauseAnswerSchema = z
  .strictObject({
    was_paused: z.boolean(),
    paused: workPauseSchema.nullable(),
    stopped: z.array(z.string()),
    paused_repositories: z.array(pausedRepositorySchema),
  })
  .meta({ id: "PauseAnswer" });

export const pauseRouteRows = {
  pauseWork: {
    method: "POST",
    role: "operator",
    path: "/api/pause",
    summary: "Pause new runs and landings everywhere, and with stop_runs also stop the runs",
    body: z.strictObject({ stop_runs: z.boolean().optional() }),
    answer: pauseAnswerSchema,
    refusals: [409],
  },
  resumeWork: {
    method: "POST",
    role: "operator",
    path: "/api/resume",
    summary: "Resume all work",
    body: emptyBodySchema,
    answer: pauseAnswerSchema,
    refusals: [409],
  },
} as const;
