/** What a request says, all together: its kind, and whether criteria follow from it. Pure; reads each text once. */

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
  // Neither wording nor length decides alone: a long text that says nothing is like no request that the weights were fitted on.
  const isSupported = weighed.points > (weighed.observed.detailed ?? 0);
  const clear = kind !== "question" && isSupported && estimated > 0;
  return { reading, kind, weighed, estimated, clear, byRule: suffices(weighed, reading) };
}
