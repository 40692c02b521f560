/** Opens and closes lanes: changes of a kind no longer merge by themselves once their record contradicts, at 95 %, the bound under which the profile merges. */
import { type ClosedLane, type LaneKind, type LaneRecord, laneKinds } from "@aedev/contracts";
import type { LaneDocument, StatusSummary } from "@aedev/contracts/api";
import { type Command, type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent, NewEvent } from "../model/event.ts";
import type { LaneState, RepositoryState } from "../model/repository-state.ts";
import { entityById, type State } from "../model/state.ts";
import { withObserved } from "../task/outcomes.ts";
import { clopperPearson } from "./clopper-pearson.ts";
import { withMergedAlone } from "./merged-alone.ts";

interface Count {
  readonly merged: number;
  readonly bad: number;
}
/** Over which time `status` counts. */
const statusMs = 30 * 24 * 3_600_000;

/** A record with its bounds. */
function laneRecord({ merged, bad }: Count): LaneRecord {
  const { lower, upper } = clopperPearson(bad, merged);
  return { merged, bad, bad_from: lower, bad_to: upper };
}

/** Merges of a kind in a repository since its lane was last opened. */
function countOf({ past, repositories }: Pick<State, "past" | "repositories">, name: string, kind: LaneKind): Count {
  const since = entityById(repositories, name)?.lanes?.[kind]?.since ?? "";
  const found = (entityById(past.merged, name) ?? []).filter((one) => one.kind === kind && one.at > since);
  return { merged: found.length, bad: found.filter(({ bad }) => bad).length };
}

function sumOf(counts: readonly Count[]): Count {
  return counts.reduce((sum, { merged, bad }) => ({ merged: sum.merged + merged, bad: sum.bad + bad }), {
    merged: 0,
    bad: 0,
  });
}

/** The record that is above the bound (in thousandths): that of all repositories whose lane is open, or else this one's; null if neither is. */
function brokenRecord(
  state: Pick<State, "past" | "repositories">,
  { name, kind, bound }: { name: string; kind: LaneKind; bound: number },
): ClosedLane | null {
  const open = Object.values(state.repositories).filter(({ lanes }) => lanes?.[kind]?.closed === undefined);
  const all = sumOf(open.map((one) => countOf(state, one.name, kind)));
  const own = countOf(state, name, kind);
  const isBroken = ({ merged, bad }: Count) => clopperPearson(bad, merged).lower * 1000 > bound;
  if (all.merged > own.merged && isBroken(all)) return { kind, ...all, bound, over: "all-repositories" };
  return isBroken(own) ? { kind, ...own, bound, over: "repository" } : null;
}

/** The decision about outcomes, and the closing of each lane whose record they break. */
export function withClosings(
  decision: Decision,
  command: CommandOf<"RecordOutcomes" | "JudgeOutcome">,
  state: State,
): Decision {
  const { lane_bound: bound } = command;
  if (decision.kind === "refused" || bound === undefined) return decision;
  const repositories = new Set<string>();
  let { tasks } = state;
  let { merged } = state.past;
  for (const event of decision.events) {
    if (event.type !== "OutcomeObserved") continue;
    const before = entityById(tasks, event.data.task_id);
    if (before === undefined) continue;
    const task = withObserved(before, { data: event.data, recorded_at: command.at });
    tasks = { ...tasks, [task.task_id]: task };
    merged = withMergedAlone(merged, task);
    if (merged !== state.past.merged) repositories.add(task.repository);
  }
  const after = { ...state, past: { ...state.past, merged } };
  const closings = [...repositories].flatMap((name) => {
    const repository = entityById(state.repositories, name);
    return repository === undefined ? [] : closingsIn(after, repository, bound);
  });
  return events(...decision.events, ...closings);
}

function closingsIn(state: State, { name, lanes }: RepositoryState, bound: number): NewEvent[] {
  return laneKinds.flatMap((kind): NewEvent[] => {
    const broken = lanes?.[kind]?.closed === undefined ? brokenRecord(state, { name, kind, bound }) : null;
    return broken === null ? [] : [{ stream: `repository/${name}`, type: "LaneClosed", data: broken }];
  });
}

/** Opens a repository's closed lanes, or only the lane of one kind. Earlier merges no longer count. */
export function reopenLane(command: CommandOf<"ReopenLane">, state: State): Decision {
  const { repository: name, lane, reason } = command;
  const repository = entityById(state.repositories, name);
  if (repository === undefined)
    return refuse("unknown-repository", `there is no repository named ${name}`, "aedev repo list");
  const closed = laneKinds.filter((kind) => repository.lanes?.[kind]?.closed !== undefined);
  const chosen = closed.filter((kind) => lane === null || kind === lane);
  return events(
    ...chosen.map((kind): NewEvent => {
      const data = { kind, reason, ...deciderOf(command as Command) };
      return { stream: `repository/${name}`, type: "LaneReopened", data };
    }),
  );
}

/** The repository after its lane closed or opened, or after the push about it. */
export function evolveLane(
  repository: RepositoryState,
  event: Extract<FoldedEvent, { type: "LaneClosed" | "LaneReopened" | "PushSent" }>,
): RepositoryState {
  const { lanes = {} } = repository;
  const set = (kind: LaneKind, lane: LaneState) => ({ ...repository, lanes: { ...lanes, [kind]: lane } });
  switch (event.type) {
    case "LaneClosed":
      return set(event.data.kind, { ...lanes[event.data.kind], closed: { ...event.data, at: event.recorded_at } });
    case "LaneReopened":
      return set(event.data.kind, { since: event.recorded_at });
    case "PushSent": {
      const kind = laneKinds.find((one) => event.data.notice_id.startsWith(`lane/${one}/`));
      const lane = kind === undefined ? undefined : lanes[kind];
      if (kind === undefined || lane?.closed === undefined) return repository;
      return set(kind, { ...lane, closed: { ...lane.closed, told: true } });
    }
  }
}

/** The closed lanes of a repository. */
export function closedLanes({ lanes = {} }: Pick<RepositoryState, "lanes">): ClosedLane[] {
  return laneKinds.flatMap((kind) => lanes[kind]?.closed ?? []);
}

/** The records of a repository's lanes: of each kind that has merged by itself or is closed. */
export function laneDocuments(state: State, name: string): LaneDocument[] {
  return laneKinds.flatMap((kind): LaneDocument[] => {
    const { closed, since } = entityById(state.repositories, name)?.lanes?.[kind] ?? {};
    const count = countOf(state, name, kind);
    if (count.merged === 0 && closed === undefined && since === undefined) return [];
    const { told: _told, ...why } = closed ?? {};
    return [
      {
        kind,
        ...laneRecord(count),
        ...(since === undefined ? {} : { since }),
        ...(closed === undefined ? {} : { closed: why as NonNullable<LaneDocument["closed"]> }),
      },
    ];
  });
}

/** What `status` says about lanes; without merges and closed lanes, nothing. */
export function laneSummary(state: State, now: string): Pick<StatusSummary, "merged_alone" | "closed_lanes"> {
  const since = new Date(Date.parse(now) - statusMs).toISOString();
  const recent = Object.values(state.past.merged)
    .flat()
    .filter(({ at }) => at >= since);
  const count = { merged: recent.length, bad: recent.filter(({ bad }) => bad).length };
  const closed = Object.values(state.repositories).flatMap((repository) =>
    closedLanes(repository).map(({ kind, merged, bad, over }) => ({
      repository: repository.name,
      kind,
      merged,
      bad,
      over,
    })),
  );
  return {
    ...(count.merged === 0 ? {} : { merged_alone: laneRecord(count) }),
    ...(closed.length === 0 ? {} : { closed_lanes: closed }),
  };
}
