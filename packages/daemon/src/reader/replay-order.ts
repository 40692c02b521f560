/** Reconstructs the order of a task's last recorded run from the log and the configuration, for a replay outside the daemon. */
import { type ExecutionSettings, Fault, type RunCoder } from "@aedev/contracts";
import { executionSettings } from "../configuration/execution-settings.ts";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { carriedOver } from "../loop/plane-work.ts";
import { openOffline } from "./open-offline.ts";

export interface ReplayOrder {
  readonly settings: ExecutionSettings;
  readonly work: Omit<RunCoder, "kind" | "work_id" | "nonce" | "generation" | "run_id">;
}

export function replayOrder(options: { home: string; taskId: string; environment: NodeJS.ProcessEnv }): ReplayOrder {
  const { home, taskId, environment } = options;
  using offline = openOffline(home);
  const state = offline.state({ tasks: [taskId] });
  const task = Object.hasOwn(state.tasks, taskId) ? state.tasks[taskId] : undefined;
  const run = task?.runs.findLast((candidate) => candidate.journal !== null);
  if (task === undefined || run?.prompt == null || task.settings === null)
    throw new Fault("no-recording", `no run of task ${taskId} has a recording`, { hint: "aedev task list" });
  const configuration = loadConfiguration({ home, environment });
  return {
    settings: executionSettings(state.system.home_id, configuration, environment),
    work: {
      task_id: task.task_id,
      repository: task.repository,
      base_commit: run.base_commit,
      prompt: run.prompt,
      role: "coder",
      settings: task.settings,
      limits: configuration.runLimits,
      gateway: configuration.gatewayLimits,
      ...carriedOver(run),
    },
  };
}
