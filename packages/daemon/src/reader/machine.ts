/** What signals say of the machine, daemon up or down. */
import type { MachineFacts } from "@aedev/core/reading";
import { diskFreeBytes } from "@aedev/host/disk-free";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { machineFacts } from "../control/machine-facts.ts";

/** With so much free space the configuration, which costs more than the rest of `aedev status`, is not read for this. */
export const plentyBytes = 64 * 1024 ** 3;

/** Null if there is plenty. Throws a Fault `config-invalid`. */
export async function readMachine(options: HomeOptions): Promise<MachineFacts | null> {
  if (diskFreeBytes(options.home) > plentyBytes) return null;
  const { loadConfiguration } = await import("../configuration/load-configuration.ts");
  return machineFacts(options.home, loadConfiguration(options).runLimits.disk_free_bytes);
}
