/** What is going on, in one document and in one text message. */
import { mayAskAgain } from "../judge/standing-verdict.ts";
import type { MissionState, State } from "../log/state.ts";
import { owedNotices, untoldAsks } from "../notice/notices.ts";
import { coderQuestion } from "../task/coder-question.ts";
import { helpFor } from "../task/hold-release.ts";
import { escapeLine } from "./escape-text.ts";
import { type MissionStatus, missionStatus, missionStatuses, tasksOf } from "./mission-document.ts";

export interface HoldDocument {
  readonly hold_id: string;
  readonly task_id: string;
  readonly mission_id: string;
  readonly title: string;
  readonly code: string;
  readonly detail: string | null;
  readonly held_at: string;
  readonly resumes_at: string | null;
  readonly help: string;
}
export interface StatusSummary {
  readonly missions: Readonly<Record<MissionStatus, number>>;
  readonly waiting: readonly {
    mission_id: string;
    task_id: string | null;
    title: string;
    status: MissionStatus;
    help: string;
  }[];
  readonly holds: readonly HoldDocument[];
  readonly repositories: number;
  /** Push messages that are owed and not delivered yet. */
  readonly undelivered: number;
}

/** Open holds, oldest first. */
export function openHolds(state: State): HoldDocument[] {
  const held = Object.values(state.tasks).flatMap((task) => (task.hold === null ? [] : [{ task, hold: task.hold }]));
  return held
    .map(({ task, hold }) => ({
      hold_id: hold.hold_id,
      task_id: task.task_id,
      mission_id: task.mission_id,
      title: state.missions[task.mission_id]?.title ?? "",
      code: hold.code,
      detail: hold.detail,
      held_at: hold.held_at,
      resumes_at: hold.resumes_at,
      help: helpFor({
        code: hold.code,
        hold_id: hold.hold_id,
        task_id: task.task_id,
        repository: task.repository,
        question: coderQuestion(task)?.id ?? null,
        judge_is_silent: mayAskAgain(task),
        mission_id: task.mission_id,
        source: state.repositories[task.repository]?.url ?? "<path-or-url>",
      }),
    }))
    .toSorted((left, right) => (left.held_at < right.held_at ? -1 : 1));
}

/** `now`: ISO 8601 UTC; a push whose approval has expired is owed no more. */
export function statusSummary(state: State, now: string): StatusSummary {
  const counts = Object.fromEntries(missionStatuses.map((status) => [status, 0])) as Record<MissionStatus, number>;
  const waiting: StatusSummary["waiting"][number][] = [];
  for (const mission of oldestFirst(state)) {
    const tasks = tasksOf(state, mission);
    const status = missionStatus(mission, tasks);
    counts[status] += 1;
    const about = { mission_id: mission.mission_id, title: mission.title, status };
    if (status === "clarifying") waiting.push({ ...about, task_id: null, help: answerHelp(mission) });
    if (status === "awaiting_approval")
      waiting.push({ ...about, task_id: null, help: `aedev mission approve ${mission.mission_id}` });
    const asked = tasks.find((task) => task.status === "asked");
    if (asked !== undefined)
      waiting.push({ ...about, task_id: asked.task_id, help: `aedev task approve ${asked.task_id}` });
  }
  return {
    missions: counts,
    // A finished change first: where there is room for a few lines only, it is not hidden behind what has not begun.
    waiting: waiting.toSorted((left, right) => Number(left.status !== "asked") - Number(right.status !== "asked")),
    holds: openHolds(state),
    repositories: Object.keys(state.repositories).length,
    undelivered: owedNotices(state, now).length + untoldAsks(state, now).length,
  };
}

/** The order of a state's keys is no order: it is another one after a restart. */
function oldestFirst(state: State): MissionState[] {
  const place = ({ submitted_at, mission_id }: MissionState) => `${submitted_at} ${mission_id}`;
  return Object.values(state.missions).toSorted((left, right) => (place(left) < place(right) ? -1 : 1));
}

function answerHelp({ mission_id, clarity }: MissionState): string {
  return clarity.stuck ? `aedev mission cancel ${mission_id}, and say it anew` : `aedev mission answer ${mission_id}`;
}

/** Characters that fit two SMS of 160. */
export const plainLengthMax = 320;

/** The summary as one text message, at most `plainLengthMax` characters; `daemon` tells whether it runs. */
export function plainStatus(summary: StatusSummary, daemon: "running" | "down"): string {
  const counts = missionStatuses
    .filter((status) => summary.missions[status] > 0)
    .map((status) => `${summary.missions[status]} ${status}`);
  const lines = [`aedev ${daemon}: ${counts.length === 0 ? "no missions" : counts.join(", ")}`];
  for (const item of summary.waiting)
    lines.push(`${words[item.status] ?? "APPROVE"} ${item.task_id ?? item.mission_id} ${escapeLine(item.title, 40)}`);
  if (summary.undelivered > 0)
    lines.push(`${summary.undelivered} ${summary.undelivered === 1 ? "push" : "pushes"} not delivered`);
  for (const hold of summary.holds) lines.push(`${hold.code} ${hold.task_id} ${escapeLine(hold.title, 30)}`);
  return fit(lines);
}

const words: Partial<Record<MissionStatus, string>> = { asked: "ASK", clarifying: "ANSWER" };

function fit(lines: readonly string[]): string {
  const shown: string[] = [];
  for (const [index, line] of lines.entries()) {
    const rest = lines.length - index;
    const more = `+${rest} more`;
    const length = [...shown, line].join("\n").length;
    if (length > plainLengthMax || (rest > 1 && length + 1 + more.length > plainLengthMax)) {
      shown.push(index === 0 ? line.slice(0, plainLengthMax) : more);
      break;
    }
    shown.push(line);
  }
  return shown.join("\n").slice(0, plainLengthMax);
}
