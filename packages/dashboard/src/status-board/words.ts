/** The words of the status board in English, and the form that every other language's table has: the compiler finds a missing key. */
import { type HomeSignal, type LaneKind, type MissionStatus, missionStatuses, statusCountText } from "@aedev/contracts";
import type { InterruptionKind, UnmeasuredReason } from "@aedev/contracts/api";

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
  readonly none: string;
  readonly unknown: string;
  readonly ago: Readonly<Record<"s" | "min" | "h" | "d", string>>;
  readonly why: Readonly<Record<UnmeasuredReason, string>>;
  readonly status: Readonly<Record<MissionStatus, Counted>>;
  readonly soak: Readonly<
    Record<"title" | "of" | "since" | "none" | "pass" | "running" | "fail" | InterruptionKind, string>
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
  readonly daemon: Readonly<Record<"running" | "stuck" | "stopped" | "died", string>>;
  readonly notifier: Readonly<Record<"not-configured" | "paused" | "undelivered" | "well", string>>;
  readonly judges: Readonly<Record<"title" | "well" | "out" | "caught" | "mute" | "allWell" | "someOut", string>>;
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
  readonly alert: Readonly<
    Record<
      | "untrusted"
      | "stuck"
      | "stopped"
      | "died"
      | "lastEvent"
      | "engine"
      | "paused"
      | "allStopped"
      | "repository"
      | "landings"
      | "since"
      | "by",
      string
    > &
      Record<"judge" | "push", Counted>
  >;
}

export const englishBoardWords: BoardWords = {
  code: "en",
  other: "中文",
  title: "aedev status board",
  well: "All is well",
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
  none: "none",
  unknown: "not measured",
  ago: { s: "{n} s ago", min: "{n} min ago", h: "{n} h ago", d: "{n} d ago" },
  why: {
    "no-commit": "this installation is no checkout",
    "no-start": "the log has no start of the daemon",
    "no-proofs": "this installation has no table of proofs",
    "not-asked": "the engine was not asked",
    unreadable: "a file of the configuration can't be read",
  },
  status: Object.fromEntries(
    missionStatuses.map((status) => [status, [1, 2].map((n) => statusCountText(n, status).replace(/^\d+/, "{n}"))]),
  ) as Record<MissionStatus, never>,
  soak: {
    title: "A day without interruption",
    of: "{done} h of {all} h",
    since: "since {time}",
    none: "no interruption",
    pass: "passed",
    running: "under way",
    fail: "interrupted",
    "daemon-died": "the daemon died, and started again {time}",
    "daemon-stopped": "the daemon was stopped, and started again {time}",
    "execution-ended": "the execution plane ended, and started again {time}",
    "judgement-ended": "the judgement plane ended, and started again {time}",
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
  daemon: { running: "running, last pass {age}", stuck: "stuck", stopped: "stopped", died: "died" },
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
    caught: "caught {caught} of {planted} planted defects",
    mute: "its vote does not count",
    allWell: "well",
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
    "no-go": "no go",
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
  alert: {
    untrusted: "The log is not trusted: nothing runs, lands or is approved",
    stuck: "The daemon answers, but its loop completes no pass",
    stopped: "The daemon is stopped",
    died: "The daemon died: nobody stopped it",
    lastEvent: "last event {age}",
    engine: "The Docker engine does not answer: no run can start",
    paused: "All work is paused",
    allStopped: "All runs are stopped",
    repository: "{name} is paused",
    landings: "Landings in {name} are paused",
    since: "since {time}",
    by: "by {who}",
    judge: ["Judge {name} does not answer, and {n} task waits", "Judge {name} does not answer, and {n} tasks wait"],
    push: ["{n} push not delivered", "{n} pushes not delivered"],
  },
};
