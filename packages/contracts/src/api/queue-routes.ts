/** The routes of the queue of landings. */
import { emptyBodySchema, nameParameterSchema } from "./basics.ts";
import { queueQuerySchema, queueSchema } from "./queue.ts";
import { reopenLaneBodySchema, repositoryDocumentSchema, resumedRepositorySchema } from "./repository.ts";

export const queueRoutes = {
  showQueue: {
    method: "GET",
    role: "viewer",
    path: "/api/queue",
    summary: "Show the changes that are to land, per repository and in their order",
    query: queueQuerySchema,
    answer: queueSchema,
    refusals: [404],
  },
  pauseLandings: {
    method: "POST",
    role: "operator",
    params: nameParameterSchema,
    body: emptyBodySchema,
    refusals: [409],
    path: "/api/repositories/:name/landings/pause",
    summary: "Pause landings in a repository; runs go on",
    answer: repositoryDocumentSchema,
  },
  resumeLandings: {
    method: "POST",
    role: "operator",
    params: nameParameterSchema,
    body: emptyBodySchema,
    refusals: [409],
    path: "/api/repositories/:name/landings/resume",
    summary: "Resume landings in a repository",
    answer: resumedRepositorySchema,
  },
  reopenLane: {
    method: "POST",
    role: "operator",
    params: nameParameterSchema,
    body: reopenLaneBodySchema,
    refusals: [409],
    path: "/api/repositories/:name/lane/reopen",
    summary: "Let changes of a kind merge by themselves again",
    answer: repositoryDocumentSchema,
  },
} as const;
