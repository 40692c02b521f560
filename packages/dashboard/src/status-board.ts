/**
 * The status board: one self-contained page without a script, a pure function of the state and the instant. At most 25 KB whatever the state:
 * every list is capped and every text cut.
 */
import { escapeLine, type State } from "@aedev/core";
import { type Markup, markupTag } from "./markup.ts";
import { type Capped, type StatusBoardDocument, statusBoardDocument } from "./status-board-document.ts";
import { style } from "./style.ts";

/** `now`: ISO 8601 UTC. `daemon`: whether the one who renders is the running daemon. */
export interface StatusBoardOptions {
  readonly now: string;
  readonly daemon: "running" | "down";
}

/** Longest text of one place in the page, in characters. */
const textLengthMax = 160;
const html = markupTag((text) => escapeLine(text, textLengthMax));

const refreshSeconds = 15;
const pageBytesMax = 25_000;
/** Rows that each list may have, tried in this order until the page fits; the last always does, because every text is cut. */
const rowsMaxTried = [20, 12, 8, 5, 3] as const;

/** The whole page. Same state and options, same bytes. */
export function renderStatusBoard(state: State, options: StatusBoardOptions): string {
  let page = "";
  for (const rowsMax of rowsMaxTried) {
    page = renderPage(statusBoardDocument(state, options.now, rowsMax), options);
    if (Buffer.byteLength(page) <= pageBytesMax) break;
  }
  return page;
}

function renderPage(board: StatusBoardDocument, { now, daemon }: StatusBoardOptions): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="${refreshSeconds}"><title>aedev status</title><style>${{ markup: style }}</style></head>
<body><main><h1>aedev <b class="${daemon === "running" ? "good" : "warn"}">${daemon}</b></h1>
${counts(board)}
${waiting(board)}${holds(board, now)}${running(board, now)}${landed(board, now)}${newest(board, now)}
<p><small>as of ${now}</small></p></main></body></html>
`;
  return page.markup;
}

function counts(board: StatusBoardDocument): Markup {
  const present = Object.entries(board.missions).filter(([, count]) => count > 0);
  const items = present.map(([status, count]) => html`<li>${count} ${words(status)}</li>`);
  const none = present.length === 0 ? [html`<li>no missions yet</li>`] : [];
  const undelivered =
    board.undelivered === 0
      ? []
      : [
          html`<li><b class="warn">${board.undelivered} ${board.undelivered === 1 ? "push" : "pushes"} not delivered</b></li>`,
        ];
  return html`<ul class="counts">${items}${none}<li>${board.repositories} ${board.repositories === 1 ? "repository" : "repositories"}</li>${undelivered}</ul>`;
}

function waiting({ waiting: list }: StatusBoardDocument): Markup {
  return section(
    "Waiting for you",
    list,
    (item) => html`<li><b class="warn">${words(item.status)}</b> ${item.title}<br><code>${item.help}</code></li>`,
  );
}

function holds({ holds: list }: StatusBoardDocument, now: string): Markup {
  return section(
    "Held",
    list,
    (hold) =>
      html`<li><b class="warn">${hold.code}</b> ${hold.title}<br>${hold.detail === null ? [] : [html`${hold.detail}<br>`]}<small>${age(hold.held_at, now)}${hold.resumes_at === null ? "" : `, resumes ${hold.resumes_at}`}, ${hold.task_id}</small><br><code>${hold.help}</code></li>`,
  );
}

function running({ running: list }: StatusBoardDocument, now: string): Markup {
  return section(
    "Under way",
    list,
    (task) =>
      html`<li><b>${task.phase}</b> ${task.title}<br><small>${task.repository}, ${task.attempt === 0 ? "no run yet" : `run ${task.attempt}`}, ${age(task.since, now)}, ${task.task_id}</small></li>`,
  );
}

function landed({ landed: list }: StatusBoardDocument, now: string): Markup {
  return section(
    "Landed",
    list,
    (task) =>
      html`<li><b class="good">landed</b> ${task.title}<br><small>${task.repository} ${task.commit.slice(0, 12)}, ${age(task.landed_at, now)}</small></li>`,
  );
}

function newest({ newest: list }: StatusBoardDocument, now: string): Markup {
  return section(
    "Missions",
    list,
    (mission) =>
      html`<li><b>${words(mission.status)}</b> ${mission.title}<br><small>${mission.repository}, ${age(mission.submitted_at, now)}, ${mission.mission_id}</small></li>`,
  );
}

/** Nothing where the list is empty. */
function section<T>(title: string, list: Capped<T>, row: (item: T) => Markup): Markup {
  if (list.shown.length === 0) return html``;
  const more = list.more === 0 ? [] : [html`<li><small>+${list.more} more</small></li>`];
  return html`<section><h2>${title}</h2><ul>${list.shown.map(row)}${more}</ul></section>
`;
}

function words(status: string): string {
  return status.replaceAll("_", " ");
}

/** How long ago, in the largest whole unit. */
function age(at: string, now: string): string {
  const seconds = Math.max(0, Math.floor((Date.parse(now) - Date.parse(at)) / 1000));
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}
