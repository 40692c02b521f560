/**
 * What a request says, all together: its kind, and whether criteria follow from it. Pure; reads each text once.
 *
 * Folder: what a request says as a whole, and the estimate whether it is clear.
 */

import type { RequestKind } from "../lexicon/request-kind.ts";
import { estimate } from "./estimate.ts";
import { featuresOf } from "./features.ts";
import { kindOf } from "./kind.ts";
import { type Reading, readRequest } from "./reading.ts";
import { suffices, type Weighed, weigh } from "./weigh.ts";

export interface Understanding {
  readonly reading: Reading;
  readonly kind: RequestKind;
  readonly weighed: Weighed;
  /** Above 0 if the request is like those on which a senior engineer starts without asking. */
  readonly estimated: number;
  /** True if what must hold follows from the request itself. */
  readonly clear: boolean;
  /** True if a row of the table tells what must hold, so that it can be said in the words of its kind. */
  readonly byRule: boolean;
}

export function understand(text: string): Understanding {
  const reading = readRequest(text);
  const kind = kindOf(reading);
  const weighed = weigh(reading, kind);
  const estimated = estimate(featuresOf(reading, kind, weighed));
  const clear = mayBeClear(kind, weighed) && estimated > 0;
  return { reading, kind, weighed, estimated, clear, byRule: suffices(weighed, reading) };
}

/** False for what is asked about whatever its estimate: a question, and a text of which neither wording nor length may decide alone, because it says nothing. */
export function mayBeClear(kind: RequestKind, { points, observed }: Weighed): boolean {
  return kind !== "question" && points > (observed.detailed ?? 0);
}
