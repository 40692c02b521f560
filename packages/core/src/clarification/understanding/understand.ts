/** What a request says, all together: its kind, and whether criteria follow from it. Pure; reads each text once. */

import type { RequestKind } from "../lexicon/request-kind.ts";
import { kindOf } from "./kind.ts";
import { type Reading, readRequest } from "./reading.ts";
import { sentencePointsMin, suffices, type Weighed, weigh } from "./weigh.ts";

export interface Understanding {
  readonly reading: Reading;
  readonly kind: RequestKind;
  readonly weighed: Weighed;
  /** True if what must hold follows from the request itself. */
  readonly clear: boolean;
  /** True if nothing in it leaves so much open that a sentence about what must hold can't be trusted. */
  readonly trustsSentences: boolean;
}

export function understand(text: string): Understanding {
  const reading = readRequest(text);
  const kind = kindOf(reading);
  const weighed = weigh(reading, kind);
  const sum = weighed.points - weighed.against;
  const clear = kind !== "question" && suffices(weighed, reading);
  return {
    reading,
    kind,
    weighed,
    clear,
    trustsSentences: kind !== "question" && (clear || (weighed.against === 0 && sum >= sentencePointsMin)),
  };
}
