/** Rebuilds the order of a recorded run from the log and the configuration, for a replay outside the daemon. */
import { type ExecutionSettings, Fault, type RepositorySettings, type RunCoder } from "@aedev/contracts";
import { executionSettings } from "../configuration/execution-settings.ts";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { carriedOver } from "../control/run-inputs.ts";
import { placeSubmodules } from "../git/submodules.ts";
import { type OfflineHome, openOffline, taskWithState } from "./open-offline.ts";

export interface ReplayOrder {
  readonly settings: ExecutionSettings;
  /** The order. Its limits are the current configuration's, because the log does not record those of a run. */
  readonly work: Omit<RunCoder, "kind" | "work_id" | "nonce" | "generation" | "run_id">;
}

/** Throws a Fault `unknown-task`, `no-recording` if the run has none, or `HOLD-FETCH-FAILED` if a submodule of its base is gone. */
export async function replayOrder(options: {
  home: string;
  taskId: string;
  runId: string;
  environment: NodeJS.ProcessEnv;
}): Promise<ReplayOrder> {
  const { home, taskId, runId, environment } = options;
  using offline = openOffline(home);
  const { state, task } = taskWithState(offline, taskId);
  const run = task.runs.find((candidate) => candidate.run_id === runId);
  const settings = settingsOf(offline, { taskId, runId });
  if (run === undefined || run.journal === null || run.prompt === null || settings === null)
    throw new Fault("no-recording", `run ${runId} of task ${taskId} has no recording`, { hint: "aedev task list" });
  const configuration = loadConfiguration({ home, environment });
  const { repository } = task;
  const on = { home, repository, url: state.repositories[repository]?.url ?? "", commit: run.base_commit };
  const { placed } = await placeSubmodules({
    ...{ ...on, timeoutMs: configuration.landing.git_timeout_ms },
    chosen: settings.submodules ?? [],
  });
  return {
    settings: executionSettings(state.system.home_id, configuration, environment),
    work: {
      task_id: task.task_id,
      repository,
      base_commit: run.base_commit,
      prompt: run.prompt,
      role: "coder",
      settings,
      ...(placed.length === 0 ? {} : { submodules: placed }),
      limits: configuration.runLimits,
      gateway: configuration.gatewayLimits,
      ...carriedOver(run),
      told: [],
    },
  };
}

/** The run's own settings, which its repository may have changed since. */
function settingsOf(
  offline: Pick<OfflineHome, "taskEvents">,
  { taskId, runId }: { taskId: string; runId: string },
): RepositorySettings | null {
  for (const { type, data } of offline.taskEvents(taskId))
    if (type === "RunStarted" && data.run_id === runId) return data.settings;
  return null;
}
