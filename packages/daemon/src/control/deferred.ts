/** The answer of one of control's performers if its work must wait for the clock. */

/** The work stays pending and is not tried again before this instant (milliseconds since the epoch). */
export interface Deferred {
  readonly kind: "Deferred";
  readonly atMs: number;
  /** The registered repository whose news end the pause earlier; absent: only the clock does. */
  readonly untilNewsOf?: string;
}
