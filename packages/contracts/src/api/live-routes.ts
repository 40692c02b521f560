/** What a client that stays open is sent: documents that changed, each with the position of the log that it shows. */
import { z } from "zod";
import { instantSchema } from "../ids.ts";
import { missionDocumentSchema } from "./mission.ts";
import { statusDocumentSchema } from "./status.ts";

/**
 * One message. `at`: the daemon's time, by which a client reckons ages. `missions`: those that changed since the last message. `reload`: more changed than a
 * message may have, so the client reads its documents again.
 */
const liveMessageSchema = z
  .strictObject({
    position: z.int().nonnegative(),
    at: instantSchema,
    status: statusDocumentSchema,
    missions: z.array(missionDocumentSchema),
    reload: z.boolean(),
  })
  .meta({ id: "LiveMessage" });
export type LiveMessage = z.infer<typeof liveMessageSchema>;

export const liveRouteRows = {
  stream: {
    method: "GET",
    role: "viewer",
    path: "/api/stream",
    summary: "Follow what changes, as server-sent events; `Last-Event-ID` is the last known position",
    media: "text/event-stream",
    answer: liveMessageSchema,
  },
} as const;
