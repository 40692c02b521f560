/** The statuses of missions and tasks that every client shows. Core derives them. */

/** In order, from the first to the final statuses. An approved mission has the status of its most urgent task. */
export const missionStatuses = [
  "clarifying",
  "awaiting_approval",
  "approved",
  "running",
  "judging",
  "asked",
  "held",
  "landed",
  "failed",
  "cancelled",
  "rejected",
] as const;
/** The status of a mission or a task. */
export type MissionStatus = (typeof missionStatuses)[number];
