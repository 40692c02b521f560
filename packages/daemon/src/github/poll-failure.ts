/** Describes a failed look at GitHub for the daemon's log. */
import { Fault } from "@aedev/contracts";
import { RateLimited } from "./connection.ts";

/** A fault's message; for our own bug, the whole stack. */
export function pollFailure(error: unknown): string {
  if (error instanceof Fault || error instanceof RateLimited) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
