/** The routes for what a person does with a phone. */
import { z } from "zod";
import { pushTrialSchema } from "./judges.ts";

export const phoneRouteRows = {
  testNotification: {
    method: "POST",
    role: "admin",
    path: "/api/notifications/test",
    summary: "Send one real push message and check the reply channel",
    body: z.strictObject({}),
    answer: pushTrialSchema,
    refusals: [409],
  },
} as const;
