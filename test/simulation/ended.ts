/** Keeps missions that left the open part of the state, with their tasks and approvals. A command brings back those that it mentions, as in SQLite's log. */
import {
  type ApprovalState,
  entityById,
  type Mentioned,
  type MissionState,
  openPart,
  type State,
  type TaskState,
} from "@aedev/core";

export interface Ended {
  /** Adds the entities that a command mentions; returns the same state if none of them has ended. */
  extend(state: State, mentioned: Mentioned): State;
  /** Returns the open part of the state, and keeps the rest. */
  leave(state: State): State;
  /** The open part after everything that ever ended is examined again. */
  reopen(state: State): State;
}

interface Whole {
  readonly mission: MissionState;
  readonly tasks: readonly TaskState[];
  readonly approvals: readonly ApprovalState[];
}

export function nothingEnded(): Ended {
  const ended = new Map<string, Whole>();
  const missionOf = new Map<string, string>();
  const judged = new Map<string, Set<string>>();

  function keep(state: State, mission: MissionState): void {
    const { mission_id: id } = mission;
    const tasks = Object.values(state.tasks).filter(({ mission_id }) => mission_id === id);
    const approvals = Object.values(state.approvals).filter(({ subject }) => subject.mission_id === id);
    ended.set(id, { mission, tasks, approvals });
    for (const { task_id } of tasks) missionOf.set(task_id, id);
    for (const { approval_id } of approvals) missionOf.set(approval_id, id);
    for (const { change_digest } of tasks.flatMap((task) => task.judged))
      judged.set(change_digest, (judged.get(change_digest) ?? new Set()).add(id));
  }

  function bring(state: State, ids: Iterable<string | undefined>): State {
    const found = new Set<Whole>();
    for (const id of ids) {
      if (id === undefined || entityById(state.missions, id) !== undefined) continue;
      const whole = ended.get(id);
      if (whole !== undefined) found.add(whole);
    }
    if (found.size === 0) return state;
    const wholes = [...found];
    const missions = wholes.map(({ mission }) => [mission.mission_id, mission] as const);
    const tasks = wholes.flatMap((whole) => whole.tasks).map((task) => [task.task_id, task] as const);
    const approvals = wholes.flatMap((whole) => whole.approvals).map((one) => [one.approval_id, one] as const);
    return {
      ...state,
      missions: { ...state.missions, ...Object.fromEntries(missions) },
      tasks: { ...state.tasks, ...Object.fromEntries(tasks) },
      approvals: { ...state.approvals, ...Object.fromEntries(approvals) },
    };
  }

  /** Brings these missions, all parts of their plans, and the predecessors of all of them with all parts. */
  function withPredecessors(state: State, ids: readonly (string | undefined)[]): State {
    if (ids.length === 0) return state;
    const named = bring(state, ids);
    const known = ids.filter((id) => id !== undefined);
    const wholes = known.map((id) => entityById(named.missions, id)?.part_of ?? id);
    const own = bring(named, wholes);
    const parts = wholes.flatMap((id) => entityById(own.missions, id)?.plan?.parts ?? []);
    const all = [...known, ...parts.map(({ mission_id }) => mission_id)];
    const planned = bring(own, all);
    const before = all.flatMap((id) => entityById(planned.missions, id)?.after ?? []);
    const preceded = bring(planned, before);
    const ofPlans = before.flatMap((id) => entityById(preceded.missions, id)?.plan?.parts ?? []);
    return bring(
      preceded,
      ofPlans.map(({ mission_id }) => mission_id),
    );
  }

  function leave(state: State): State {
    const open = openPart(state);
    if (open.missions !== state.missions)
      for (const mission of Object.values(state.missions))
        if (entityById(open.missions, mission.mission_id) === undefined) keep(state, mission);
    return open;
  }

  return {
    extend(state, mentioned) {
      const { missions = [], tasks = [], approvals = [], judgedAlike = [], sameChange = [], changes = [] } = mentioned;
      const owners = [...tasks, ...judgedAlike, ...sameChange, ...approvals].map((id) => missionOf.get(id));
      const own = withPredecessors(state, [...missions, ...owners]);
      const alike = judgedAlike.flatMap((id) => entityById(own.tasks, id)?.evidence?.change_digest ?? []);
      return withPredecessors(
        own,
        [...changes, ...alike].flatMap((change) => [...(judged.get(change) ?? [])]),
      );
    },
    leave,
    reopen: (state) => leave(bring(state, ended.keys())),
  };
}
