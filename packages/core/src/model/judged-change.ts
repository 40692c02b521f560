/** What a task keeps of one judge's answer. */
import type { Verdict } from "@aedev/contracts";

/** A judge's verdict on a change, as a task keeps it. */
export interface JudgedChange {
  readonly change_digest: string;
  /** The code that was judged: the change on its base. */
  readonly tree: string;
  readonly verdict: Verdict;
}
