/** Says how each plane's process is started: entry, permissions, first message. The judgement plane runs under Node's permission model. */
import { fileURLToPath } from "node:url";
import type { ToPlane } from "@aedev/contracts";
import { claudeLoginPath } from "@aedev/host/claude-login";
import type { SecretPlane } from "@aedev/host/home-layout";
import { isPackaged, productRoot } from "@aedev/host/product";
import { executionSettings } from "../configuration/execution-settings.ts";
import type { Control } from "../control/control.ts";
import { judgementPermissions } from "./judgement-permissions.ts";
import type { PlaneName } from "./plane.ts";
import type { PlaneLaunch } from "./planes.ts";
import { planeEnvironment } from "./scrubbed-environment.ts";
import { smallProcessFlags } from "./small-process.ts";

const runnerProgram = fileURLToPath(new URL("../../../runner/src/main.ts", import.meta.url));
const validatorsProgram = fileURLToPath(new URL("../../../validators/src/main.ts", import.meta.url));
const knowsNetworkFlag = process.allowedNodeEnvironmentFlags.has("--allow-net");

export function planeLaunches(options: {
  control: Control;
  secrets: Record<SecretPlane, Record<string, string>>;
  environment: NodeJS.ProcessEnv;
  liveRuns: () => string[];
}): Record<PlaneName, PlaneLaunch> {
  const { control, secrets } = options;
  const { home, configuration } = control;
  const environment = planeEnvironment(options.environment);
  return {
    execution: {
      entry: runnerProgram,
      execArguments: smallProcessFlags,
      environment,
      start: (generation): ToPlane => ({
        kind: "StartExecution",
        home,
        ...executionSettings(control.log.state.system.home_id, configuration, options.environment),
        generation,
        live_runs: options.liveRuns() as never[],
        anthropic_base_url: configuration.addresses.anthropic,
        allow_api_key: configuration.auth.allow_api_key,
        claude_login: configuration.auth.claude_login ? claudeLoginPath(options.environment) : null,
        secrets: secrets.execution,
      }),
    },
    judgement: {
      entry: validatorsProgram,
      execArguments: [
        ...smallProcessFlags,
        ...judgementPermissions({ root: productRoot, isPackaged, home, knowsNetworkFlag }),
      ],
      environment,
      start: (generation): ToPlane => ({
        kind: "StartJudgement",
        home,
        generation,
        vendor_judgements: configuration.vendorJudgements,
        secrets: secrets.judgement,
      }),
    },
  };
}
