/** The statuses of missions and tasks that every client shows, and their words. Core derives them. */
import { groupedText } from "./figures.ts";

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

/** The only English table of words for statuses. The terminal, messages and pages show these words; JSON has the keys. */
export const statusTexts: Readonly<Record<MissionStatus, string>> = {
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

/** The only Chinese table. */
export const chineseStatusTexts: Readonly<Record<MissionStatus, string>> = {
  clarifying: "有问题要问您",
  awaiting_approval: "等待您批准",
  approved: "已批准，等待开始",
  running: "运行中",
  judging: "评审中",
  asked: "改动需要您批准",
  held: "已搁置",
  landed: "已合入",
  failed: "失败",
  cancelled: "已取消",
  rejected: "已拒绝",
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
  return `${groupedText(count)} ${(count === 1 ? undefined : severalTexts[status]) ?? statusText(status)}`;
}
