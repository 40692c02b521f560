/**
 * Composes the status board's document; it renders nothing. Every list is capped, only the listed part of the past is read, and foreign texts are made one
 * visible line each.
 *
 * Folder: the status board's document.
 */
import { actorText, escapeLine, homeSignalParts, laneClosedText, passAgeMsMax, reopenHelp } from "@aedev/contracts";
import type { Capped, StatusBoardDocument } from "@aedev/contracts/api";
import {
  type JudgeRecord,
  judgeRecords,
  knownActor,
  type State,
  statusSummary,
  type TaskState,
  taskStatus,
} from "@aedev/core/reading";
import type { ViewQueries } from "../log/view-queries.ts";
import type { PageSource } from "../reader/pages.ts";
import { alertsOf } from "./alerts.ts";
import type { BoardFacts } from "./board-facts.ts";
import { soakOf, startTypes } from "./soak.ts";

/** Most rows of a list in the document; the rest is only counted. */
const rowsMax = 50;
/** More starts than a day without rest has, and few enough to be read each time. */
const startsReadMax = 500;
/** The longest foreign text, in characters. */
const textLengthMax = 160;

/** Where the document's parts come from: a running daemon's log, or a stopped home's views. */
export interface BoardSource extends Pick<PageSource, "stateToShow"> {
  /** Of the log's last event. */
  readonly position: number;
  readonly views: PageSource["views"] &
    Pick<ViewQueries, "taskCounts" | "hasVerdictOf" | "lastEvents" | "lastRecordedAt">;
}
type Part<K extends keyof StatusBoardDocument> = StatusBoardDocument[K];

/** The document at `now` (ISO 8601 UTC). */
export function statusBoardDocument(source: BoardSource, facts: BoardFacts, now: string): StatusBoardDocument {
  const state = source.stateToShow({ missions: source.views.lastLanded(rowsMax) });
  const totals = source.views.totals();
  const summary = statusSummary(state, now, totals.missions, facts.signals);
  const starts = source.views.lastEvents("system", startTypes, startsReadMax);
  const daemon = facts.daemon.status === "running" && isStuck(facts.daemon.passAgeMs) ? "stuck" : facts.daemon.status;
  const runtime_health = {
    daemon: {
      status: daemon,
      since: facts.daemon.status === "running" ? lastStart(starts) : null,
      pass_age_ms: facts.daemon.status === "running" ? facts.daemon.passAgeMs : null,
      last_event_at: source.views.lastRecordedAt(),
    },
    untrusted: facts.untrusted === null ? null : { ...facts.untrusted, reasons: facts.untrusted.reasons.map(visible) },
    engine: { answers: facts.engineAnswers, why: facts.engineAnswers === null ? "not-asked" : null },
    notifier: notifierOf(state, facts, summary.undelivered),
    judges_out: summary.judge_outages?.length ?? 0,
  } as const;
  const pause = pauseOf(source.views, state);
  const judges = judgesOf(facts, summary, source.views);
  return {
    schema_version: 1,
    generated_at: now,
    position: source.position,
    release_state: facts.release,
    soak: soakOf(starts, { now, t0: facts.t0, daemon }),
    runtime_health: {
      alerts: cappedList(alertsOf({ isDemo: state.system.demo === true, runtime_health, pause, judges })),
      ...runtime_health,
    },
    queue: {
      missions: summary.missions,
      tasks: source.views.taskCounts(),
      repositories: summary.repositories,
      proposals: summary.proposals ?? 0,
      waiting: cappedList(summary.waiting.map(withVisibleTitle)),
      oldest: oldestMission(state),
    },
    task_state: {
      running: cappedList(tasksThatAre("running", state)),
      judging: cappedList(tasksThatAre("judging", state)),
      approved: cappedList(tasksThatAre("approved", state)),
      landed: cappedList(landedTasks(state), totals.landed_tasks),
    },
    signals: (summary.signals ?? []).map(({ detail, ...signal }) => {
      const { text, help } = homeSignalParts({
        ...signal,
        ...(detail === undefined ? {} : { detail: visible(detail) }),
      });
      return { ...signal, text, help };
    }),
    ga_gates: facts.gates,
    usage: usageOf(facts),
    pause,
    lane: laneOf(summary),
    judges,
    holds: cappedList(
      summary.holds.map((hold) => ({
        ...withVisibleTitle(hold),
        detail: hold.detail === null ? null : visible(hold.detail),
      })),
    ),
  };
}

type Summary = ReturnType<typeof statusSummary>;

function isStuck(passAgeMs: number): boolean {
  return passAgeMs > passAgeMsMax;
}

function lastStart(starts: ReturnType<ViewQueries["lastEvents"]>): string | null {
  return starts.find(({ type }) => type === "DaemonStarted")?.recorded_at ?? null;
}

function notifierOf(state: State, { signals }: BoardFacts, undelivered: number): Part<"runtime_health">["notifier"] {
  if (state.system.notifier === null) return { status: "not-configured", undelivered };
  if (signals.observed?.push !== undefined) return { status: "paused", undelivered };
  return { status: undelivered > 0 ? "undelivered" : "well", undelivered };
}

function oldestMission(state: State): Part<"queue">["oldest"] {
  const open = Object.values(state.missions).filter(
    ({ stage, task_ids, part_of }) =>
      part_of === undefined &&
      !["rejected", "cancelled"].includes(stage) &&
      (task_ids.length === 0 || task_ids.some((id) => !isEnded(state.tasks[id]))),
  );
  const [oldest] = open.toSorted((left, right) => byText(left.submitted_at, right.submitted_at));
  if (oldest === undefined) return null;
  return { mission_id: oldest.mission_id, title: visible(oldest.title), submitted_at: oldest.submitted_at };
}

function isEnded(task: TaskState | undefined): boolean {
  return task === undefined || ["landed", "failed", "cancelled", "rejected"].includes(taskStatus(task));
}

function usageOf({ signals: { budgets }, today }: BoardFacts): Part<"usage"> {
  const limited = budgets?.flatMap(({ key, repository, unit, used, limit }) =>
    repository !== null || used === null || limit === null ? [] : [{ key, unit, used, limit }],
  );
  return {
    runs: today.runs,
    requests: today.requests,
    tokens: today.tokens,
    nano_usd: budgets === undefined ? null : today.nano_usd,
    unpriced_requests: today.unknown.reduce((sum, { requests }) => sum + requests, 0),
    budgets: limited ?? null,
    why: budgets === undefined ? "unreadable" : null,
  };
}

/** Who paused, and since when, is in the events; the state has only that something is paused. */
function pauseOf(views: BoardSource["views"], state: State): Part<"pause"> {
  const by = (event: ReturnType<ViewQueries["lastEvents"]>[number] | undefined) =>
    event !== undefined && "by" in event.data && event.data.by !== null
      ? actorText(knownActor(state, event.data.by))
      : null;
  const { pause } = state.system;
  const paused = Object.values(state.repositories)
    .filter((repository) => repository.paused || repository.landings_paused === true)
    .toSorted((left, right) => byText(left.name, right.name))
    .map((repository) => {
      const what = repository.paused ? "repository" : "landings";
      const type = repository.paused ? "RepositoryPaused" : "LandingPaused";
      const [event] = views.lastEvents(`repository/${repository.name}`, [type], 1);
      return { name: repository.name, paused: what, since: event?.recorded_at ?? null, by: by(event) } as const;
    });
  return {
    home: pause === undefined ? null : { ...pause, by: by(views.lastEvents("system", ["WorkPaused"], 1)[0]) },
    repositories: cappedList(paused),
  };
}

function laneOf({ merged_alone, closed_lanes = [] }: Summary): Part<"lane"> {
  const closed = closed_lanes.map((lane) => ({
    ...lane,
    text: laneClosedText(lane, lane.repository),
    help: reopenHelp(lane.kind, lane.repository),
  }));
  return { merged_alone: merged_alone ?? null, closed: cappedList(closed) };
}

function judgesOf(
  { signals: { judges } }: BoardFacts,
  { judge_outages = [] }: Summary,
  views: Pick<ViewQueries, "hasVerdictOf">,
): Part<"judges"> {
  if (judges === undefined) return { families: null, why: "unreadable" };
  const row = ({ family, model, planted, caught, qualified }: JudgeRecord) => {
    const outage = judge_outages.find((one) => one.family === family);
    const wasAsked = planted > 0 || views.hasVerdictOf(family);
    const status = outage !== undefined ? "out" : wasAsked ? "well" : "not-asked";
    return {
      ...({ family, model, status } as const),
      ...{ since: outage?.since ?? null, waiting: outage?.waiting.length ?? 0, planted, caught, counts: qualified },
    };
  };
  return { families: judgeRecords(judges.count, judges.setup).map(row), why: null };
}

function cappedList<T>(list: readonly T[], total = list.length): Capped<T> {
  return { rows: list.slice(0, rowsMax), more: Math.max(0, total - rowsMax) };
}

/** The tasks in this phase, longest first. */
function tasksThatAre<S extends "approved" | "running" | "judging">(status: S, state: State) {
  return Object.values(state.tasks)
    .filter((task) => taskStatus(task) === status)
    .map((task) => ({ ...taskRow(state, task), status, runs: task.runs.length, since: task.changed_at }))
    .toSorted((left, right) => byText(left.since, right.since) || byText(left.task_id, right.task_id));
}

/** Landed tasks, latest first. */
function landedTasks(state: State): Part<"task_state">["landed"]["rows"][number][] {
  return Object.values(state.tasks)
    .flatMap((task) =>
      task.landed_commit === null
        ? []
        : [{ ...taskRow(state, task), commit: task.landed_commit, landed_at: task.changed_at }],
    )
    .toSorted((left, right) => byText(right.landed_at, left.landed_at) || byText(left.task_id, right.task_id));
}

function taskRow(state: State, { task_id, mission_id, repository }: TaskState) {
  return { task_id, mission_id, title: visible(state.missions[mission_id]?.title ?? ""), repository };
}

function withVisibleTitle<T extends { readonly title: string }>(row: T): T {
  return { ...row, title: visible(row.title) };
}

function visible(text: string): string {
  return escapeLine(text, textLengthMax);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
