/** `aedev status`: shows what is happening, with the daemon up or down. `--plain` fits two text messages. */
import { escapeLine, Fault } from "@aedev/contracts";
import type { StatusSummary } from "@aedev/contracts/api";
import { plainStatus, statusSummary } from "@aedev/core";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { withHome } from "../daemon-client/read-state.ts";
import { waitingMissions } from "../daemon-client/waiting.ts";
import type { Session } from "../terminal/session.ts";

const listedMax = 20;

export const verb: Verb = {
  summary: "Show what is happening and what waits for you.",
  options: [{ flags: "--plain", summary: "at most 320 characters, short enough for a text message" }],
  examples: ["aedev status", "aedev status --plain", "aedev status --json"],
  async run(session, input) {
    const [{ state, totals }, daemon] = await Promise.all([readAll(session), daemonOrReason(session)]);
    const summary = statusSummary(state, new Date().toISOString(), totals.missions);
    const daemonStatus = typeof daemon === "string" ? "down" : "running";
    const waiting = await waitingMissions(session, state);
    const queued = [...waiting].map(([mission_id, reasons]) => ({
      mission_id,
      title: state.missions[mission_id]?.title ?? "",
      waits_for: reasons.map(({ text }) => text),
      help: reasons.find(({ help }) => help !== null)?.help ?? null,
    }));
    const document = { daemon: daemonStatus, ...summary, queued };
    if (input.flag("plain"))
      return done({ ...document, plain: plainStatus(summary, daemonStatus) }, plainStatus(summary, daemonStatus));
    const title = typeof daemon === "string" ? `daemon: down (${daemon})` : `daemon: running on port ${daemon.port}`;
    return done(document, statusText(summary, title, queued));
  },
};

function readAll(session: Session) {
  return withHome(session, (home) => ({ state: home.state(), totals: home.totals() }));
}

/** The daemon's address, or the text to show if it can't be reached. Another program on its port must not hide the rest of the status. */
async function daemonOrReason(session: Session): Promise<{ port: number } | string> {
  try {
    return (await findDaemon(session)) ?? "aedev daemon start";
  } catch (error) {
    if (error instanceof Fault) return escapeLine(error.message, 200);
    throw error;
  }
}

interface Queued {
  readonly mission_id: string;
  readonly title: string;
  readonly waits_for: readonly string[];
  readonly help: string | null;
}

function statusText(summary: StatusSummary, title: string, queued: readonly Queued[]): string {
  const counts = Object.entries(summary.missions).filter(([, count]) => count > 0);
  const waiting = summary.waiting.map(
    ({ status, mission_id, task_id, title: about, help }) =>
      `  ${status}  ${task_id ?? mission_id}  ${escapeLine(about, 80)}\n      ${help}`,
  );
  const holds = summary.holds.map(({ code, detail, task_id, title: about, help }) => {
    const why = detail === null ? code : `${code} (${escapeLine(detail, 120)})`;
    return `  ${why}  ${task_id}  ${escapeLine(about, 80)}\n      ${help}`;
  });
  const queuedLines = queued.map(({ mission_id, title: about, waits_for, help }) => {
    const line = `  ${mission_id}  ${escapeLine(about, 80)}: ${escapeLine(waits_for.join("; "), 200)}`;
    return help === null ? line : `${line}\n      ${help}`;
  });
  return [
    title,
    `missions: ${counts.length === 0 ? "none" : counts.map(([status, count]) => `${count} ${status}`).join(", ")}`,
    `repositories: ${summary.repositories}`,
    ...section("waiting for you:", waiting),
    ...section("held:", holds),
    ...section("waiting for their turn:", queuedLines),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - listedMax;
  return [title, ...lines.slice(0, listedMax), ...(rest > 0 ? [`  +${rest} more`] : [])];
}
