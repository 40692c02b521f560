/** Reads today's charges, as every daily budget counts them. */
import type { Charge } from "@aedev/core/reading";
import { dayStart } from "@aedev/host/day-window";
import type { ChargeReader } from "../log/charges.ts";

/** The charges since midnight by this machine's clock. */
export function chargesOfDay(charges: Pick<ChargeReader, "since">, now = new Date()): Charge[] {
  return charges.since(dayStart(now).toISOString());
}
