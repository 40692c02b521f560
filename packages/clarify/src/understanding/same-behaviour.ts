/** Tells whether a request asks for other code that does the same: a refactoring, and nothing else in one breath. */
import type { Concept } from "../lexicon/lexicon.ts";
import { kindOf } from "./kind.ts";
import { entriesOf, type Reading, type Sentence } from "./reading.ts";

/** Words of requests for another behaviour; the last ones also say how code is rewritten. */
const otherwise: readonly Concept[] = ["fix", "broken", "symptom", "upgrade", "expected"];
const mayBeOtherwise: readonly Concept[] = ["add", "set"];
/** As conventional commits begin. */
const prefix = /^refactor(?:\([^()\n]*\))?:/iu;

/** Contract: false for a request that may want anything to behave otherwise. */
export function asksSameBehaviour(reading: Reading): boolean {
  const has = (...concepts: readonly Concept[]) => entriesOf(reading, ...concepts).length > 0;
  const kind = kindOf(reading);
  const isSaid = prefix.test(reading.text);
  const denying = isSaid ? otherwise : [...otherwise, ...mayBeOtherwise];
  const wants = (one: Sentence) => denying.some((concept) => one.found[concept].length > 0);
  if (reading.sentences.some((one) => wants(one) && one.found.unchanged.length === 0)) return false;
  if (isSaid || (kind === "refactor" && has("refactor", "move") && !has("replace"))) return true;
  return /^(?:refactor|perf|rename|removal)$/u.test(kind) && has("unchanged");
}

/** Whether a request may ask for that, as far as the kind of change tells: a change that touches no test is then held to what the base does. */
export function mayAskSameBehaviour(reading: Reading): boolean {
  return /^(?:refactor|perf|rename|removal|chore)$/u.test(kindOf(reading));
}
