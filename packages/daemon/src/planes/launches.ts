/** How each plane's process is started: its entry, its permissions, its first message. The judgement plane runs under Node's permission model. */
import { join } from "node:path";
import { judgementPermissions, type ToPlane } from "@aedev/core/wire";
import type { SecretPlane } from "../home/secrets.ts";
import type { Control } from "../loop/control.ts";
import { planeEnvironment } from "../process/scrubbed-environment.ts";
import { smallProcessFlags } from "../process/small-process.ts";
import type { PlaneName } from "./plane.ts";
import type { PlaneLaunch } from "./planes.ts";

const knowsNetworkFlag = process.allowedNodeEnvironmentFlags.has("--allow-net");

export function planeLaunches(options: {
  control: Control;
  secrets: Record<SecretPlane, Record<string, string>>;
  environment: NodeJS.ProcessEnv;
  liveRuns: () => string[];
}): Record<PlaneName, PlaneLaunch> {
  const { control, secrets } = options;
  const { root, home, configuration } = control;
  const environment = planeEnvironment(options.environment);
  return {
    execution: {
      entry: join(root, "packages/runner/src/main.ts"),
      execArguments: smallProcessFlags,
      environment,
      logPath: join(home, "logs/execution.log"),
      start: (generation): ToPlane => ({
        kind: "StartExecution",
        home,
        home_id: control.log.state.system.home_id ?? "",
        generation,
        live_runs: options.liveRuns() as never[],
        image: configuration.system.runner_image,
        anthropic_base_url: configuration.addresses.anthropic,
        docker_host: options.environment["DOCKER_HOST"] ?? null,
        docker_deadline_ms: configuration.runLimits.docker_deadline_ms,
        allow_api_key: configuration.auth.allow_api_key,
        secrets: secrets.execution,
        prompts_dir: join(root, "config/prompts"),
        registries: [...configuration.prepare.registries],
        sandbox_link: configuration.system.sandbox_link,
      }),
    },
    judgement: {
      entry: join(root, "packages/validators/src/main.ts"),
      execArguments: [...smallProcessFlags, ...judgementPermissions({ root, home, knowsNetworkFlag })],
      environment,
      logPath: join(home, "logs/judgement.log"),
      start: (generation): ToPlane => ({ kind: "StartJudgement", home, generation, secrets: secrets.judgement }),
    },
  };
}
