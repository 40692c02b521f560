/**
 * Does a set-up run: orders it and turns its report into the command that ends it. It never throws: the run costs money and must not be repeated. A run that another process began ends as interrupted.
 */
import { Fault, noUsage, type PlaneReport } from "@aedev/contracts";
import { type CommandBody, openSetUpRun, type SetUpWork, type State } from "@aedev/core";
import type { createKeyedMutex } from "@aedev/host/keyed-mutex";
import type { Control } from "../control/control.ts";
import { PlaneEnded } from "../planes/plane.ts";
import type { Planes } from "../planes/planes.ts";
import { failedByFault, failedRun } from "../work/run-file.ts";
import { pathsOfBase, prepareSetUp, readSetUp } from "../work/set-up.ts";
import { asFault } from "./loop.ts";
import { requireBlobs } from "./plane-work.ts";

type EndSetUpRun = Extract<CommandBody, { kind: "EndSetUpRun" }>;

/** The command that ends the run; null if it has ended. */
export async function setUpRepository(
  work: SetUpWork,
  {
    state,
    control,
    planes,
    serialized,
  }: { state: State; control: Control; planes: Planes; serialized: ReturnType<typeof createKeyedMutex> },
): Promise<EndSetUpRun | null> {
  const run = openSetUpRun(state);
  if (run?.run_id !== work.run_id) return null;
  const unended = { kind: "EndSetUpRun", run_id: run.run_id, base_commit: null, usage: null, journal: null } as const;
  const interrupted: EndSetUpRun = { ...unended, result: { outcome: "interrupted" } };
  if (run.generation !== state.system.generations.execution) return interrupted;
  // Before the order reaches the plane, nothing is spent; afterwards only a report can tell.
  let begun: Pick<EndSetUpRun, "base_commit" | "usage"> = { base_commit: null, usage: noUsage };
  try {
    const order = await serialized(run.repository, () => prepareSetUp(run, control));
    // Cancelled while it was prepared: the order must not leave, because the stop came before it.
    if (openSetUpRun(control.log.state)?.cancelled !== false)
      return { ...unended, ...begun, result: failedRun("stopped", null) };
    begun = { base_commit: order.base_commit, usage: null };
    const report = reportOf(await planes.perform("execution", { ...order, work_id: work.work_id }), run.run_id);
    const { usage, journal } = report;
    requireBlobs(control, [journal]);
    begun = { ...begun, usage };
    const { registries } = control.configuration.prepare;
    const basePaths = await pathsOfBase(order, control);
    const result = await readSetUp(report, { settings: run.settings, registries, basePaths });
    return { ...unended, ...begun, usage, journal, result };
  } catch (error) {
    if (error instanceof PlaneEnded)
      return { ...interrupted, ...begun, usage: error.duringWork ? begun.usage : noUsage };
    return { ...unended, ...begun, result: failedByFault(asFault(error)) };
  }
}

function reportOf(report: PlaneReport, runId: string) {
  if (report.kind !== "SetUpRepository" || report.run_id !== runId)
    throw new Fault("report-mismatch", `a ${report.kind} report came back for a set-up run`);
  return report.result;
}
