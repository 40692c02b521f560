/** The configuration's word on when and how many runs begin, for a face beside the daemon. */
import type { Schedule } from "@aedev/core";
import { loadConfiguration } from "./configuration/load-configuration.ts";
import { scheduleAt } from "./loop/run-window.ts";
import { productRoot } from "./process/product-root.ts";

/** Throws a Fault CONFIG-INVALID where the daemon could not start with it either. */
export function readSchedule(place: {
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
}): Schedule {
  return scheduleAt(loadConfiguration({ root: productRoot, ...place }), new Date());
}
