/** Sets keys in the home's `config.yaml` or `policies.yaml` and keeps everything else, with comments. An invalid result leaves the file unchanged. */
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { loadConfiguration } from "./load-configuration.ts";
import { loadPolicy } from "./load-policy.ts";
import { setYamlValues } from "./yaml-document.ts";

export type OverlayName = "config.yaml" | "policies.yaml";
/** Null is the YAML null. */
export type OverlayValue = string | number | boolean | null | readonly (string | number)[];
/** Values by key path, such as `notifications.topic`. */
export type OverlayValues = Readonly<Record<string, OverlayValue>>;

/** Returns whether the file changed. Throws a Fault `config-invalid` with file and key path if the old or the new file does not load. */
export function writeOverlay(options: { home: string; name: OverlayName; values: OverlayValues }): boolean {
  const { home, name } = options;
  const { configuration, policies } = homeLayout(home);
  const path = name === "policies.yaml" ? policies : configuration;
  const before = readIfThere(path) ?? "";
  assertLoads(options, before);
  const after = setYamlValues(before, options.values);
  if (after === before) return false;
  assertLoads(options, after);
  writeDurably(path, after);
  return true;
}

function assertLoads({ home, name }: { home: string; name: OverlayName }, operatorText: string): void {
  if (name === "policies.yaml") loadPolicy({ home, operatorText });
  else loadConfiguration({ home, environment: {}, operatorText });
}
