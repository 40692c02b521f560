/** What was used today, as every budget of a day counts it. */
import type { Charge } from "@aedev/core/reading";
import { dayStart } from "@aedev/host/day-window";
import type { ChargeReader } from "../log/charges.ts";

/** What was used since midnight by this machine's time. */
export function chargesOfDay(charges: Pick<ChargeReader, "since">, now = new Date()): Charge[] {
  return charges.since(dayStart(now).toISOString());
}
