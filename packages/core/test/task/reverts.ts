/** A revert of the story's landed change, for tests: its commands, and a state at any step of its life. */
import type { CommandBody, CommandOf, RevertTask } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import {
  blob,
  ids,
  noRepair,
  sealed,
  startRun,
  stateAfter,
  stateAfterCommands,
  tree,
} from "../../src/testing/index.ts";

export const revertIds = {
  mission: "m-rrrrrrrrrrrrrrrr",
  task: "t-rrrrrrrrrrrrrrrr",
  run: "r-rrrrrrrrrrrrrrrr",
  hold: "h-rrrrrrrrrrrrrrrr",
} as const;
export const landedCommit = "9".repeat(40);

export const revertTask: RevertTask = {
  kind: "RevertTask",
  task_id: ids.task,
  commit: landedCommit,
  subject: "Close the hole",
  mission_id: revertIds.mission,
  revert_task_id: revertIds.task,
  title: 'Revert "Close the hole"',
  criteria: [{ id: "c1", text: "every file is as it was" }],
  specification: blob("7"),
  clarified_spec: blob("8"),
};

const { base_commit, ref, settings, policy, profile } = startRun as CommandOf<"StartRun">;
export const prepareRevert: CommandBody = {
  kind: "PrepareRevert",
  task_id: revertIds.task,
  run_id: revertIds.run,
  before: "8".repeat(40),
  tree,
  patch: blob("3"),
  ...{ base_commit, ref, settings, policy, profile },
};

/** The revert's steps after its request, in order. */
const revertLife: readonly CommandBody[] = [
  prepareRevert,
  {
    kind: "RecordChecksResult",
    task_id: revertIds.task,
    run_id: revertIds.run,
    base_commit,
    hold_id: revertIds.hold,
    result: { outcome: "checked", tree, manifest: { schema: 1, parent: null, entries: {} } },
  },
  {
    ...(sealed({ run_id: revertIds.run as never, judgeable: false }) as CommandOf<"SealEvidence">),
    task_id: revertIds.task,
  },
];

/** The state after the landing, the request to take it back and this many further steps. */
export function revertedAfter(steps: number, from: State = stateAfter("landed", initialState)): State {
  return stateAfterCommands(from, [revertTask, ...revertLife.slice(0, steps)]);
}

export function gatedRevert(decision: CommandOf<"DecideGate">["decision"], repair = noRepair): CommandBody {
  return {
    ...{ kind: "DecideGate", task_id: revertIds.task, decision, repair, hold_id: revertIds.hold },
    ...{ missing_tests: null, waits_for_window: false, independent_tests: false },
  };
}
