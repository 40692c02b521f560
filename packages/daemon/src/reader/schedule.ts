/** Reads from the configuration how many runs may be active and whether runs may start at this hour, with the daemon up or down. */
import type { Schedule } from "@aedev/core";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { scheduleAt } from "../configuration/run-window.ts";

/** Throws a Fault `config-invalid` if the daemon could not start with this configuration either. */
export function readSchedule(options: HomeOptions, now = new Date()): Schedule {
  return scheduleAt(loadConfiguration(options), now);
}
