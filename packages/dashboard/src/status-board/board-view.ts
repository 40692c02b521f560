/**
 * The content of the status board as plain pieces, a pure function of its document. The server writes them as HTML.
 */
import type { Capped, StatusBoardDocument } from "@aedev/contracts/api";
import type { BoardWords, Counted } from "./words.ts";

/** A text, or an element. `tag` may have classes: `b.warn`. An element of a list has a key, by which it is found again after an update. */
export type BoardPiece = string | PieceElement;
/** An element: its tag with classes, its attributes, its content. The attribute `key` is written as `data-key`. */
export type PieceElement = readonly [
  tag: string,
  attributes: Readonly<Record<string, string>>,
  ...content: BoardPiece[],
];

type Row<K extends "running" | "judging" | "approved"> = StatusBoardDocument["task_state"][K]["rows"][number];

/** What every part of the view needs. `rowsMax`: the most rows of a list. */
interface View {
  readonly board: StatusBoardDocument;
  readonly words: BoardWords;
  readonly rowsMax: number;
}

/** The whole content. */
export function boardView(board: StatusBoardDocument, words: BoardWords, rowsMax: number): BoardPiece[] {
  const view = { board, words, rowsMax };
  const { lists } = words;
  const alerts = alertRows(view);
  const { queue, holds, task_state } = board;
  const waiting = queue.waiting.rows.length + queue.waiting.more;
  const unlisted = board.runtime_health.alerts.more;
  const headline = alerts.length === 0 ? words.well : count(words.attention, alerts.length + unlisted);
  return [
    [
      "section",
      { key: "alerts" },
      ["h2", { class: alerts.length === 0 ? "good" : "warn" }, headline],
      ...(waiting === 0 ? [] : [["p", {}, count(words.waits, waiting)] as BoardPiece]),
      ...(alerts.length === 0
        ? []
        : [["ul", {}, ...capped(view, { rows: alerts, more: unlisted }, (row) => row)] as BoardPiece]),
    ],
    [
      "div.cards",
      { key: "cards" },
      soakCard(view),
      todayCard(view),
      healthCard(view),
      queueCard(view),
      judgesCard(view),
      releaseCard(view),
      laneCard(view),
    ],
    ...list(view, lists.waiting, queue.waiting, (row) => waitingRow(view, row)),
    ...list(view, lists.holds, holds, (row) => holdRow(view, row)),
    ...list(view, lists.running, task_state.running, (row) => taskRow(view, row)),
    ...list(view, lists.judging, task_state.judging, (row) => taskRow(view, row)),
    ...list(view, lists.approved, task_state.approved, (row) => taskRow(view, row)),
    ...list(view, lists.landed, task_state.landed, (row) => landedRow(view, row)),
    [
      "p",
      { key: "end", class: "quiet" },
      ["small", {}, `${words.asOf} ${time(board.generated_at)}, ${fill(words.position, { n: board.position })}`],
    ],
  ];
}

/** What a person should know first: what stops the night, then signals. */
function alertRows({ board, words }: View): PieceElement[] {
  const { alerts, signals } = words;
  const rowOf = (key: string, text: string, details: readonly (string | null)[], help: string): PieceElement => {
    const detail = details.filter((one) => one !== null).join(", ");
    return [
      "li",
      { key },
      ["b.warn", {}, text],
      ...(detail === "" ? [] : [["small", {}, ` ${detail}`] as BoardPiece]),
      " ",
      ["code", {}, help],
    ];
  };
  const known = board.runtime_health.alerts.rows.map(({ kind, name, count: n, since, by, detail, text, help }) => {
    const from = kind.startsWith("daemon-") ? words.lastEvent : words.since;
    const details = [
      since === null ? null : fill(from, { time: time(since) }),
      by === null ? null : fill(words.by, { who: by }),
      detail,
    ];
    const values = { name: name ?? "", n: n ?? "" };
    return rowOf(`${kind} ${name ?? ""}`, alerts === null ? text : fill(alerts[kind], values), details, help);
  });
  return [
    ...known,
    ...board.signals.map(({ kind, text, help, count: n, since }) =>
      rowOf(
        `signal ${kind}`,
        signals === null ? text : fill(signals[kind], { n, time: since === null ? "" : time(since) }),
        [],
        help,
      ),
    ),
  ];
}

function soakCard(view: View): BoardPiece {
  const { soak: words, unknown } = view.words;
  const { soak } = view.board;
  if (soak.t0 === null || soak.elapsed_seconds === null || soak.progress_percent === null || soak.result === null)
    return card("soak", words.title, [["p", {}, `${unknown}: ${reason(view, soak.why)}`]]);
  const hours = (seconds: number) => String(Math.floor(seconds / 360) / 10);
  const done = fill(words.of, { done: hours(soak.elapsed_seconds), all: hours(soak.required_seconds) });
  const interruptions = capped(view, soak.interruptions, ({ at, what }) => [
    "li",
    { key: `${what} ${at}` },
    `${words[what]} ${time(at)}`,
  ]);
  return card("soak", words.title, [
    ring(soak.progress_percent, done, soak.result === "fail" ? "warn" : "good"),
    ["p", {}, ["b", { class: soak.result === "fail" ? "warn" : "good" }, words[soak.result]], ["br", {}], done],
    ["p", {}, ["small", {}, fill(view.words.since, { time: time(soak.t0) })]],
    ...(interruptions.length > 0
      ? [["ul", {}, ...interruptions] as BoardPiece]
      : [["p", {}, ["small", {}, words.none]] as BoardPiece]),
  ]);
}

function todayCard(view: View): BoardPiece {
  const { today: words, unit, unknown } = view.words;
  const { usage } = view.board;
  const share = ({ used, limit }: { used: number; limit: number }) => (limit > 0 ? used / limit : 1);
  const budgets = [...(usage.budgets ?? [])].sort((one, other) => share(other) - share(one));
  const [first] = budgets;
  const percent = first === undefined ? 0 : Math.min(100, Math.round(share(first) * 100));
  const rowOf = (budget: (typeof budgets)[number]): BoardPiece => [
    "li",
    { key: budget.key },
    `${unit[budget.unit]}: ${fill(words.of, { used: amount(budget.used, budget.unit), limit: amount(budget.limit, budget.unit) })}`,
  ];
  return card("today", words.title, [
    ...(first === undefined
      ? []
      : [ring(percent, `${words.limits}: ${unit[first.unit]}`, percent >= 80 ? "warn" : "good")]),
    [
      "p",
      {},
      `${usage.nano_usd === null ? `${unknown}: ${reason(view, usage.why)}` : `${amount(usage.nano_usd, "nano_usd")} ${words.money}`}`,
      ["br", {}],
      [
        "small",
        {},
        [
          count(words.runs, usage.runs),
          count(words.requests, usage.requests),
          count(words.tokens, usage.tokens, amount(usage.tokens, "")),
        ].join(", "),
      ],
      ...(usage.unpriced_requests === 0
        ? []
        : [["br", {}] as BoardPiece, count(words.unpriced, usage.unpriced_requests)]),
    ],
    ...(usage.budgets === null
      ? []
      : budgets.length === 0
        ? [["p", {}, ["small", {}, words.noLimit]] as BoardPiece]
        : [["ul", {}, ...budgets.map(rowOf)] as BoardPiece]),
  ]);
}

function healthCard(view: View): BoardPiece {
  const { words, board } = view;
  const { health } = words;
  const { daemon, untrusted, engine, notifier, judges_out } = board.runtime_health;
  const seconds = Math.round((daemon.pass_age_ms ?? 0) / 1000);
  const row = (key: string, name: string, isWell: boolean | null, text: string): BoardPiece => [
    key === "daemon" ? "li.quiet" : "li",
    { key },
    `${name}: `,
    isWell === null ? text : ["b", { class: isWell ? "good" : "warn" }, text],
  ];
  return card("health", health.title, [
    [
      "ul",
      {},
      row(
        "daemon",
        health.daemon,
        daemon.status === "running",
        fill(words.daemon[daemon.status], { age: fill(words.ago.s, { n: seconds }) }),
      ),
      row("log", health.log, untrusted === null, untrusted === null ? health.trusted : health.untrusted),
      row(
        "engine",
        health.engine,
        engine.answers,
        engine.answers === null
          ? `${words.unknown}: ${reason(view, engine.why)}`
          : health[engine.answers ? "answers" : "silent"],
      ),
      row(
        "push",
        health.push,
        notifier.status === "not-configured" ? null : notifier.status === "well",
        words.notifier[notifier.status],
      ),
      row(
        "judges",
        health.judges,
        judges_out === 0,
        judges_out === 0 ? words.judges.allWell : fill(words.judges.someOut, { n: judges_out }),
      ),
    ],
  ]);
}

function queueCard(view: View): BoardPiece {
  const { words, board } = view;
  const { queue: names, status } = words;
  const { missions, tasks, repositories, proposals, oldest } = board.queue;
  const chips = (key: string, counts: Partial<typeof missions>): BoardPiece[] => {
    const rows = (Object.keys(status) as (keyof typeof status)[]).flatMap((name): BoardPiece[] => {
      const n = counts[name] ?? 0;
      return n === 0 ? [] : [["li", { key: name }, count(status[name], n)]];
    });
    return [
      ["p", {}, `${names[key as "missions" | "tasks"]}${rows.length === 0 ? `: ${words.none}` : ""}`],
      ["ul.chips", {}, ...rows],
    ];
  };
  return card("queue", names.title, [
    ...chips("missions", missions),
    ...chips("tasks", tasks),
    [
      "p",
      {},
      `${count(names.repositories, repositories)}${proposals === 0 ? "" : `, ${count(names.proposals, proposals)}`}`,
    ],
    ...(oldest === null
      ? []
      : [
          [
            "p",
            {},
            `${names.oldest}: `,
            oldest.title,
            ["small.quiet", {}, ` ${age(view, oldest.submitted_at)}`],
          ] as BoardPiece,
        ]),
  ]);
}

function judgesCard(view: View): BoardPiece {
  const { words } = view;
  const { families, why } = view.board.judges;
  if (families === null)
    return card("judges", words.judges.title, [["p", {}, `${words.unknown}: ${reason(view, why)}`]]);
  const rows = families.map((judge): BoardPiece => {
    const out = judge.status === "out";
    const state = out
      ? fill(words.judges.out, { time: judge.since === null ? "" : time(judge.since) })
      : words.judges.well;
    return [
      "li",
      { key: judge.family },
      `${judge.family} `,
      ["b", { class: out ? "warn" : "good" }, state],
      ["br", {}],
      [
        "small",
        {},
        `${judge.model ?? ""}${judge.planted === 0 ? "" : `, ${fill(words.judges.caught, { caught: judge.caught, planted: judge.planted })}`}${judge.counts ? "" : `, ${words.judges.mute}`}`,
      ],
    ];
  });
  return card("judges", words.judges.title, [
    ["ul", {}, ...(rows.length === 0 ? [["li", {}, words.none] as BoardPiece] : rows)],
  ]);
}

function releaseCard(view: View): BoardPiece {
  const { release: words, unknown } = view.words;
  const { release_state, ga_gates: gates } = view.board;
  const proofs: BoardPiece[] =
    gates.total === null || gates.passed === null || gates.noted === null || gates.recommendation === null
      ? [`${words.proofs}: ${unknown}: ${reason(view, gates.why)}`]
      : [
          `${words.proofs}: `,
          ["b", { class: gates.recommendation === "go" ? "good" : "warn" }, words[gates.recommendation]],
          ["br", {}],
          ["small", {}, fill(words.passed, { passed: gates.passed, total: gates.total, noted: gates.noted })],
        ];
  const blocked = gates.blocked.rows.length + gates.blocked.more;
  return card("release", words.title, [
    [
      "p",
      {},
      `${words.version} ${release_state.version}`,
      ["br", {}],
      ["small", {}, `${words.commit} ${release_state.commit?.slice(0, 12) ?? reason(view, release_state.why)}`],
    ],
    ["p", {}, ...proofs],
    ...(blocked === 0
      ? []
      : [
          [
            "details",
            { key: "blocked" },
            ["summary", {}, fill(words.blocked, { n: blocked })],
            ["ul", {}, ...capped(view, gates.blocked, (what) => ["li", { key: what }, what])],
          ] as BoardPiece,
        ]),
  ]);
}

function laneCard(view: View): BoardPiece {
  const { lane: words, laneClosed } = view.words;
  const { merged_alone: record, closed } = view.board.lane;
  const rows = capped(view, closed, (lane) => [
    "li",
    { key: `${lane.repository} ${lane.kind}` },
    laneClosed === null
      ? lane.text
      : fill(laneClosed.text, {
          repository: lane.repository,
          kind: laneClosed.kinds[lane.kind],
          merged: lane.merged,
          bad: lane.bad,
        }),
    " ",
    ["code", {}, lane.help],
  ]);
  const percent = (share: number, round: (value: number) => number) => round(share * 100);
  return card("lane", words.title, [
    [
      "p",
      {},
      record === null
        ? words.none
        : fill(words.record, {
            merged: record.merged,
            from: percent(record.bad_from, Math.floor),
            to: percent(record.bad_to, Math.ceil),
          }),
    ],
    ...(rows.length === 0 ? [] : [["p", {}, words.closed] as BoardPiece, ["ul", {}, ...rows] as BoardPiece]),
  ]);
}

function waitingRow({ words }: View, row: StatusBoardDocument["queue"]["waiting"]["rows"][number]): PieceElement {
  const status = words.status[row.status][0].replace("{n} ", "");
  return [
    "li",
    { key: `${row.mission_id} ${row.task_id ?? ""}` },
    ["b.warn", {}, status],
    " ",
    row.title,
    " ",
    ["code", {}, row.help],
  ];
}

function holdRow(view: View, hold: StatusBoardDocument["holds"]["rows"][number]): PieceElement {
  const { row } = view.words;
  const resumes = hold.resumes_at === null ? "" : `, ${fill(row.resumes, { time: time(hold.resumes_at) })}`;
  return [
    "li",
    { key: hold.hold_id },
    ["b.warn", {}, hold.code],
    " ",
    hold.title,
    ...(hold.detail === null ? [] : [["br", {}] as BoardPiece, hold.detail]),
    ["br", {}],
    ["small.quiet", {}, `${fill(row.held, { age: age(view, hold.held_at) })}${resumes}, ${hold.task_id}`],
    " ",
    ["code", {}, hold.help],
  ];
}

function taskRow(view: View, task: Row<"approved" | "running" | "judging">): PieceElement {
  const { row } = view.words;
  const run = task.runs === 0 ? row.noRun : fill(row.run, { n: task.runs });
  return [
    "li",
    { key: task.task_id },
    task.title,
    ["br", {}],
    ["small", {}, `${task.repository}, ${run}, `],
    ["small.quiet", {}, `${age(view, task.since)}, ${task.task_id}`],
  ];
}

function landedRow(view: View, task: StatusBoardDocument["task_state"]["landed"]["rows"][number]): PieceElement {
  return [
    "li",
    { key: task.task_id },
    task.title,
    ["br", {}],
    ["small", {}, `${task.repository} ${task.commit.slice(0, 12)}, `],
    ["small.quiet", {}, age(view, task.landed_at)],
  ];
}

function card(key: string, title: string, content: readonly BoardPiece[]): BoardPiece {
  return ["section.card", { key }, ["h2", {}, title], ...content];
}

/** Nothing for an empty list. */
function list<T>(view: View, title: string, rows: Capped<T>, rowOf: (row: T) => PieceElement): BoardPiece[] {
  const content = capped(view, rows, rowOf);
  return content.length === 0 ? [] : [["section.list", { key: title }, ["h2", {}, title], ["ul", {}, ...content]]];
}

/** The rows of a list, and how many are left out. */
function capped<T>({ words, rowsMax }: View, { rows, more }: Capped<T>, rowOf: (row: T) => PieceElement): BoardPiece[] {
  const rest = more + Math.max(0, rows.length - rowsMax);
  return [
    ...rows.slice(0, rowsMax).map(rowOf),
    ...(rest === 0 ? [] : [["li.quiet", { key: "more" }, ["small", {}, fill(words.more, { n: rest })]] as BoardPiece]),
  ];
}

/** A circle of which `percent` is filled; its circumference is 100. */
function ring(percent: number, label: string, tone: "good" | "warn"): BoardPiece {
  const circle = { cx: "18", cy: "18", r: "15.915" };
  return [
    "svg.ring",
    { viewBox: "0 0 36 36", role: "img", "aria-label": `${label}: ${percent} %` },
    ["circle.track", circle],
    [`circle.${tone}`, { ...circle, "stroke-dasharray": `${percent} 100`, transform: "rotate(-90 18 18)" }],
    ["text", { x: "18", y: "21", "text-anchor": "middle" }, `${percent} %`],
  ];
}

function reason({ words }: View, why: keyof BoardWords["why"] | null): string {
  return why === null ? words.unknown : words.why[why];
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function count(texts: Counted, n: number, written = String(n)): string {
  return fill(texts[n === 1 ? 0 : 1], { n: written });
}

/** `2026-01-31 10:20 UTC`. */
function time(instant: string): string {
  return `${instant.slice(0, 16).replace("T", " ")} UTC`;
}

/** The time since an instant by the document's clock, in the largest whole unit. */
function age({ board, words: { ago } }: View, at: string): string {
  const seconds = Math.max(0, Math.floor((Date.parse(board.generated_at) - Date.parse(at)) / 1000));
  if (seconds < 60) return fill(ago.s, { n: seconds });
  if (seconds < 3600) return fill(ago.min, { n: Math.floor(seconds / 60) });
  return seconds < 86_400
    ? fill(ago.h, { n: Math.floor(seconds / 3600) })
    : fill(ago.d, { n: Math.floor(seconds / 86_400) });
}

/** `40 M`, `12 k`, `$1.20`, `35`. */
function amount(value: number, unit: string): string {
  if (unit === "nano_usd") return `$${(value / 1e9).toFixed(2)}`;
  const plain = unit === "ms" ? value / 60_000 : value;
  if (plain >= 1e6) return `${Number((plain / 1e6).toPrecision(3))} M`;
  return plain >= 1e4 ? `${Number((plain / 1e3).toPrecision(3))} k` : String(Math.round(plain));
}
