/** Reads from the policy how long a hold may wait for a person, with the daemon up or down. */
import { Fault } from "@aedev/contracts";
import type { HoldBounds } from "@aedev/core/reading";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";

/** Undefined if the policy can't be read, which `aedev policy check` reports. */
export function readHoldBounds({ home }: Pick<HomeOptions, "home">): HoldBounds | undefined {
  try {
    const { hold } = loadPolicy({ home }).policy;
    return { ttlMs: hold.ttl_ms, onTimeout: hold.on_timeout };
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
