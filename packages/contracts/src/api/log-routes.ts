/** The routes about the log, for the table in routes.ts. */
import {
  acceptanceSchema,
  acceptedSchema,
  eventListSchema,
  eventsQuerySchema,
  rebuiltSchema,
  verificationSchema,
} from "./log.ts";
import { loggedEventSchema } from "./logged-event.ts";

export const logRoutes = {
  listEvents: {
    method: "GET",
    role: "viewer",
    path: "/api/events",
    summary: "Read events in pages, or follow them as JSON Lines",
    query: eventsQuerySchema,
    answer: eventListSchema,
    lines: loggedEventSchema,
  },
  verifyEvents: {
    method: "GET",
    role: "operator",
    path: "/api/events/verify",
    summary: "Check the log's chain, versions, views and signed head",
    answer: verificationSchema,
    refusals: [409],
  },
  rebuildEvents: {
    method: "POST",
    role: "admin",
    path: "/api/events/rebuild",
    summary: "Rebuild the views from the log",
    answer: rebuiltSchema,
    refusals: [409],
  },
  acceptLog: {
    method: "POST",
    role: "admin",
    path: "/api/events/accept",
    summary: "Accept a log that is not trusted, as it is",
    body: acceptanceSchema,
    answer: acceptedSchema,
    refusals: [409],
  },
} as const;
