/** `aedev status --plain`: the summary as one text message. Pure; titles are escaped. */
import {
  counted,
  escapeLine,
  type MissionStatus,
  mergedAloneText,
  missionStatuses,
  statusCountText,
} from "@aedev/contracts";
import type { StatusSummary, UntrustedLog } from "@aedev/contracts/api";

/** The characters of two SMS of 160. */
export const plainLengthMax = 320;
/** The most signals that are named; further ones are counted. */
const signalsMax = 4;

/** The summary as one text message of at most `plainLengthMax` characters. `daemon`: whether it is running. */
export function plainStatus(
  summary: StatusSummary & { readonly untrusted?: UntrustedLog | null },
  daemon: "running" | "down",
): string {
  const counts = missionStatuses
    .filter((status) => summary.missions[status] > 0)
    .map((status) => statusCountText(summary.missions[status], status));
  const lines = [
    `${summary.demo === true ? "DEMO " : ""}aedev ${daemon}: ${counts.length === 0 ? "no missions" : counts.join(", ")}`,
  ];
  if (summary.untrusted) lines.push("LOG NOT TRUSTED, nothing lands: aedev events accept");
  if (summary.paused !== undefined) lines.push(`${summary.paused.stop_runs ? "STOPPED" : "PAUSED"}: aedev resume`);
  const [first, ...others] = summary.paused_repositories ?? [];
  if (first !== undefined) {
    const what = first.paused === "repository" ? "PAUSED" : "LANDINGS PAUSED";
    lines.push(`${what}: ${first.name}${others.length === 0 ? "" : ` and ${others.length} more`}`);
  }
  lines.push(...signalLines(summary));
  for (const item of summary.waiting)
    lines.push(
      `${waitLabels[item.status] ?? "APPROVE"} ${item.task_id ?? item.mission_id} ${fitWords(item.title, 40)}`,
    );
  const red = summary.red_landings ?? [];
  for (const { task_id, repository } of red.slice(0, 1))
    lines.push(`RED after ${counted(red.length, "landing")}: ${repository} ${task_id}`);
  if (summary.undelivered > 0) lines.push(`${counted(summary.undelivered, "push", "pushes")} not delivered`);
  for (const { repository, kind } of summary.closed_lanes ?? []) lines.push(`ASKS about ${kind} in ${repository}`);
  for (const hold of summary.holds) lines.push(`${hold.code} ${hold.task_id} ${fitWords(hold.title, 30)}`);
  if (summary.merged_alone !== undefined) lines.push(mergedAloneText(summary.merged_alone));
  return fitLines(lines);
}

/** The kinds of all signals on one line, critical ones first. */
function signalLines({ signals = [] }: StatusSummary): string[] {
  const kinds = ["critical", "warning"].flatMap((severity) =>
    signals.filter((signal) => signal.severity === severity).map(({ kind }) => kind),
  );
  if (kinds.length === 0) return [];
  const rest = kinds.length - signalsMax;
  return [`SIGNAL ${kinds.slice(0, signalsMax).join(", ")}${rest > 0 ? ` +${rest}` : ""}: aedev status`];
}

const waitLabels: Partial<Record<MissionStatus, string>> = { asked: "ASK", clarifying: "ANSWER" };

/** The first lines that fit into one text message; the rest is counted. */
export function fitLines(lines: readonly string[]): string {
  const fitting: string[] = [];
  for (const [index, line] of lines.entries()) {
    const rest = lines.length - index;
    const more = `+${rest} more`;
    const length = [...fitting, line].join("\n").length;
    if (length > plainLengthMax || (rest > 1 && length + 1 + more.length > plainLengthMax)) {
      fitting.push(index === 0 ? fitWords(line, plainLengthMax) : more);
      break;
    }
    fitting.push(line);
  }
  return fitting.join("\n");
}

/** One visible line of at most `length` characters that ends with a whole word; a text without spaces ends with a whole character. */
export function fitWords(text: string, length: number): string {
  const line = escapeLine(text, length);
  const isShorter = line.endsWith("…") && !text.trimEnd().endsWith("…");
  const end = line.lastIndexOf(" ");
  return isShorter && end > 0 && /^\S/u.test(line.slice(end + 1)) ? `${line.slice(0, end)}…` : line;
}
