/**
 * Renders the status board: one page without scripts, a pure function of its document and the time, never more than 25 KB.
 *
 * Folder: the status board.
 */
import {
  counted,
  escapeLine,
  type HomeSignal,
  homeSignalText,
  laneClosedText,
  type MissionStatus,
  mergedAloneText,
  reopenHelp,
  statusCountText,
  statusText,
} from "@aedev/contracts";
import type { Capped, StatusBoardDocument } from "@aedev/contracts/api";
import { type Markup, markupTag } from "../markup/markup.ts";
import { statusBoardStyle } from "./style.ts";

/** `now`: ISO 8601 UTC. `daemon`: whether the home's daemon is running. */
export interface StatusBoardOptions {
  readonly now: string;
  readonly daemon: "running" | "down";
}

type Row<K extends "waiting" | "holds" | "approved" | "running" | "judging" | "landed" | "newest"> =
  StatusBoardDocument[K]["shown"][number];

/** The longest text in one place of the page, in characters. */
const textLengthMax = 160;
const html = markupTag((text) => escapeLine(text, textLengthMax));

const closedLanesMax = 5;
const refreshSeconds = 15;
const pageBytesMax = 25_000;
/** Maximum rows per list, tried in this order until the page fits. The last one always fits, because every text is truncated. */
const rowsMaxTried = [20, 12, 8, 5, 3, 2] as const;

/** The whole page. The same document and options give the same bytes. */
export function renderStatusBoard(board: StatusBoardDocument, options: StatusBoardOptions): string {
  let page = "";
  for (const rowsMax of rowsMaxTried) {
    page = renderPage(board, { ...options, rowsMax });
    if (Buffer.byteLength(page) <= pageBytesMax) break;
  }
  return page;
}

function renderPage(
  board: StatusBoardDocument,
  { now, daemon, rowsMax }: StatusBoardOptions & { rowsMax: number },
): string {
  const section = <T>(title: string, list: Capped<T>, row: (item: T, now: string) => Markup) =>
    sectionOf(title, narrowed(list, rowsMax), (item) => row(item, now));
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="${refreshSeconds}"><title>aedev status</title><style>${{ markup: statusBoardStyle }}</style></head>
<body><main><h1>aedev <b class="${daemon === "running" ? "good" : "warn"}">${daemon}</b></h1>
${untrustedNotice(board)}${counts(board)}${lanes(board)}
${sectionOf("Signals", { shown: board.signals ?? [], more: 0 }, signalRow)}${section("Waiting for you", board.waiting, waitingRow)}${section("Held", board.holds, holdRow)}
${section("Running", board.running, taskRow)}${section("Judging", board.judging, taskRow)}${section("Approved", board.approved, taskRow)}
${section("Landed", board.landed, landedRow)}${section("Missions", board.newest, missionRow)}
<p><small>as of ${now}</small></p></main></body></html>
`;
  return page.markup;
}

function untrustedNotice({ untrusted }: StatusBoardDocument): Markup {
  if (untrusted === null) return html``;
  const [reason = ""] = untrusted.reasons;
  return html`<section><p><b class="warn">the log is not trusted: nothing runs, lands or is approved</b><br>${reason}<br><code>aedev events accept</code></p></section>
`;
}

function counts(board: StatusBoardDocument): Markup {
  const present = Object.entries(board.missions).filter(([, count]) => count > 0);
  const items = present.map(([status, count]) => html`<li>${statusCountText(count, status as MissionStatus)}</li>`);
  const none = present.length === 0 ? [html`<li>no missions yet</li>`] : [];
  const undelivered =
    board.undelivered === 0
      ? []
      : [html`<li><b class="warn">${counted(board.undelivered, "push", "pushes")} not delivered</b></li>`];
  return html`<ul class="counts">${items}${none}<li>${counted(board.repositories, "repository", "repositories")}</li>${undelivered}</ul>`;
}

/** How changes turned out that merged without an approval. */
function lanes({ merged_alone, closed_lanes = [] }: StatusBoardDocument): Markup {
  const record = merged_alone === undefined ? html`` : html`<p>${mergedAloneText(merged_alone)}</p>`;
  const closed = {
    shown: closed_lanes.slice(0, closedLanesMax),
    more: Math.max(0, closed_lanes.length - closedLanesMax),
  };
  return html`${record}${sectionOf(
    "Asked about from now on",
    closed,
    (lane) =>
      html`<li>${laneClosedText(lane, lane.repository)}<br><code>${reopenHelp(lane.kind, lane.repository)}</code></li>`,
  )}`;
}

/** A signal's row; there is at most one signal of each kind. */
function signalRow(signal: HomeSignal): Markup {
  return html`<li><b class="warn">${signal.severity}</b> ${homeSignalText(signal)}</li>`;
}

function waitingRow(item: Row<"waiting">): Markup {
  return html`<li><b class="warn">${statusText(item.status)}</b> ${item.title}<br><code>${item.help}</code></li>`;
}

function holdRow(hold: Row<"holds">, now: string): Markup {
  return html`<li><b class="warn">${hold.code}</b> ${hold.title}<br>${hold.detail === null ? [] : [html`${hold.detail}<br>`]}<small>${age(hold.held_at, now)}${hold.resumes_at === null ? "" : `, resumes ${hold.resumes_at}`}, ${hold.task_id}</small><br><code>${hold.help}</code></li>`;
}

function taskRow(task: Row<"approved" | "running" | "judging">, now: string): Markup {
  return html`<li><b>${statusText(task.status)}</b> ${task.title}<br><small>${task.repository}, ${task.runs === 0 ? "no run yet" : `run ${task.runs}`}, ${age(task.since, now)}, ${task.task_id}</small></li>`;
}

function landedRow(task: Row<"landed">, now: string): Markup {
  return html`<li><b class="good">${statusText("landed")}</b> ${task.title}<br><small>${task.repository} ${task.commit.slice(0, 12)}, ${age(task.landed_at, now)}</small></li>`;
}

function missionRow(mission: Row<"newest">, now: string): Markup {
  return html`<li><b>${statusText(mission.status)}</b> ${mission.title}<br><small>${mission.repository}, ${age(mission.submitted_at, now)}, ${mission.mission_id}</small></li>`;
}

function narrowed<T>({ shown, more }: Capped<T>, rowsMax: number): Capped<T> {
  return { shown: shown.slice(0, rowsMax), more: more + Math.max(0, shown.length - rowsMax) };
}

/** Empty for an empty list. */
function sectionOf<T>(title: string, list: Capped<T>, row: (item: T) => Markup): Markup {
  if (list.shown.length === 0) return html``;
  const more = list.more === 0 ? [] : [html`<li><small>+${list.more} more</small></li>`];
  return html`<section><h2>${title}</h2><ul>${list.shown.map(row)}${more}</ul></section>
`;
}

/** The time since an instant, in the largest whole unit. */
function age(at: string, now: string): string {
  const seconds = Math.max(0, Math.floor((Date.parse(now) - Date.parse(at)) / 1000));
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}
