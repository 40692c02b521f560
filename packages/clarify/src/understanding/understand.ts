/**
 * Everything that a request says: its kind, and whether criteria follow from it. Pure; it reads each text once.
 *
 * Folder: what a request says as a whole, and the estimate whether it is clear.
 */

import type { RequestKind } from "../lexicon/request-kind.ts";
import { estimate } from "./estimate.ts";
import { featuresOf } from "./features.ts";
import { kindOf } from "./kind.ts";
import { type Reading, readRequest } from "./reading.ts";
import { isEnough, type Weighed, weigh } from "./weigh.ts";

export interface Understanding {
  readonly reading: Reading;
  readonly kind: RequestKind;
  readonly weighed: Weighed;
  /** Above 0 if the request resembles requests that a senior engineer starts without asking. */
  readonly estimated: number;
  /** True if the request itself says what must hold. */
  readonly clear: boolean;
  /** True if a row of the table says what must hold, so that the criterion can use the words of the kind. */
  readonly byRule: boolean;
}

export function understand(text: string): Understanding {
  const reading = readRequest(text);
  const kind = kindOf(reading);
  const weighed = weigh(reading, kind);
  const estimated = estimate(featuresOf(reading, kind, weighed));
  const clear = mayBeClear(kind, weighed) && estimated > 0;
  return { reading, kind, weighed, estimated, clear, byRule: isEnough(weighed, reading) };
}

/** False if a person must be asked whatever the estimate: for a question, and for a text that says nothing, where neither wording nor length may decide. */
export function mayBeClear(kind: RequestKind, { points, observed }: Weighed): boolean {
  return kind !== "question" && points > (observed.detailed ?? 0);
}
