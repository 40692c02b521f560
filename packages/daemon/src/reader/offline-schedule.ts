/** The configuration's word on when and how many runs begin, for a face beside the daemon. */
import type { Schedule } from "@aedev/core";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { productRoot } from "../configuration/product-root.ts";
import { scheduleAt } from "../loop/run-window.ts";

/** Throws a Fault config-invalid where the daemon could not start with it either. */
export function readSchedule(options: {
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
}): Schedule {
  return scheduleAt(loadConfiguration({ root: productRoot, ...options }), new Date());
}
