/** How many runs may be active, and whether runs may start at this hour: from the configuration, with the daemon up or down. */
import type { Schedule } from "@aedev/core";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { productRoot } from "../configuration/product-root.ts";
import { scheduleAt } from "../loop/run-window.ts";

/** Throws a Fault `config-invalid` if the daemon could not start with it either. */
export function readSchedule(options: {
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
}): Schedule {
  return scheduleAt(loadConfiguration({ root: productRoot, ...options }), new Date());
}
