/** Reads the machine's facts for signals, with the daemon up or down. */
import type { MachineFacts } from "@aedev/core/reading";
import { diskFreeBytes } from "@aedev/host/disk-free";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { machineFacts } from "../control/machine-facts.ts";

/** With this much free space the configuration is not read, because that costs more than the rest of `aedev status`. */
export const plentyBytes = 64 * 1024 ** 3;

/** Null if space is plenty. Throws a Fault `config-invalid`. */
export async function readMachine(options: HomeOptions): Promise<MachineFacts | null> {
  if (diskFreeBytes(options.home) > plentyBytes) return null;
  const { loadConfiguration } = await import("../configuration/load-configuration.ts");
  return machineFacts(options.home, loadConfiguration(options).runLimits.disk_free_bytes);
}
