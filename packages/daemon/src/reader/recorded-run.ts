/** Finds the run of a task that a person means, and what was recorded of it for a replay. */
import { Fault, type HoldCode, type Stuck } from "@aedev/contracts";
import { type RunState, runOfChange, type TaskState } from "@aedev/core/reading";

/** A run with a recording, and the results that a replay is compared with. */
export interface RecordedRun {
  readonly task_id: string;
  readonly run_id: string;
  readonly journal_digest: string;
  /** The captured tree; null: the run ended without a change to check. */
  readonly tree: string | null;
  /** The run's change as a patch; null: none was kept. */
  readonly patch_digest: string | null;
  /** The hold with which it ended without a change; null if it has a change or was stopped before it had a result. */
  readonly hold_code: HoldCode | null;
  /** Whether something outside the coder ended it, such as a clock, a limit or a person. A replay does not end that way. */
  readonly ended_from_outside: boolean;
}

/** `run`: an id or its start; default: the last run with a recording. Throws a Fault `no-recording` or `ambiguous-id`. */
export function recordedRunOf(task: TaskState, run?: string): RecordedRun {
  const { task_id } = task;
  const found = run === undefined ? lastRecorded(task) : runNamed(task, run);
  if (found === undefined || found.journal === null) {
    const which =
      found === undefined ? `no run of task ${task_id} has` : `run ${found.run_id} of task ${task_id} does not have`;
    throw new Fault("no-recording", `${which} a recording yet`, { hint: `aedev task show ${task_id}` });
  }
  const { run_id, journal, tree, patch, outcome } = found;
  return {
    ...{ task_id, run_id, tree, journal_digest: journal.digest, patch_digest: patch?.digest ?? null },
    hold_code: tree === null ? (outcome?.code ?? null) : null,
    ended_from_outside: tree === null && isEndedFromOutside(found),
  };
}

/** The run of the task's current change, or else the last one with a recording. */
function lastRecorded(task: TaskState): RunState | undefined {
  const run = runOfChange(task);
  return run !== undefined && run.journal !== null ? run : task.runs.findLast(({ journal }) => journal !== null);
}

/** The run with this id, or the only one whose id starts with it. Throws a Fault `no-recording` or `ambiguous-id`. */
function runNamed({ task_id, runs }: TaskState, text: string): RunState {
  const found = text === "" ? [] : runs.filter(({ run_id }) => run_id.startsWith(text));
  const [only] = found;
  const exact = found.find(({ run_id }) => run_id === text);
  if (exact !== undefined || (only !== undefined && found.length === 1)) return exact ?? (only as RunState);
  const hint = `aedev task show ${task_id}`;
  if (found.length === 0) throw new Fault("no-recording", `task ${task_id} has no run ${text}`, { hint });
  const list = found.map(({ run_id, attempt }) => `\n  ${run_id}  run ${attempt}`).join("");
  throw new Fault("ambiguous-id", `${text} is the start of more than one run:${list}`, { hint });
}

const outsideCodes: ReadonlySet<HoldCode> = new Set([
  "HOLD-CODER-TIMEOUT",
  "HOLD-STOPPED",
  "HOLD-USAGE-LIMIT",
  "HOLD-BUDGET",
  "HOLD-DISK-LOW",
  "HOLD-DOCKER-UNAVAILABLE",
]);
/** Reasons that only a clock can find. */
const outsideClocks: ReadonlySet<Stuck["kind"]> = new Set(["no-traffic", "no-change", "no-exit"]);

function isEndedFromOutside({ outcome, stuck }: RunState): boolean {
  if (outcome === null || outcome.code === null) return true;
  return outsideCodes.has(outcome.code) || (stuck !== undefined && outsideClocks.has(stuck.kind));
}
