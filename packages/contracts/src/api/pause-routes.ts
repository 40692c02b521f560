/** The routes that pause and resume all work of a home, and the runs and landings of one repository. */
import { z } from "zod";
import { emptyBodySchema, nameParameterSchema } from "./basics.ts";
import { pausedRepositorySchema, workPauseSchema } from "./pause.ts";
import { repositoryDocumentSchema, resumedRepositorySchema } from "./repository.ts";

/**
 * `was_paused`: whether it was paused before the request. `paused` null: work is not paused. `stopped`: tasks whose run is stopped; each continues from
 * what its run wrote. `paused_repositories`: repositories that are paused on their own.
 */
const pauseAnswerSchema = z
  .strictObject({
    was_paused: z.boolean(),
    paused: workPauseSchema.nullable(),
    stopped: z.array(z.string()),
    paused_repositories: z.array(pausedRepositorySchema),
  })
  .meta({ id: "PauseAnswer" });

const ofRepository = {
  method: "POST",
  role: "operator",
  params: nameParameterSchema,
  body: emptyBodySchema,
  refusals: [409],
} as const;

export const pauseRouteRows = {
  pauseRepository: {
    ...ofRepository,
    path: "/api/repositories/:name/pause",
    summary: "Pause new runs and landings in a repository",
    answer: repositoryDocumentSchema,
  },
  resumeRepository: {
    ...ofRepository,
    path: "/api/repositories/:name/resume",
    summary: "Resume new runs and landings in a repository",
    answer: resumedRepositorySchema,
  },
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
