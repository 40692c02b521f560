/**
 * Weighs what a request says: points for what can be checked, points against what leaves it open. A table, not a model: each row is one
 * observation, and the sum decides whether criteria follow from the request.
 */
import type { Concept } from "../lexicon/lexicon.ts";
import type { RequestKind } from "../lexicon/request-kind.ts";
import type { AnchorKind } from "../reading/anchors.ts";
import { becomes, isComplete } from "./complete.ts";
import { isAsking } from "./question.ts";
import { entriesOf, namedOf, type Reading } from "./reading.ts";

/** What names exactly one thing. A ticket or a link names nothing that can be read here. */
export const exact: ReadonlySet<AnchorKind> = new Set([
  "block",
  "trace",
  "code",
  "quote",
  "path",
  "route",
  "flag",
  "package",
  "symbol",
  "error",
  "version",
  "measure",
  "literal",
]);
const values: ReadonlySet<AnchorKind> = new Set([
  "quote",
  "version",
  "measure",
  "literal",
  "number",
  "arrow",
  "error",
  "trace",
  "block",
]);
const numbers: ReadonlySet<AnchorKind> = new Set(["number"]);
const names: ReadonlySet<AnchorKind> = new Set(["name"]);
/** Kinds of which a place alone says nothing: "fix parse()", "refactor src/a.ts". */
const openKinds: ReadonlySet<RequestKind> = new Set(["fix", "refactor", "perf", "config", "upgrade"]);

export interface Weighed {
  readonly points: number;
  readonly against: number;
  /** The points of each row of the table, in either direction. */
  readonly observed: Readonly<Observed>;
}
/** From this sum on, criteria follow. Tuned on test/requests/requests.jsonl (ADR 0021). */
export const criterionPointsMin = 3;
/** From this sum on, a sentence that says what must hold is believed. Tuned on the same file. */
export const sentencePointsMin = 2;

/** A value that is left out: "under X ms", "???", "TBD". */
const blank =
  /(?<![\p{L}\p{N}])(?:[XN]{1,3}\s?(?:ms|s|sec|min|%|[kmg]b)(?![\p{L}\p{N}])|TB[DCA](?![\p{L}\p{N}])|\?{3})/u;
const longWidth = 150;
const shortWidth = 60;

export function weigh(reading: Reading, kind: RequestKind): Weighed {
  const observed = observe(reading, kind);
  const all = Object.values(observed);
  const sum = (sign: 1 | -1) => all.filter((value) => value * sign > 0).reduce((total, value) => total + value, 0);
  return { points: sum(1), against: Math.abs(sum(-1)), observed };
}

type Observed = ReturnType<typeof observe>;
function observe(reading: Reading, kind: RequestKind) {
  const has = (...concepts: readonly Concept[]) => (entriesOf(reading, ...concepts).length > 0 ? 1 : 0);
  const times = (concept: Concept) => entriesOf(reading, concept).length;
  const exactly = namedOf(reading, exact).length;
  const valued = namedOf(reading, values).length;
  const numbered = namedOf(reading, numbers).length;
  const says = has("symptom", "expected", "condition", "unchanged");
  const observes = times("observable");
  const loose = has("vague", "placeholder", "hedge");
  const detailed = reading.width > longWidth;
  return {
    exact: Math.min(exactly, 3) + (exactly > 0 ? 1 : 0),
    number: Math.min(1, numbered),
    name: Math.min(1, namedOf(reading, names).length),
    complete: isComplete(reading, kind) ? 3 : 0,
    observable: Math.min(2, observes) / 2,
    condition: has("condition") * (observes > 0 ? 1 : 0.5),
    behaviour: has("condition") === 1 && observes > 1 && loose === 0 ? 1 : 0,
    expected: has("expected") * has("symptom", "contrast", "condition"),
    contrast: has("expected") * has("contrast") * 0.5,
    becomes: exactly > 0 && loose === 0 && kind !== "perf" && becomes(reading) ? 1 : 0,
    limit: has("limit") * 0.5,
    unchanged: has("unchanged"),
    detailed: detailed ? 1 : 0,
    blank: blank.test(reading.prose) ? -4 : 0,
    short: reading.width < shortWidth && exactly + numbered === 0 && has("condition") === 0 ? -1 : 0,
    placeOnly:
      openKinds.has(kind) && !detailed && exactly > 0 && valued + says === 0 && exactly < 3 && !becomes(reading)
        ? -3
        : 0,
    vague: -Math.min(2, times("vague")),
    placeholder: -Math.min(2, times("placeholder")),
    hedge: -Math.min(2, times("hedge")),
    undecided: times("undecided") === 0 ? 0 : -2 - 2 * Math.min(2, times("undecided")),
    deferred: has("deferred") * (exactly < 2 ? -2 : -1),
    inquiry: -has("inquiry"),
    asks: -reading.sentences.filter((sentence) => isAsking(reading, sentence)).length,
  };
}
