/** The state of one outage of a judge's vendor. `judges/outage.ts` says what follows from it. */

/** A judge vendor that gave no verdict since it was not available. */
export interface JudgeOutage {
  /** The first result without an answer. */
  readonly since: string;
  /** Such results in a row since the last probe that reached it. */
  readonly results: number;
  /** The first of these. */
  readonly probe_from: string;
  /** Probes that reached it. */
  readonly lifts: number;
}
