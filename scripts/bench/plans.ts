/** Measures the search for pending work with 10,000 open tasks in plans of up to 32 parts, most of which wait for others. */
import {
  type CommandBody,
  initialState,
  orderPlan,
  pendingWork,
  type State,
  type TaskState,
} from "../../packages/core/src/index.ts";
import { keptEntities } from "../../packages/core/src/model/entities.ts";
import { blob, life, sampleHeldReport, stateAfter, stateAfterCommands } from "../../packages/core/src/testing/index.ts";
import { atMost, type Figure, median } from "./figure.ts";

const tasks = 10_000;
const partsMax = 32;
const rounds = 101;
/** Rounds that are not counted: a daemon has been at it for a while. */
const warmUps = 50;
const now = "2026-01-02T03:04:05.678Z";
/** More places than runs under way, so that tasks are looked for. */
const bounds = { concurrentRuns: 8, reminders: 2 };
const [started, captured] = [life["started"], life["captured"]] as readonly CommandBody[];
const held = { ...captured, result: sampleHeldReport("HOLD-CHECKS-FAILED") };

export async function benchPlans(): Promise<Figure[]> {
  const states = withPlans();
  const took: number[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    // As after an event of a task: nothing that was computed for an earlier state is known.
    const state = { ...states, tasks: kept(states.tasks) };
    const from = performance.now();
    pendingWork(state, now, bounds);
    if (round >= 0) took.push(performance.now() - from);
  }
  const detail = `median of ${rounds}, fastest ${Math.min(...took).toFixed(2)} ms, ${Object.keys(states.missions).length} missions`;
  return [atMost("pending work, 10,000 tasks of plans", { limit: 10, value: median(took), unit: " ms", detail })];
}

/** The same entities in a new record, as the fold makes them. */
const kept = <T>(entities: Readonly<Record<string, T>>) => keptEntities(entities, () => true);

/** Plans of 1 to 32 parts; of some, the first parts run, are held or have landed. */
function withPlans(): State {
  const registered = stateAfter("registered", initialState);
  const all: Pick<State, "missions" | "tasks"> = { missions: {}, tasks: {} };
  for (let [made, plan] = [0, 0]; made < tasks; plan += 1) {
    const parts = Math.min(tasks - made, 1 + ((plan * 7) % partsMax));
    const { missions, tasks: added } = planned(registered, plan, parts);
    Object.assign(all.missions, missions);
    Object.assign(all.tasks, added);
    made += parts;
  }
  return { ...registered, missions: kept(all.missions), tasks: kept(all.tasks) };
}

function planned(from: State, plan: number, count: number): State {
  const idOf = (part: number | "whole") => `p${plan}-${part}`;
  // Each part waits for two before it, so that the plan has diamonds; every third one also for one that changes its file.
  const ordered = orderPlan(
    Array.from({ length: count }, (_, part) => ({
      name: idOf(part),
      after: [Math.floor(part / 2), part - 3].filter((other) => other >= 0 && other < part).map(idOf),
      files: [`src/${part % 3}.ts`],
      repository: "repo",
    })),
  );
  if (!("parts" in ordered)) throw new Error(ordered.reason);
  const mission = (id: string, after: readonly string[] = []) =>
    ({ ...life["submitted"], mission_id: `m-${id}`, specification: blob("5"), after }) as Extract<
      CommandBody,
      { kind: "SubmitMission" }
    >;
  const names = ordered.parts.map(({ name }) => name);
  const state = stateAfterCommands(from, [
    {
      kind: "SubmitPlan",
      mission: mission(idOf("whole")),
      on_failure: plan % 2 === 0 ? "stop" : "independent",
      parts: ordered.parts.map(({ name, after, implied, files }) => ({
        ...{ name, after, implied, files },
        mission: mission(
          name,
          [...after, ...implied].map((other) => `m-${other}`),
        ),
      })),
    },
    {
      kind: "ApproveMission",
      mission_id: `m-${idOf("whole")}`,
      spec_digest: null,
      task_id: `t-${idOf("whole")}`,
      part_tasks: names.map((name) => ({ mission_id: `m-${name}`, task_id: `t-${name}` })),
    },
  ]);
  return afterFirstParts(state, plan, names);
}

/** The first third of every second plan's parts has landed; the part after them is held in some, and runs in a few. */
function afterFirstParts(state: State, plan: number, names: readonly string[]): State {
  const done = plan % 2 === 0 ? Math.floor(names.length / 3) : 0;
  const landed = names.slice(0, done).flatMap((name) => {
    const task = state.tasks[`t-${name}`];
    return task === undefined ? [] : [{ ...task, status: "landed", landed_commit: "9".repeat(40) } as TaskState];
  });
  const tasks = { ...state.tasks, ...Object.fromEntries(landed.map((task) => [task.task_id, task])) };
  const next = { task_id: `t-${names[done]}`, run_id: `r-${names[done]}` };
  const rounds = [{ ...started, ...next }, ...(plan % 200 === 0 ? [] : [{ ...held, ...next }])] as CommandBody[];
  return stateAfterCommands({ ...state, tasks }, plan % 5 === 0 ? rounds : []);
}
