/** The state of one outage of a judge's vendor. `judges/outage.ts` says what follows from it. */

/** A judge vendor that has given no verdict since it became unavailable. */
export interface JudgeOutage {
  /** When the first result without an answer came. */
  readonly since: string;
  /** The number of such results in a row since the last probe that reached the vendor. */
  readonly results: number;
  /** When the first of these came. */
  readonly probe_from: string;
  /** The number of probes that reached the vendor. */
  readonly lifts: number;
}
