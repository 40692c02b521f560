/** A performer's answer if its work must wait for the clock. */

/** The work stays pending and is not tried again before this instant (milliseconds since the epoch). */
export interface Deferred {
  readonly kind: "Deferred";
  readonly atMs: number;
  /** News of this repository end the pause earlier; absent: only the clock does. */
  readonly untilNewsOf?: string;
}
