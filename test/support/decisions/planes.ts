/** The planes of the stand: real checks, a coder whose changes are given, and judges that pass everything. */
import type { RunState } from "@aedev/core";
import { sampleHeldReport } from "@aedev/core/testing";
import { type CoderChange, capturedChange, givenPlanes } from "../../../packages/daemon/src/backtest/given-planes.ts";
import type { Control } from "../../../packages/daemon/src/control/control.ts";
import { planeLaunches } from "../../../packages/daemon/src/planes/launches.ts";
import type { Planes } from "../../../packages/daemon/src/planes/planes.ts";
import { performRunChecks } from "../../../packages/runner/src/checks/perform.ts";
import type { RunnerContext } from "../../../packages/runner/src/engine/context.ts";
import { openContext } from "../../../packages/runner/src/open-context.ts";

/** The changes for one task: of its coder, of its runs for tests, and of another run that does not see its change. */
export interface CoderChanges {
  readonly usual: CoderChange;
  /** In order, before and after another run wrote tests. The stand stops before a run without a change. */
  readonly forTests: readonly CoderChange[];
  readonly forIndependentTests: readonly CoderChange[];
  /** In order. A run without a change fails. */
  readonly independent: readonly CoderChange[];
}

/** The change of the last run; a repair after a run for tests repeats the change. */
function changeOf(runs: readonly RunState[], known: CoderChanges | undefined): CoderChange | undefined {
  if (known === undefined) return undefined;
  if (isIndependentRun(runs.at(-1))) return known.independent[runs.filter(isIndependentRun).length - 1];
  const { before, after } = runsForTests(runs);
  if (after > 0) return known.forIndependentTests[after - 1];
  return before > 0 ? known.forTests[before - 1] : known.usual;
}

/** The number of runs for tests before and after another run wrote tests. */
export function runsForTests(runs: readonly Pick<RunState, "cause">[]): { before: number; after: number } {
  const written = runs.findIndex(isIndependentRun);
  const isForTests = (one: Pick<RunState, "cause">) => one.cause === "tests";
  const all = runs.filter(isForTests).length;
  const after = written === -1 ? 0 : runs.slice(written).filter(isForTests).length;
  return { before: all - after, after };
}

function isIndependentRun(run: Pick<RunState, "cause"> | undefined): boolean {
  return run?.cause === "independent-tests";
}

/** `coder`: the changes by task. */
export function planesOf(
  control: Control,
  coder: ReadonlyMap<string, CoderChanges>,
): { planes: Planes; context: RunnerContext } {
  const launches = planeLaunches({
    control,
    secrets: { control: {}, execution: {}, judgement: {} },
    environment: process.env,
    liveRuns: () => [],
  });
  const start = launches.execution.start(1);
  if (start.kind !== "StartExecution") throw new Error("the execution plane starts otherwise");
  const context = openContext(start, {
    progress: () => undefined,
    refusal: () => undefined,
    salvaged: () => undefined,
  });
  const planes = givenPlanes({
    runCoder(work) {
      const { runs = [] } = control.log.stateWith({ tasks: [work.task_id] }).tasks[work.task_id] ?? {};
      const change = changeOf(runs, coder.get(work.task_id));
      if (change !== undefined) return capturedChange(change, { work, control });
      if (isIndependentRun(runs.at(-1))) return sampleHeldReport("HOLD-CODER-FAILED");
      throw new Error(`no change is known for ${work.task_id}`);
    },
    runChecks: (work) => performRunChecks(work, context),
  });
  return { planes, context };
}
