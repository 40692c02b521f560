/** The words of the status board in English, and the form that every other language's table has: the compiler finds a missing key. */
import {
  type HomeSignal,
  interruptionTexts,
  type LaneKind,
  type MissionStatus,
  missionStatuses,
  statusCountText,
  unmeasuredTexts,
} from "@aedev/contracts";
import type { AlertKind, InterruptionKind, UnmeasuredReason } from "@aedev/contracts/api";

/** A text for one and a text for several; `{n}` is the number. */
export type Counted = readonly [one: string, several: string];

/** The words of one language. Names in braces are filled in. */
export interface BoardWords {
  /** The language's code, for `lang`. */
  readonly code: string;
  /** The name of the other language, in that language. */
  readonly other: string;
  readonly title: string;
  readonly well: string;
  /** Nothing needs attention, and yet the version is not to be released. */
  readonly noGo: string;
  readonly attention: Counted;
  readonly waits: Counted;
  readonly live: string;
  readonly old: string;
  readonly still: string;
  readonly gone: string;
  readonly refresh: string;
  readonly every: string;
  readonly off: string;
  readonly pause: string;
  readonly resume: string;
  readonly now: string;
  readonly changed: string;
  readonly asOf: string;
  readonly position: string;
  readonly more: string;
  /** Between the parts of a line. */
  readonly comma: string;
  readonly none: string;
  readonly unknown: string;
  readonly ago: Readonly<Record<"s" | "min" | "h" | "d", string>>;
  readonly why: Readonly<Record<UnmeasuredReason, string>>;
  readonly status: Readonly<Record<MissionStatus, Counted>>;
  readonly soak: Readonly<
    Record<"title" | "of" | "none" | "pass" | "running" | "fail" | "stopped" | InterruptionKind, string>
  >;
  readonly today: Readonly<
    Record<"title" | "money" | "of" | "noLimit" | "limits", string> &
      Record<"runs" | "requests" | "tokens" | "unpriced", Counted>
  >;
  readonly unit: Readonly<Record<"tokens" | "nano_usd" | "ms" | "runs", string>>;
  readonly health: Readonly<
    Record<
      "title" | "daemon" | "engine" | "push" | "judges" | "log" | "answers" | "silent" | "trusted" | "untrusted",
      string
    >
  >;
  readonly daemon: Readonly<Record<"running" | "pass" | "stuck" | "stopped" | "died", string>>;
  readonly notifier: Readonly<Record<"not-configured" | "paused" | "undelivered" | "well", string>>;
  readonly judges: Readonly<Record<"title" | "well" | "out" | "not-asked" | "caught" | "mute" | "someOut", string>>;
  readonly queue: Readonly<
    Record<"title" | "missions" | "tasks" | "oldest", string> & Record<"repositories" | "proposals", Counted>
  >;
  readonly release: Readonly<
    Record<"title" | "version" | "commit" | "proofs" | "passed" | "go" | "no-go" | "blocked", string>
  >;
  readonly lane: Readonly<Record<"title" | "record" | "none" | "closed", string>>;
  /** Null: the document's own texts, which are English. */
  readonly laneClosed: { readonly text: string; readonly kinds: Readonly<Record<LaneKind, string>> } | null;
  /** Null: as for `laneClosed`. */
  readonly signals: Readonly<Record<HomeSignal["kind"], string>> | null;
  readonly lists: Readonly<Record<"waiting" | "holds" | "running" | "judging" | "approved" | "landed", string>>;
  readonly row: Readonly<Record<"run" | "noRun" | "held" | "resumes", string>>;
  readonly lastEvent: string;
  readonly since: string;
  readonly by: string;
  /** Null: as for `laneClosed`. */
  readonly alerts: Readonly<Record<AlertKind, string>> | null;
}

export const englishBoardWords: BoardWords = {
  code: "en",
  other: "中文",
  title: "Status board - aedev",
  well: "All is well",
  noGo: "Nothing needs attention; the release is a no-go",
  attention: ["{n} thing needs attention", "{n} things need attention"],
  waits: ["{n} waits for you", "{n} wait for you"],
  live: "live",
  old: "not refreshed for {n} s",
  still: "refresh is paused",
  gone: "daemon down since {time}",
  refresh: "Refresh",
  every: "every {n} s",
  off: "off",
  pause: "Pause",
  resume: "Resume",
  now: "Refresh now",
  changed: "Changed: {names}",
  asOf: "as of",
  position: "log position {n}",
  more: "+{n} more",
  comma: ", ",
  none: "none",
  unknown: "not measured",
  ago: { s: "{n} s ago", min: "{n} min ago", h: "{n} h ago", d: "{n} d ago" },
  why: unmeasuredTexts,
  status: Object.fromEntries(
    missionStatuses.map((status) => [status, [1, 2].map((n) => statusCountText(n, status).replace(/^\d+/, "{n}"))]),
  ) as Record<MissionStatus, never>,
  soak: {
    title: "A day without interruption",
    of: "{done} h of {all} h",
    none: "no interruption",
    pass: "passed",
    running: "under way",
    fail: "interrupted",
    stopped: "the daemon is stopped",
    ...interruptionTexts,
  },
  today: {
    title: "Today",
    runs: ["{n} run", "{n} runs"],
    requests: ["{n} request", "{n} requests"],
    tokens: ["{n} token", "{n} tokens"],
    money: "at list price",
    unpriced: ["{n} request of unknown price", "{n} requests of unknown price"],
    of: "{used} of {limit}",
    noLimit: "no budget of a day is set",
    limits: "budgets of a day",
  },
  unit: { tokens: "tokens", nano_usd: "dollars", ms: "minutes of runs", runs: "runs" },
  health: {
    title: "Health",
    daemon: "daemon",
    engine: "Docker engine",
    push: "push messages",
    judges: "judges",
    log: "log",
    answers: "answers",
    silent: "does not answer",
    trusted: "trusted",
    untrusted: "not trusted",
  },
  daemon: { running: "running", pass: "last pass {age}", stuck: "stuck", stopped: "stopped", died: "died" },
  notifier: {
    "not-configured": "not configured",
    paused: "the push server asks for a pause",
    undelivered: "not delivered",
    well: "well",
  },
  judges: {
    title: "Judges",
    well: "well",
    out: "out since {time}",
    "not-asked": "not asked yet",
    caught: "caught {caught} of {planted} planted defects",
    mute: "its vote does not count",
    someOut: "{n} out",
  },
  queue: {
    title: "Queue",
    missions: "missions",
    tasks: "tasks",
    repositories: ["{n} repository", "{n} repositories"],
    proposals: ["{n} proposed mission", "{n} proposed missions"],
    oldest: "oldest open mission",
  },
  release: {
    title: "Release",
    version: "version",
    commit: "commit",
    proofs: "proofs",
    passed: "{passed} of {total} passed, {noted} noted by hand",
    go: "go",
    "no-go": "no-go",
    blocked: "{n} failed or not run",
  },
  lane: {
    title: "Merged without you",
    record: "{merged} in 30 days, {from} to {to} % bad (95 %)",
    none: "none in 30 days",
    closed: "Asked about from now on",
  },
  laneClosed: null,
  signals: null,
  lists: {
    waiting: "Waiting for you",
    holds: "Held",
    running: "Running",
    judging: "Judging",
    approved: "Approved",
    landed: "Landed",
  },
  row: { run: "run {n}", noRun: "no run yet", held: "held {age}", resumes: "resumes {time}" },
  lastEvent: "last event {time}",
  since: "since {time}",
  by: "by {who}",
  alerts: null,
};
