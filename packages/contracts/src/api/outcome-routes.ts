/** The routes about what becomes of a landed change. */
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
} as const;
