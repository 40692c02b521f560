/** Does a set-up run and records how it ended. A run that another process began ends as interrupted. */
import { type CommandBody, openSetUpRun, type SetUpWork } from "@aedev/core";
import { pathsOfBase, prepareSetUp, readSetUp, type SetUpParts } from "../work/set-up.ts";
import { type Beginning, doFileRun, interruptedRun } from "./file-run.ts";

type EndSetUpRun = Extract<CommandBody, { kind: "EndSetUpRun" }>;

/** The command that ends the run; null if it has ended already. It never throws. */
export async function setUpRepository(
  work: SetUpWork,
  { state, control, planes, serialized }: Beginning<SetUpParts>,
): Promise<EndSetUpRun | null> {
  const run = openSetUpRun(state);
  if (run?.run_id !== work.run_id) return null;
  const isOurs = run.generation === state.system.generations.execution;
  const { order, ...ended } = isOurs
    ? await doFileRun(work.work_id, {
        control,
        planes,
        prepare: () => serialized(run.repository, () => prepareSetUp(run, control)),
        isCancelled: () =>
          control.log.state.system.pause?.stop_runs === true || openSetUpRun(control.log.state)?.cancelled !== false,
        read: async (report, ordered) => {
          // A run without a file has its own reason, which a failure of git must not replace.
          const basePaths = report.outcome === "ended" ? await pathsOfBase(ordered, control) : [];
          const { registries } = control.configuration.prepare;
          return await readSetUp(report, { settings: run.settings, registries, basePaths });
        },
      })
    : interruptedRun(null);
  return { kind: "EndSetUpRun", run_id: run.run_id, base_commit: order?.base_commit ?? null, ...ended };
}
