/** Signals that something is wrong although no decision and no hold reports it. They are derived from the state and a few other facts. Pure. */
import { branchName, counted, type HoldCode, type HomeSignal } from "@aedev/contracts";
import type { JudgeSetup } from "../judges/canary-verdicts.ts";
import { type CountDefects, judgeRecords } from "../judges/judge-records.ts";
import { entityById, type State } from "../model/state.ts";
import { watchedLandings } from "../task/outcomes.ts";
import { type ObservedFacts, observedSignals } from "./observed-signals.ts";

const hourMs = 3_600_000;
/** A day, because runs may be limited to some hours of the day (`limits.run_window`). */
const queuedMsMax = 24 * hourMs;
/** A day, so that a person who decides once a day has had the chance. */
const heldMsMax = 24 * hourMs;

/** A time server moves a clock by less than this. */
const behindMsMax = 5 * 60_000;

/** After this time without a repair, people know that the branch is red. */
const redMsMax = 14 * 24 * hourMs;

/** Held and landed tasks are compared over this time. */
export const errorWindowMs = 24 * hourMs;
/** Fewer holds in that time are no rate. */
const heldInDayMin = 4;
/** The share of a day's budget from which a warning is due, before the budget holds everything. */
const usedShareMin = 0.8;
/** Codes of holds without a failure: a person stopped the runs, or is asked. */
const noFailures: ReadonlySet<HoldCode> = new Set(["HOLD-STOPPED", "HOLD-QUESTION"]);

/** Facts about the machine. */
export interface MachineFacts {
  /** Free bytes of the home's disk, and how many a run needs (`limits.disk_free`). */
  readonly disk_free_bytes: number;
  readonly disk_needed_bytes: number;
}

/** A budget and its use, in the same unit. */
export interface UsedBudget {
  readonly key: string;
  /** Null: the budget is not for one repository. */
  readonly repository: string | null;
  /** Null: there is no limit. */
  readonly limit: number | null;
  /** Null: the budget is not for a day. */
  readonly used: number | null;
}

/** The facts that signals need and the state does not have. A missing fact is unknown; only `unread` says which should be known. */
export interface SignalFacts {
  readonly machine?: MachineFacts;
  readonly budgets?: readonly UsedBudget[];
  /** Tasks that landed within `errorWindowMs`. */
  readonly landed?: number;
  readonly judges?: { readonly count: CountDefects; readonly setup: JudgeSetup };
  readonly observed?: ObservedFacts;
  /** Facts that can't be read, in words. */
  readonly unread?: readonly string[];
}

/** At most one signal of each kind, about the oldest or worst cause. `now`: ISO 8601 UTC. */
export function homeSignals(
  state: State,
  now: string,
  { machine, budgets, landed, judges, observed, unread = [] }: SignalFacts,
): HomeSignal[] {
  const before = (ms: number) => new Date(Date.parse(now) - ms).toISOString();
  const tasks = Object.values(state.tasks);
  const isPaused = state.system.pause !== undefined;
  const queued = tasks.filter(
    ({ status, planned_at, repository, runs }) =>
      status === "planned" &&
      !isPaused &&
      // The log does not record when a task with runs was planned again.
      runs.length === 0 &&
      planned_at < before(queuedMsMax) &&
      entityById(state.repositories, repository)?.paused !== true,
  );
  const held = tasks.flatMap(({ task_id, hold }) =>
    hold !== null &&
    hold.resumes_at === null &&
    !(isPaused && hold.code === "HOLD-STOPPED") &&
    hold.held_at < before(heldMsMax)
      ? [{ task_id, since: hold.held_at }]
      : [],
  );
  const low = machine !== undefined && machine.disk_free_bytes < machine.disk_needed_bytes;
  return [
    ...branchRed(state, now, before(redMsMax)),
    ...(low ? [{ kind: "disk-low", severity: "critical", task_id: null, since: null, count: 1 } as const] : []),
    ...clockBehind(state, new Date(Date.parse(now) + behindMsMax).toISOString()),
    ...(observed === undefined ? [] : observedSignals(observed, now)),
    ...oldest(
      "queue-age",
      queued.map(({ task_id, planned_at: since }) => ({ task_id, since })),
    ),
    ...oldest("hold-age", held),
    ...(landed === undefined ? [] : errorRate(state, before(errorWindowMs), landed)),
    ...spend(budgets ?? []),
    ...(judges === undefined ? [] : judgesBelow(judges)),
    ...unreadFacts(unread),
  ];
}

/** The signal about the landing whose check has been red for longest, among those red since `after` or later. */
function branchRed({ repositories }: State, now: string, after: string): HomeSignal[] {
  const broken = Object.values(repositories)
    .flatMap((repository) =>
      watchedLandings(repository, now).flatMap(({ task_id, ref, broke }) =>
        broke === undefined || broke.since < after ? [] : [{ task_id, ref, ...broke, repository: repository.name }],
      ),
    )
    .toSorted((one, other) => (one.since < other.since ? -1 : 1));
  const [first] = broken;
  if (first === undefined) return [];
  const { task_id, ref, checks, since, repository } = first;
  const [check = "", ...others] = checks;
  const which = others.length === 0 ? `check ${check}` : `check ${check} and ${counted(others.length, "other")}`;
  const detail = `${which} of ${repository}, ${branchName(ref)}: green before a landing, red since`;
  return [{ kind: "branch-red", severity: "critical", task_id, since, count: broken.length, detail }];
}

/** The signal about tasks that were held after `since` and are still held, if they are many and more than landed. */
function errorRate({ tasks }: State, since: string, landed: number): HomeSignal[] {
  const failed = Object.values(tasks).filter(
    ({ hold }) => hold !== null && hold.held_at >= since && hold.resumes_at === null && !noFailures.has(hold.code),
  );
  if (failed.length < heldInDayMin || failed.length <= landed) return [];
  return [{ kind: "error-rate", severity: "warning", task_id: null, since, count: failed.length }];
}

/** The signal about the budget with the highest share used. */
function spend(budgets: readonly UsedBudget[]): HomeSignal[] {
  const nearly = budgets
    .flatMap(({ key, repository, limit, used }) =>
      limit === null || limit <= 0 || used === null ? [] : [{ key, repository, share: used / limit }],
    )
    .filter(({ share }) => share >= usedShareMin)
    .toSorted((one, other) => other.share - one.share);
  const [most] = nearly;
  if (most === undefined) return [];
  const of = most.repository === null ? "" : ` for ${most.repository}`;
  const detail = `${Math.floor(most.share * 100)} % of ${most.key}${of}`;
  return [{ kind: "spend", severity: "warning", task_id: null, since: null, count: nearly.length, detail }];
}

function judgesBelow({ count, setup }: NonNullable<SignalFacts["judges"]>): HomeSignal[] {
  const below = judgeRecords(count, setup).filter(({ qualified }) => !qualified);
  if (below.length === 0) return [];
  const detail = below.map(({ family, caught, planted }) => `${family} (${caught} of ${planted})`).join(", ");
  return [{ kind: "judges-below", severity: "warning", task_id: null, since: null, count: below.length, detail }];
}

function unreadFacts(unread: readonly string[]): HomeSignal[] {
  if (unread.length === 0) return [];
  const detail = unread.join(", ");
  return [{ kind: "unread", severity: "warning", task_id: null, since: null, count: unread.length, detail }];
}

/** The signal that something was recorded after `latest`, which is in the future. Its `since` is the latest recorded instant. */
function clockBehind({ missions, tasks }: State, latest: string): HomeSignal[] {
  const instants = [
    ...Object.values(missions).map(({ submitted_at }) => submitted_at),
    ...Object.values(tasks).map(({ changed_at }) => changed_at),
  ];
  const since = instants
    .filter((instant) => instant > latest)
    .toSorted()
    .at(-1);
  return since === undefined ? [] : [{ kind: "clock-behind", severity: "critical", task_id: null, since, count: 1 }];
}

function oldest(
  kind: "queue-age" | "hold-age",
  causes: readonly { readonly task_id: string; readonly since: string }[],
): HomeSignal[] {
  const [first] = causes.toSorted((one, other) => (one.since < other.since ? -1 : 1));
  return first === undefined ? [] : [{ kind, severity: "warning", ...first, count: causes.length }];
}
