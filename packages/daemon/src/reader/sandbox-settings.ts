/** Reads the settings that `aedev doctor` needs to try a sandbox, from configuration and log. It tries nothing itself. */
import { existsSync } from "node:fs";
import { Fault, type RunLimits } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { openOffline } from "./open-offline.ts";

export interface SandboxSettings {
  readonly homeId: string;
  readonly image: string;
  readonly dockerHost: string | null;
  readonly limits: RunLimits;
}

/** Null if the configuration does not load. */
export function sandboxSettings(options: HomeOptions): SandboxSettings | null {
  try {
    const { system, runLimits } = loadConfiguration(options);
    return {
      homeId: homeIdOf(options.home),
      image: system.runner_image,
      dockerHost: options.environment["DOCKER_HOST"] ?? null,
      limits: runLimits,
    };
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** Empty if the home has no log yet. */
function homeIdOf(home: string): string {
  if (!existsSync(homeLayout(home).log)) return "";
  using offline = openOffline(home);
  return offline.state({ tasks: [] }).system.home_id ?? "";
}
