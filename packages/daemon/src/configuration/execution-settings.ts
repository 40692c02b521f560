/** The configuration that a run needs, for the execution plane and for a replay outside it. */
import { join } from "node:path";
import type { ExecutionSettings } from "@aedev/contracts";
import { productRoot } from "@aedev/host/product";
import type { Configuration } from "./configuration-schema.ts";

export function executionSettings(
  homeId: string | null,
  { system, runLimits, prepare, retention }: Configuration,
  environment: NodeJS.ProcessEnv,
): ExecutionSettings {
  return {
    home_id: homeId ?? "",
    image: system.runner_image,
    docker_host: environment["DOCKER_HOST"] ?? null,
    docker_deadline_ms: runLimits.docker_deadline_ms,
    prompts_dir: join(productRoot, "config/prompts"),
    registries: [...prepare.registries],
    sandbox_link: system.sandbox_link,
    prepared_bytes_max: retention.preparedBytesMax,
  };
}
