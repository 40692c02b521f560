/**
 * Sets keys in the home's `config.yaml` or `policies.yaml` and leaves everything else in it, comments too. What would not load is refused
 * before the old file is touched; the new one is there whole or not at all. It knows no key: the loaders do.
 */
import { join } from "node:path";
import { readIfThere, writeDurably } from "../home/durable-file.ts";
import { productRoot } from "../process/product-root.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { loadPolicy } from "./load-policy.ts";
import { setYamlValues } from "./yaml-document.ts";

export type OverlayName = "config.yaml" | "policies.yaml";
/** Values by the path of their key, e.g. `notifications.topic`; null stands for the YAML null. */
export type OverlayValues = Readonly<Record<string, string | null>>;

/** Returns whether the file changed. Throws a Fault CONFIG-INVALID naming file and key path where the old or the new file does not load. */
export function writeOverlay(options: { home: string; name: OverlayName; values: OverlayValues }): boolean {
  const { home, name } = options;
  const path = join(home, name);
  const before = readIfThere(path) ?? "";
  assertLoads(options, before);
  const after = setYamlValues(before, options.values);
  if (after === before) return false;
  assertLoads(options, after);
  writeDurably(path, after);
  return true;
}

function assertLoads({ home, name }: { home: string; name: OverlayName }, operatorText: string): void {
  if (name === "policies.yaml") loadPolicy({ root: productRoot, home, operatorText });
  else loadConfiguration({ root: productRoot, home, environment: {}, operatorText });
}
