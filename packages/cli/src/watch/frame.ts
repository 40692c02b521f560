/**
 * Renders the live view as lines that fit a terminal. Pure; all mission text is escaped before it is measured and truncated.
 *
 * Folder: the live view of `aedev watch`.
 */
import { escapeLine, roundedText, statusCountText, statusText } from "@aedev/contracts";
import type { WatchRow } from "@aedev/daemon";
import { displayWidth, fitWidth, padWidth } from "../render/display-width.ts";

export interface FrameOptions {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Shown above the missions, e.g. that the daemon is absent; null: nothing. */
  readonly notice: string | null;
}

const colours: Partial<Record<WatchRow["status"], number>> = {
  clarifying: 33,
  awaiting_approval: 33,
  asked: 33,
  held: 31,
  running: 36,
  judging: 36,
  landed: 32,
};
const faint = 2;
const statusColumnsMin = 18;
const linesPerMission = 2;

/** At most `rows` lines of at most `columns` columns each, not counting colours. */
export function frameLines(missions: readonly WatchRow[], options: FrameOptions): string[] {
  const { columns, rows, notice } = options;
  const paint = (text: string, colour: number | undefined) =>
    options.colour && colour !== undefined ? `\x1b[${colour}m${text}\x1b[0m` : text;
  const head = [paint(fitWidth(`aedev watch: ${countsOf(missions)}  (q leaves)`, columns), faint)];
  if (notice !== null) head.push(paint(fitWidth(escapeLine(notice, 300), columns), 33));
  const room = Math.max(0, rows - head.length - 1);
  const fitting = Math.floor(room / linesPerMission);
  const listed = missions.slice(0, missions.length * linesPerMission <= room ? missions.length : fitting);
  const statusColumns = Math.max(statusColumnsMin, ...listed.map(({ status }) => statusText(status).length + 2));
  const body = listed.flatMap((mission) => {
    const status = padWidth(statusText(mission.status), statusColumns);
    const rest = fitWidth(`${status}${line(mission, options, columns - statusColumns)}`, columns).slice(status.length);
    return [
      `${paint(fitWidth(status, columns), colours[mission.status])}${rest}`,
      paint(fitWidth(`    ${detail(mission)}`, columns), faint),
    ];
  });
  const left = missions.length - listed.length;
  return [
    ...head,
    ...body,
    ...(left > 0 ? [paint(fitWidth(`+${left} more: aedev mission list`, columns), faint)] : []),
  ].slice(0, rows);
}

/** One mission's line. The title gets the width that the numbers leave. */
function line(mission: WatchRow, { nowMs }: FrameOptions, columns: number): string {
  const { attempt, tokens } = mission;
  const numbers = [
    ...(attempt === null ? [] : [`run ${attempt}`]),
    ...(tokens === 0 ? [] : [`${roundedText(tokens)} tokens`]),
    elapsed(nowMs - Date.parse(mission.since)),
  ].join("  ");
  const about = `${escapeLine(mission.repository, 40)}  ${escapeLine(mission.title, 200)}`;
  const room = columns - displayWidth(numbers) - 2;
  return room < 10 ? numbers : `${padWidth(about, room)}  ${numbers}`;
}

function detail({ mission_id, task_id, step, waits_for, help, hold_code }: WatchRow): string {
  if (help !== null)
    return `${hold_code === null ? "" : `${hold_code}  `}${waits_for.map((text) => `${escapeLine(text, 120)}  `).join("")}-> ${escapeLine(help, 300)}`;
  if (waits_for.length > 0) return escapeLine(waits_for.join("; "), 300);
  return step === null ? escapeLine(task_id ?? mission_id, 60) : escapeLine(step, 300);
}

function countsOf(missions: readonly WatchRow[]): string {
  const counts = new Map<WatchRow["status"], number>();
  for (const { status } of missions) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts.size === 0
    ? "no missions"
    : [...counts].map(([status, count]) => statusCountText(count, status)).join(", ");
}

/** `0:42`, `12:05`, `3:07:09`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const units = hours === 0 ? parts : [hours, ...parts];
  return units.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
