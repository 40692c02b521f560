/** Finds the sealed evidence and the gate's decision that a person means: of the task's current change, of the latest run with evidence, or of a named run. */
import { Fault } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import type { TaskState } from "@aedev/core/reading";
import type { OfflineHome } from "./open-offline.ts";

export interface SealedRun {
  readonly run_id: string;
  /** The run's number within its task; null if the task no longer lists it. */
  readonly attempt: number | null;
  readonly bundle_digest: string;
  /** Null: the gate has not decided. */
  readonly gate: EventData<"GateDecided"> | null;
}

/** `run`: `current`, `latest` (the current change's run, else the last with evidence), a run's number, or the start of its id. Throws a Fault `no-evidence`. */
export function sealedRunOf(home: Pick<OfflineHome, "taskEvents">, task: TaskState, run: string): SealedRun {
  const { task_id, runs, evidence } = task;
  const isNamed = run !== "current" && run !== "latest";
  const events = home.taskEvents(task_id);
  const sealed = events.flatMap((event) => (event.type === "EvidenceSealed" ? [event.data] : []));
  const isMeant = ({ run_id, bundle }: EventData<"EvidenceSealed">) =>
    isNamed ? run_id === idOf(task, run) : bundle.digest === evidence?.bundle.digest;
  const found = sealed.findLast(isMeant) ?? (run === "latest" ? sealed.at(-1) : undefined);
  if (found === undefined) {
    const what = isNamed
      ? `run ${run} of task ${task_id} has no sealed evidence`
      : `task ${task_id} has no sealed evidence yet`;
    throw new Fault("no-evidence", what, { hint: `aedev task show ${task_id}` });
  }
  const { run_id, bundle } = found;
  const decided = events.flatMap((event) => (event.type === "GateDecided" ? [event.data] : []));
  return {
    run_id,
    attempt: runs.find((one) => one.run_id === run_id)?.attempt ?? null,
    bundle_digest: bundle.digest,
    gate: decided.findLast(({ bundle_digest }) => bundle_digest === bundle.digest) ?? null,
  };
}

function idOf({ runs }: TaskState, run: string): string | undefined {
  return runs.find(({ run_id, attempt }) => String(attempt) === run || run_id.startsWith(run))?.run_id;
}
