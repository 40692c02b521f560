/** The routes about the outcomes of landed changes. */
import { idParameterSchema } from "./basics.ts";
import { outcomeBodySchema, taskDetailsSchema } from "./task.ts";

export const outcomeRouteRows = {
  judgeTaskOutcome: {
    method: "POST",
    role: "operator",
    path: "/api/tasks/:id/outcome",
    summary: "Say how a landed change turned out",
    params: idParameterSchema,
    body: outcomeBodySchema,
    answer: taskDetailsSchema,
    refusals: [404, 409],
  },
  revertTask: {
    method: "POST",
    role: "operator",
    path: "/api/tasks/:id/revert",
    summary: "Prepare the inverse of a landed change, which is asked about before it lands",
    params: idParameterSchema,
    answer: taskDetailsSchema,
    refusals: [404, 409],
  },
} as const;
