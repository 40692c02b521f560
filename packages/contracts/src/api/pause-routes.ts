/** The routes that pause and resume all work of a home. */
import { z } from "zod";
import { emptyBodySchema } from "./basics.ts";
import { workPauseSchema } from "./status.ts";

/** `paused` null: work is not paused. `stopped`: tasks whose run is stopped and continues from what it wrote. */
const pauseAnswerSchema = z
  .strictObject({ paused: workPauseSchema.nullable(), stopped: z.array(z.string()) })
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
