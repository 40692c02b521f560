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

/** The only table of words for statuses. The terminal, messages and pages show these words; JSON has the keys. */
const statusTexts: Readonly<Record<MissionStatus, string>> = {
  clarifying: "has questions for you",
  awaiting_approval: "awaiting your approval",
  approved: "approved, waits to start",
  running: "running",
  judging: "being judged",
  asked: "change needs your approval",
  held: "held",
  landed: "landed",
  failed: "failed",
  cancelled: "cancelled",
  rejected: "rejected",
};

/** The words for a status. */
export function statusText(status: MissionStatus): string {
  return statusTexts[status];
}

/** Texts that differ if several missions are counted. */
const severalTexts: Readonly<Partial<Record<MissionStatus, string>>> = {
  clarifying: "have questions for you",
  asked: "changes need your approval",
};

/** `1 change needs your approval`, `3 landed`. */
export function statusCountText(count: number, status: MissionStatus): string {
  return `${count} ${(count === 1 ? undefined : severalTexts[status]) ?? statusText(status)}`;
}
