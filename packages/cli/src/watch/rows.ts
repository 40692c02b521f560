/** What a live view shows of each mission. Pure: the state, what its run is at, and the time come from outside. */
import { type MissionStatus, missionDocument, type State, statusSummary, type Waiting } from "@aedev/core";

/** What a run is at, as far as the home tells. */
export interface Activity {
  readonly step: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
}
export interface WatchRow {
  readonly mission_id: string;
  readonly title: string;
  readonly repository: string;
  readonly status: MissionStatus;
  readonly task_id: string | null;
  /** Number of the run that is under way or was the last. */
  readonly attempt: number | null;
  /** Newest line of the run that is under way. */
  readonly step: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Since when it is as it is: the run's start while one is under way. ISO 8601 UTC. */
  readonly since: string;
  readonly hold_code: string | null;
  readonly waits_for: readonly string[];
  /** The command, where it waits for a person. */
  readonly help: string | null;
}
export interface WatchInput {
  readonly activity: (runId: string) => Activity;
  readonly waiting: ReadonlyMap<string, readonly Waiting[]>;
  /** ISO 8601 UTC. */
  readonly now: string;
  /** Missions that ended before this instant are not shown. */
  readonly endedAfter: string;
}

const ended: readonly MissionStatus[] = ["landed", "failed", "cancelled", "rejected"];
/** What needs a person first, then what is under way, then what waits, then what has ended. */
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
  const summary = statusSummary(state, input.now);
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
  const run = task?.runs.at(-1);
  const isUnderWay = task?.status === "running" || task?.status === "captured";
  const now = run !== undefined && isUnderWay ? activity(run.run_id) : null;
  const counted = run?.usage ?? { input_tokens: 0, output_tokens: 0 };
  const live = run?.status === "running" ? now : null;
  const waits = waiting.get(missionId) ?? [];
  return {
    mission_id: missionId,
    title: mission.title,
    repository: mission.repository,
    status: document.status,
    task_id: task?.task_id ?? null,
    attempt: run?.attempt ?? null,
    step: now?.step ?? null,
    input_tokens: live?.input_tokens ?? counted.input_tokens,
    output_tokens: live?.output_tokens ?? counted.output_tokens,
    since: (isUnderWay ? run?.started_at : task?.changed_at) ?? mission.submitted_at,
    hold_code: task?.hold?.code ?? null,
    waits_for: waits.map(({ text }) => text),
    help: waits.find(({ help }) => help !== null)?.help ?? null,
  };
}

type Placed = readonly [place: number, row: WatchRow];

function compare([place, row]: Placed, [otherPlace, other]: Placed, state: State): number {
  if (place !== otherPlace) return place - otherPlace;
  const [mine, theirs] = [row, other].map(({ mission_id }) => state.missions[mission_id]?.submitted_at ?? "");
  return (mine ?? "") < (theirs ?? "") ? -1 : 1;
}

/** What a row says beyond its numbers: two rows with the same words are the same to a reader. */
export function rowWords(row: WatchRow): string {
  const { status, hold_code, attempt, step, waits_for, help } = row;
  return [
    status,
    ...(attempt === null ? [] : [`run ${attempt}`]),
    ...(hold_code === null ? [] : [hold_code]),
    ...(step === null ? [] : [step]),
    ...waits_for,
    ...(help === null ? [] : [`-> ${help}`]),
  ].join("; ");
}
