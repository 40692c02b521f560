/** Computes the live view's row of each mission. Pure: state, current step and time are passed in. */
import { type MissionStatus, noUsage, tokensOf } from "@aedev/contracts";
import { missionDocument, runOfChange, type State, statusSummary, totalsOf, type Waiting } from "@aedev/core";
import type { RunActivity } from "./run-activity.ts";

/** One mission of the live view. */
export interface WatchRow {
  readonly mission_id: string;
  readonly title: string;
  readonly repository: string;
  readonly status: MissionStatus;
  readonly task_id: string | null;
  /** Number of the current or last run. */
  readonly attempt: number | null;
  /** Newest line of the current run. */
  readonly step: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** All tokens of this run, as `task show` counts them. */
  readonly tokens: number;
  /** When the present state began, or the run's start while a run is in progress. ISO 8601 UTC. */
  readonly since: string;
  readonly hold_code: string | null;
  readonly waits_for: readonly string[];
  /** The command to run, if the mission waits for a person. */
  readonly help: string | null;
}
export interface WatchInput {
  readonly activity: (runId: string) => RunActivity;
  readonly waiting: ReadonlyMap<string, readonly Waiting[]>;
  /** ISO 8601 UTC. */
  readonly now: string;
  /** Missions that ended before this instant are left out. */
  readonly endedAfter: string;
}

const ended: readonly MissionStatus[] = ["landed", "failed", "cancelled", "rejected"];
/** Missions that need a person come first, then active, waiting and ended ones. */
const order: readonly MissionStatus[] = [
  "clarifying",
  "awaiting_approval",
  "asked",
  "held",
  "judging",
  "running",
  "approved",
  ...ended,
];

export function watchRows(state: State, input: WatchInput): WatchRow[] {
  const summary = statusSummary(state, input.now, totalsOf(state).missions);
  const helps = new Map([...summary.holds, ...summary.waiting].map(({ mission_id, help }) => [mission_id, help]));
  return Object.values(state.missions)
    .map(({ mission_id }) => rowOf(state, mission_id, input))
    .filter((row) => row !== null)
    .filter(({ status, since }) => !ended.includes(status) || since >= input.endedAfter)
    .map((row) => ({ ...row, help: helps.get(row.mission_id) ?? row.help }))
    .toSorted((left, right) =>
      compare([order.indexOf(left.status), left], [order.indexOf(right.status), right], state),
    );
}

function rowOf(state: State, missionId: string, { activity, waiting }: WatchInput): WatchRow | null {
  const mission = state.missions[missionId];
  const document = missionDocument(state, missionId);
  if (mission === undefined || document === undefined) return null;
  const task = mission.task_ids.map((id) => state.tasks[id]).findLast((one) => one !== undefined);
  const run = task === undefined ? undefined : runOfChange(task);
  const isUnderWay = task?.status === "running" || task?.status === "captured";
  const now = run !== undefined && isUnderWay ? activity(run.run_id) : null;
  const counted = run?.usage ?? noUsage;
  const live = run?.status === "running" ? now : null;
  const waits = waiting.get(missionId) ?? [];
  return {
    mission_id: missionId,
    title: mission.title,
    repository: mission.repository,
    status: document.status,
    task_id: task?.task_id ?? null,
    attempt: run?.attempt ?? null,
    step: now?.lines.at(-1)?.text ?? null,
    input_tokens: live?.input_tokens ?? counted.input_tokens,
    output_tokens: live?.output_tokens ?? counted.output_tokens,
    tokens: live === null ? tokensOf(counted) : live.input_tokens + live.output_tokens,
    since: (isUnderWay ? run?.started_at : task?.changed_at) ?? mission.submitted_at,
    hold_code: task?.hold?.code ?? null,
    waits_for: waits.map(({ text }) => text),
    help: waits.find(({ help }) => help !== null)?.help ?? null,
  };
}

type Placed = readonly [place: number, row: WatchRow];

function compare([rank, row]: Placed, [otherRank, other]: Placed, state: State): number {
  if (rank !== otherRank) return rank - otherRank;
  const [mine, theirs] = [row, other].map(({ mission_id }) => state.missions[mission_id]?.submitted_at ?? "");
  return (mine ?? "") < (theirs ?? "") ? -1 : 1;
}
