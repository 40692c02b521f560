/** `aedev status`: what is going on, in every state, with the daemon up or down. `--plain` fits two text messages. */
import { escapeLine, plainStatus, type StatusSummary, statusSummary } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import { done } from "../answer.ts";
import { findDaemon } from "../session/daemon-link.ts";
import { readState } from "../session/read-state.ts";
import type { Session } from "../session/session.ts";
import { waitingMissions } from "../session/waiting.ts";
import type { Verb } from "../verb.ts";

const shownMax = 20;

export const verb: Verb = {
  summary: "Say what is going on and what waits for you.",
  options: [{ flags: "--plain", summary: "at most 320 characters, to be sent as a text message" }],
  examples: ["aedev status", "aedev status --plain", "aedev status --json"],
  async run(session, input) {
    const [state, daemon] = await Promise.all([readState(session), lookForDaemon(session)]);
    const summary = statusSummary(state, new Date().toISOString());
    const word = typeof daemon === "string" ? "down" : "running";
    const waiting = await waitingMissions(session, state);
    const queued = [...waiting].map(([mission_id, reasons]) => ({
      mission_id,
      title: state.missions[mission_id]?.title ?? "",
      waits_for: reasons.map(({ text }) => text),
      help: reasons.find(({ help }) => help !== null)?.help ?? null,
    }));
    const document = { daemon: word, ...summary, queued };
    if (input.flag("plain"))
      return done({ ...document, plain: plainStatus(summary, word) }, plainStatus(summary, word));
    const title = typeof daemon === "string" ? `daemon: down (${daemon})` : `daemon: running on port ${daemon.port}`;
    return done(document, statusText(summary, title, queued));
  },
};

/** Where the daemon is, or what to say of its absence: a foreign answer on its port is one, and no reason to show nothing. */
async function lookForDaemon(session: Session): Promise<{ port: number } | string> {
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
  const later = queued.map(({ mission_id, title: about, waits_for, help }) => {
    const line = `  ${mission_id}  ${escapeLine(about, 80)}: ${escapeLine(waits_for.join("; "), 200)}`;
    return help === null ? line : `${line}\n      ${help}`;
  });
  return [
    title,
    `missions: ${counts.length === 0 ? "none" : counts.map(([status, count]) => `${count} ${status}`).join(", ")}`,
    `repositories: ${summary.repositories}`,
    ...section("waiting for you:", waiting),
    ...section("held:", holds),
    ...section("waiting for their turn:", later),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - shownMax;
  return [title, ...lines.slice(0, shownMax), ...(rest > 0 ? [`  +${rest} more`] : [])];
}
