/** The content of the status board as HTML, a pure function of its document in one language. Each list's rows have keys, by which the page's script finds them again. */
import { ageOf, dollarsText, roundedText } from "@aedev/contracts";
import type { Capped, StatusBoardDocument } from "@aedev/contracts/api";
import type { Markup, markupTag } from "../markup/markup.ts";
import type { BoardWords, Counted } from "./words.ts";

/** What every part needs. `html` shows a foreign text; `rowsMax`: the most rows of a list. */
export interface BoardView {
  readonly board: StatusBoardDocument;
  readonly words: BoardWords;
  readonly html: ReturnType<typeof markupTag>;
  readonly rowsMax: number;
}
type Row<K extends "running" | "judging" | "approved"> = StatusBoardDocument["task_state"][K]["rows"][number];

/** The content of `main`. */
export function boardView(view: BoardView): Markup {
  const { board, words, html } = view;
  const { lists } = words;
  const { queue, holds, task_state } = board;
  const task = (row: Row<"approved" | "running" | "judging">) => taskRow(view, row);
  return html`${attention(view)}<div class="cards">${[
    soakCard(view),
    todayCard(view),
    healthCard(view),
    queueCard(view),
    judgesCard(view),
    releaseCard(view),
    laneCard(view),
  ]}</div>${[
    list(view, lists.waiting, queue.waiting, (row) => waitingRow(view, row)),
    list(view, lists.holds, holds, (row) => holdRow(view, row)),
    list(view, lists.running, task_state.running, task),
    list(view, lists.judging, task_state.judging, task),
    list(view, lists.approved, task_state.approved, task),
    list(view, lists.landed, task_state.landed, (row) => landedRow(view, row)),
  ]}<p class="quiet"><small>${words.asOf} <span id="as-of">${timeText(board.generated_at)}</span> (${fill(words.position, { n: board.position })})</small></p>`;
}

/** What a person should know first: what stops the night, then signals. */
function attention({ board, words, html, rowsMax }: BoardView): Markup {
  const { alerts, signals } = words;
  const row = (key: string, text: string, detail: string, help: string) =>
    html`<li data-key="${key}"><b class="warn">${text}</b> <small>${detail}</small> <code>${help}</code></li>`;
  const known = board.runtime_health.alerts.rows.map((alert) => {
    const { kind, name, count: n, since, by, detail, text, help } = alert;
    const from = kind.startsWith("daemon-") ? words.lastEvent : words.since;
    const details = [
      ...(since === null ? [] : [fill(from, { time: timeText(since) })]),
      ...(by === null ? [] : [fill(words.by, { who: by })]),
      ...(detail === null ? [] : [detail]),
    ];
    const said = alerts === null ? text : fill(alerts[kind], { name: name ?? "", n: n ?? "" });
    return row(`${kind} ${name ?? ""}`, said, details.join(words.comma), help);
  });
  const found = board.signals.map(({ kind, text, help, count: n, since }) => {
    const time = since === null ? "" : timeText(since);
    return row(`signal ${kind}`, signals === null ? text : fill(signals[kind], { n, time }), "", help);
  });
  const rows = { rows: [...known, ...found], more: board.runtime_health.alerts.more };
  const troubles = rows.rows.length + rows.more;
  const waiting = board.queue.waiting.rows.length + board.queue.waiting.more;
  const isWell = troubles === 0 && board.ga_gates.recommendation !== "no-go";
  return html`<section data-key="alerts" id="alerts"><h2 class="${isWell ? "good" : "warn"}">${troubles > 0 ? counted(words.attention, troubles) : isWell ? words.well : words.noGo}</h2>${waiting === 0 ? html`` : html`<p>${counted(words.waits, waiting)}</p>`}${troubles === 0 ? html`` : html`<ul>${capped({ words, html, rowsMax }, rows, (one) => one)}</ul>`}</section>`;
}

function soakCard(view: BoardView): Markup {
  const { words, html } = view;
  const { soak } = view.board;
  if (soak.t0 === null || soak.elapsed_seconds === null || soak.progress_percent === null || soak.result === null)
    return card(view, "soak", words.soak.title, html`<p>${unmeasured(words, soak.why)}</p>`);
  const hours = (seconds: number) => Math.floor(seconds / 360) / 10;
  const done = fill(words.soak.of, { done: hours(soak.elapsed_seconds), all: hours(soak.required_seconds) });
  const tone = soak.result === "fail" || soak.result === "stopped" ? "warn" : "good";
  const rows = capped(
    view,
    soak.interruptions,
    ({ at, what }) => html`<li data-key="${what} ${at}">${words.soak[what]} ${timeText(at)}</li>`,
  );
  return card(
    view,
    "soak",
    words.soak.title,
    html`${ring(view, soak.progress_percent, done, tone)}<p><b class="${tone}">${words.soak[soak.result]}</b><br><span class="quiet">${done}</span></p><p><small>${fill(words.since, { time: timeText(soak.t0) })}</small></p>${rows.length === 0 ? html`<p><small>${words.soak.none}</small></p>` : html`<ul>${rows}</ul>`}`,
  );
}

function todayCard(view: BoardView): Markup {
  const { words, html } = view;
  const { today, unit } = words;
  const { usage } = view.board;
  const share = ({ used, limit }: { used: number; limit: number }) => (limit > 0 ? used / limit : 1);
  const budgets = [...(usage.budgets ?? [])].sort((one, other) => share(other) - share(one));
  const [first] = budgets;
  const percent = first === undefined ? 0 : Math.min(100, Math.round(share(first) * 100));
  const rows = budgets.map((budget) => {
    const [used, limit] = [amount(budget.used, budget.unit), amount(budget.limit, budget.unit)];
    return html`<li data-key="${budget.key}">${unit[budget.unit]}: ${fill(today.of, { used, limit })}</li>`;
  });
  const money =
    usage.nano_usd === null ? unmeasured(words, usage.why) : `${amount(usage.nano_usd, "nano_usd")} ${today.money}`;
  const used = [
    counted(today.runs, usage.runs),
    counted(today.requests, usage.requests),
    counted(today.tokens, usage.tokens),
  ].join(words.comma);
  const unpriced = usage.unpriced_requests;
  return card(
    view,
    "today",
    today.title,
    html`${first === undefined ? html`` : ring(view, percent, `${today.limits}: ${unit[first.unit]}`, percent >= 80 ? "warn" : "good")}<p>${money}<br><small>${used}</small>${unpriced === 0 ? html`` : html`<br>${counted(today.unpriced, unpriced)}`}</p>${usage.budgets === null ? html`` : rows.length === 0 ? html`<p><small>${today.noLimit}</small></p>` : html`<ul>${rows}</ul>`}`,
  );
}

function healthCard(view: BoardView): Markup {
  const { words, board, html } = view;
  const { health } = words;
  const { daemon, untrusted, engine, notifier, judges_out } = board.runtime_health;
  const seconds = Math.round((daemon.pass_age_ms ?? 0) / 1000);
  const age = daemon.pass_age_ms === null ? "" : fill(words.daemon.pass, { age: fill(words.ago.s, { n: seconds }) });
  const row = (key: string, name: string, isWell: boolean | null, text: string) =>
    html`<li data-key="${key}">${name}: ${isWell === null ? text : html`<b class="${isWell ? "good" : "warn"}">${text}</b>`}</li>`;
  const isNotified = notifier.status === "not-configured" ? null : notifier.status === "well";
  const isAnyAsked = board.judges.families?.some(({ status }) => status !== "not-asked") ?? true;
  const judges =
    judges_out > 0 ? fill(words.judges.someOut, { n: judges_out }) : words.judges[isAnyAsked ? "well" : "not-asked"];
  const asked = engine.answers === null ? unmeasured(words, engine.why) : health[engine.answers ? "answers" : "silent"];
  return card(
    view,
    "health",
    health.title,
    html`<ul><li data-key="daemon">${health.daemon}: <b class="${daemon.status === "running" ? "good" : "warn"}">${words.daemon[daemon.status]}</b> <small class="quiet">${age}</small></li>${[
      row("log", health.log, untrusted === null, health[untrusted === null ? "trusted" : "untrusted"]),
      row("engine", health.engine, engine.answers, asked),
      row("push", health.push, isNotified, words.notifier[notifier.status]),
      row("judges", health.judges, isAnyAsked ? judges_out === 0 : null, judges),
    ]}</ul>`,
  );
}

function queueCard(view: BoardView): Markup {
  const { words, board, html } = view;
  const { queue: names, status } = words;
  const { missions, tasks, repositories, proposals, oldest } = board.queue;
  const chips = (title: string, counts: Partial<typeof missions>) => {
    const rows = (Object.keys(status) as (keyof typeof status)[]).flatMap((name) => {
      const n = counts[name] ?? 0;
      return n === 0 ? [] : [html`<li data-key="${name}">${counted(status[name], n)}</li>`];
    });
    return html`<p>${title}${rows.length === 0 ? `: ${words.none}` : ""}</p><ul class="chips">${rows}</ul>`;
  };
  return card(
    view,
    "queue",
    names.title,
    html`${chips(names.missions, missions)}${chips(names.tasks, tasks)}<p>${counted(names.repositories, repositories)}${proposals === 0 ? "" : `${words.comma}${counted(names.proposals, proposals)}`}</p>${oldest === null ? html`` : html`<p>${names.oldest}: ${oldest.title} <small class="quiet">${ageText(view, oldest.submitted_at)}</small></p>`}`,
  );
}

function judgesCard(view: BoardView): Markup {
  const { words, html } = view;
  const { families, why } = view.board.judges;
  const rows = (families ?? []).map(({ family, model, status, since, planted, caught, counts }) => {
    const time = since === null ? "" : timeText(since);
    const said = fill(words.judges[status], { time });
    const tone = status === "out" ? "warn" : status === "well" ? "good" : "quiet";
    const details = [
      ...(model === null ? [] : [model]),
      ...(planted === 0 ? [] : [fill(words.judges.caught, { caught, planted })]),
      ...(counts ? [] : [words.judges.mute]),
    ];
    return html`<li data-key="${family}">${family} <b class="${tone}">${said}</b><br><small>${details.join(words.comma)}</small></li>`;
  });
  const none = families === null ? unmeasured(words, why) : words.none;
  return card(view, "judges", words.judges.title, rows.length === 0 ? html`<p>${none}</p>` : html`<ul>${rows}</ul>`);
}

function releaseCard(view: BoardView): Markup {
  const { words, html } = view;
  const { release } = words;
  const { release_state, ga_gates: gates } = view.board;
  const commit = release_state.commit?.slice(0, 12) ?? unmeasured(words, release_state.why);
  const { total, passed, noted, recommendation } = gates;
  const proofs =
    total === null || passed === null || noted === null || recommendation === null
      ? html`${unmeasured(words, gates.why)}`
      : html`<b class="${recommendation === "go" ? "good" : "warn"}">${release[recommendation]}</b><br><small>${fill(release.passed, { passed, total, noted })}</small>`;
  const blocked = gates.blocked.rows.length + gates.blocked.more;
  const rows = capped(view, gates.blocked, (what) => html`<li data-key="${what}">${what}</li>`);
  return card(
    view,
    "release",
    release.title,
    html`<p>${release.version} ${release_state.version}<br><small>${release.commit} ${commit}</small></p><p>${release.proofs}: ${proofs}</p>${blocked === 0 ? html`` : html`<details><summary>${fill(release.blocked, { n: blocked })}</summary><ul>${rows}</ul></details>`}`,
  );
}

function laneCard(view: BoardView): Markup {
  const { words, html } = view;
  const { lane, laneClosed } = words;
  const { merged_alone: record, closed } = view.board.lane;
  const rows = capped(view, closed, ({ repository, kind, merged, bad, text, help }) => {
    const said =
      laneClosed === null ? text : fill(laneClosed.text, { repository, kind: laneClosed.kinds[kind], merged, bad });
    return html`<li data-key="${repository} ${kind}">${said} <code>${help}</code></li>`;
  });
  const said =
    record === null
      ? lane.none
      : fill(lane.record, {
          merged: record.merged,
          from: Math.floor(record.bad_from * 100),
          to: Math.ceil(record.bad_to * 100),
        });
  return card(
    view,
    "lane",
    lane.title,
    html`<p>${said}</p>${rows.length === 0 ? html`` : html`<p>${lane.closed}</p><ul>${rows}</ul>`}`,
  );
}

function waitingRow({ words, html }: BoardView, row: StatusBoardDocument["queue"]["waiting"]["rows"][number]): Markup {
  const status = words.status[row.status][0].replace("{n} ", "");
  return html`<li data-key="${row.mission_id} ${row.task_id ?? ""}"><b class="warn">${status}</b> ${row.title} <code>${row.help}</code></li>`;
}

function holdRow(view: BoardView, hold: StatusBoardDocument["holds"]["rows"][number]): Markup {
  const { words, html } = view;
  const about = [
    fill(words.row.held, { age: ageText(view, hold.held_at) }),
    ...(hold.resumes_at === null ? [] : [fill(words.row.resumes, { time: timeText(hold.resumes_at) })]),
    hold.task_id,
  ];
  return html`<li data-key="${hold.hold_id}"><b class="warn">${hold.code}</b> ${hold.title}${hold.detail === null ? html`` : html`<br>${hold.detail}`}<br><small class="quiet">${about.join(words.comma)}</small> <code>${hold.help}</code></li>`;
}

function taskRow(view: BoardView, task: Row<"approved" | "running" | "judging">): Markup {
  const { words, html } = view;
  const run = task.runs === 0 ? words.row.noRun : fill(words.row.run, { n: task.runs });
  const about = [task.repository, run, task.task_id].join(words.comma);
  return html`<li data-key="${task.task_id}">${task.title}<br><small>${about}</small> · <small class="quiet">${ageText(view, task.since)}</small></li>`;
}

function landedRow(view: BoardView, task: StatusBoardDocument["task_state"]["landed"]["rows"][number]): Markup {
  const { html } = view;
  return html`<li data-key="${task.task_id}">${task.title}<br><small>${task.repository} ${task.commit.slice(0, 12)}</small> · <small class="quiet">${ageText(view, task.landed_at)}</small></li>`;
}

function card({ html }: BoardView, key: string, title: string, content: Markup): Markup {
  return html`<section class="card" data-key="${key}"><h2>${title}</h2>${content}</section>`;
}

/** Nothing for an empty list. */
function list<T>(view: BoardView, title: string, rows: Capped<T>, row: (item: T) => Markup): Markup {
  const { html } = view;
  const content = capped(view, rows, row);
  return content.length === 0
    ? html``
    : html`<section class="list" data-key="${title}"><h2>${title}</h2><ul>${content}</ul></section>`;
}

/** The first rows of a list, and how many are left out. */
function capped<T>(
  { words, html, rowsMax }: Pick<BoardView, "words" | "html" | "rowsMax">,
  { rows, more }: Capped<T>,
  row: (item: T) => Markup,
): Markup[] {
  const rest = more + Math.max(0, rows.length - rowsMax);
  const last = rest === 0 ? [] : [html`<li data-key="more"><small>${fill(words.more, { n: rest })}</small></li>`];
  return [...rows.slice(0, rowsMax).map(row), ...last];
}

/** A circle of which `percent` is filled; its circumference is 100. */
function ring({ html }: BoardView, percent: number, label: string, tone: "good" | "warn"): Markup {
  return html`<svg class="ring" viewBox="0 0 36 36" role="img" aria-label="${label}: ${percent} %"><circle class="track" cx="18" cy="18" r="15.915"/><circle class="${tone}" cx="18" cy="18" r="15.915" stroke-dasharray="${percent} 100" transform="rotate(-90 18 18)"/><text x="18" y="21" text-anchor="middle">${percent} %</text></svg>`;
}

function unmeasured(words: BoardWords, why: keyof BoardWords["why"] | null): string {
  return why === null ? words.unknown : `${words.unknown}: ${words.why[why]}`;
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function counted(texts: Counted, n: number): string {
  return fill(texts[n === 1 ? 0 : 1], { n: roundedText(n) });
}

/** `2026-01-31 10:20 UTC`. */
function timeText(instant: string): string {
  return `${instant.slice(0, 16).replace("T", " ")} UTC`;
}

/** The time since an instant by the document's clock, in the largest whole unit. */
function ageText({ board, words: { ago } }: BoardView, at: string): string {
  const { count, unit } = ageOf(Date.parse(board.generated_at) - Date.parse(at));
  return fill(ago[unit], { n: count });
}

/** `40 M`, `$1.20`, `35`. */
function amount(value: number, unit: string): string {
  if (unit === "nano_usd") return dollarsText(value);
  return roundedText(unit === "ms" ? value / 60_000 : value);
}
