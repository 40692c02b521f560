/** `aedev status`: shows what is happening, with the daemon up or down. `--plain` fits into two text messages. */
import {
  costText,
  counted,
  escapeLine,
  Fault,
  homeSignalParts,
  type MissionStatus,
  statusCountText,
  statusText,
  usedText,
} from "@aedev/contracts";
import type { HomeStatus } from "@aedev/daemon";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { endedDaemon } from "../daemon-client/ended-daemon.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { titled } from "../render/columns.ts";
import { laneLines, pauseLines, untrustedText } from "../render/home-text.ts";
import { outageLines } from "../render/judges-text.ts";
import { plainStatus } from "../render/plain-status.ts";
import type { Session } from "../terminal/session.ts";

const listedMax = 20;

export const verb: Verb = {
  summary: "Show what is happening and what waits for you.",
  options: [
    { flags: "--plain", summary: "at most 320 characters, short enough for a text message" },
    { flags: "--waiting", summary: "only what needs you; aedev alone does the same" },
  ],
  examples: ["aedev status", "aedev status --plain", "aedev status --json"],
  async run(session, input) {
    const [status, daemon] = await Promise.all([readHome(session, (home) => home.status()), daemonOrReason(session)]);
    const daemonStatus = "why" in daemon ? "down" : "running";
    const document = { daemon: daemonStatus, ...status };
    if (input.flag("plain"))
      return done({ ...document, plain: plainStatus(status, daemonStatus) }, plainStatus(status, daemonStatus));
    if (input.flag("waiting")) return done(document, waitingText(status, daemon));
    const title = "why" in daemon ? downLines(daemon) : [`daemon: running on port ${daemon.port}`];
    return done(document, wholeText(status, title));
  },
};

/** The daemon's address, or why it can't be reached. Another program on its socket must not hide the rest of the status. */
async function daemonOrReason(session: Session): Promise<{ port: number } | Down> {
  try {
    const found = await findDaemon(session);
    if (found !== undefined) return found;
    return { why: endedDaemon(session.home)?.text ?? "", help: "aedev daemon start" };
  } catch (error) {
    if (error instanceof Fault)
      return { why: escapeLine(error.message, 200), help: error.hint ?? "aedev daemon status" };
    throw error;
  }
}

/** A daemon that can't be reached. `why`: empty if somebody stopped it. */
interface Down {
  readonly why: string;
  readonly help: string;
}

function downLines({ why, help }: Down): string[] {
  return [`daemon: down${why === "" ? "" : `, ${why}`}`, `    ${escapeLine(help, 300)}`];
}

/** Everything that needs a person, with the command that helps; the rest is one line. */
function waitingText(status: HomeStatus, daemon: { port: number } | Down): string {
  const { waiting, holds } = itemsOf(status);
  const running = status.missions.running + status.missions.judging;
  const going = [`${counted(running, "mission")} at work`, `${counted(status.queued.length, "mission")} in the queue`];
  return [
    ...demoLines(status),
    ...untrustedText(status.untrusted),
    ...("why" in daemon ? downLines(daemon) : []),
    ...pauseLines(status),
    ...section("waiting for you:", waiting),
    ...section("held:", holds),
    ...noticeLines(status),
    ...(waiting.length + holds.length === 0 ? ["nothing waits for you"] : []),
    going.join(", "),
    "    aedev status",
    ...(status.repositories === 0 ? ["no repository yet", "    aedev repo add PATH"] : []),
  ].join("\n");
}

function wholeText(status: HomeStatus, title: readonly string[]): string {
  const counts = Object.entries(status.missions).filter(([, count]) => count > 0);
  const { waiting, holds } = itemsOf(status);
  const queuedLines = status.queued.map(({ mission_id, title: about, waits_for, help }) => {
    const line = `  ${mission_id}  ${escapeLine(about, 80)}: ${escapeLine(waits_for.join("; "), 200)}`;
    return help === null ? line : `${line}\n      ${help}`;
  });
  return [
    ...demoLines(status),
    ...title,
    ...untrustedText(status.untrusted),
    ...pauseLines(status),
    `missions: ${counts.length === 0 ? "none" : counts.map(([name, count]) => statusCountText(count, name as MissionStatus)).join(", ")}`,
    `repositories: ${status.repositories}`,
    `today: ${todayText(status)}`,
    ...section("waiting for you:", waiting),
    ...section("held:", holds),
    ...noticeLines(status),
    ...laneLines(status),
    ...section("waiting for their turn:", queuedLines),
  ].join("\n");
}

function demoLines({ demo }: HomeStatus): string[] {
  return demo === true ? ["A demo: everything here is simulated, and nothing can be changed."] : [];
}

function todayText({ today }: HomeStatus): string {
  return today.requests === 0 && today.runs === 0 ? "nothing used" : `${usedText(today)}, ${costText(today)}`;
}

/** Notices that a person should see although no decision waits. */
function noticeLines(status: HomeStatus): string[] {
  const signals = (status.signals ?? []).map((signal) => {
    const { text, help } = homeSignalParts(signal);
    return `  ${signal.severity}: ${text}\n${help
      .split(", or take it back: ")
      .map((command) => `      ${command}`)
      .join("\n")}`;
  });
  const outages = outageLines(status.judge_outages ?? []).map((line) => `  ${line}`);
  return [
    ...section("red after landing:", redLines(status)),
    ...proposalLines(status),
    ...section("sources of proposals that paused themselves:", pausedSourceLines(status)),
    ...section("judges:", outages),
    ...(status.undelivered > 0
      ? [`${counted(status.undelivered, "push", "pushes")} not delivered`, "    aedev notify test"]
      : []),
    ...section("signals:", signals),
  ];
}

/** The entries of the two lists that need a person. */
function itemsOf(status: HomeStatus): { waiting: string[]; holds: string[] } {
  const waiting = status.waiting.map(
    ({ status: phase, mission_id, task_id, title: about, help }) =>
      `  ${statusText(phase)}  ${task_id ?? mission_id}  ${escapeLine(about, 80)}\n      ${help}`,
  );
  const holds = status.holds.map(({ code, detail, task_id, title: about, help }) => {
    const why = detail === null ? code : `${code} (${escapeLine(detail, 120)})`;
    return `  ${why}  ${task_id}  ${escapeLine(about, 80)}\n      ${help}`;
  });
  return { waiting, holds };
}

/** Landed changes after which a check failed, each with the command that shows it. */
function redLines({ red_landings = [] }: HomeStatus): string[] {
  return red_landings.map(
    ({ repository, task_id }) =>
      `  ${repository}  ${task_id}\n      aedev task show ${task_id}\n      aedev task revert ${task_id}`,
  );
}

/** The number of proposed missions on one line, because they are not urgent. */
function proposalLines({ proposals = 0 }: HomeStatus): string[] {
  return proposals === 0 ? [] : [counted(proposals, "proposed mission"), "    aedev proposal list"];
}

function pausedSourceLines({ paused_sources = [] }: HomeStatus): string[] {
  return paused_sources.map(
    ({ repository, source, accepted, decided }) =>
      `  ${source} in ${repository}: ${accepted} of the last ${decided} were accepted\n      aedev proposal resume ${source} --repo ${repository}`,
  );
}

function section(title: string, lines: readonly string[]): string[] {
  const rest = lines.length - listedMax;
  return titled(title, [...lines.slice(0, listedMax), ...(rest > 0 ? [`  +${rest} more`] : [])]);
}
