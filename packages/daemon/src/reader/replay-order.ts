/** Reconstructs the order of a task's last recorded run from the log and the configuration, for a replay outside the daemon. */
import { join } from "node:path";
import { Fault, type Registry, type RunCoder, type SandboxLinkChoice } from "@aedev/contracts";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { productRoot } from "../configuration/product-root.ts";
import { openOffline } from "./open-offline.ts";

export interface ReplayOrder {
  readonly homeId: string;
  readonly work: Omit<RunCoder, "kind" | "work_id" | "nonce" | "generation" | "run_id">;
  readonly image: string;
  readonly promptsDir: string;
  readonly dockerHost: string | null;
  readonly dockerDeadlineMs: number;
  readonly registries: readonly Registry[];
  readonly sandboxLink: SandboxLinkChoice;
}

export function replayOrder(options: { home: string; taskId: string; environment: NodeJS.ProcessEnv }): ReplayOrder {
  const { home, taskId, environment } = options;
  using offline = openOffline(home);
  const state = offline.state({ tasks: [taskId] });
  const task = Object.hasOwn(state.tasks, taskId) ? state.tasks[taskId] : undefined;
  const run = task?.runs.findLast((candidate) => candidate.journal !== null);
  if (task === undefined || run === undefined || task.settings === null)
    throw new Fault("no-recording", `no run of task ${taskId} has a recording`, { hint: "aedev task list" });
  const configuration = loadConfiguration({ home, environment });
  return {
    homeId: state.system.home_id ?? "",
    work: {
      task_id: task.task_id,
      repository: task.repository,
      base_commit: run.base_commit,
      prompt: run.prompt,
      role: "coder",
      settings: task.settings,
      limits: configuration.runLimits,
      gateway: configuration.gatewayLimits,
    },
    image: configuration.system.runner_image,
    promptsDir: join(productRoot, "config/prompts"),
    dockerHost: environment["DOCKER_HOST"] ?? null,
    dockerDeadlineMs: configuration.runLimits.docker_deadline_ms,
    registries: configuration.prepare.registries,
    sandboxLink: configuration.system.sandbox_link,
  };
}
