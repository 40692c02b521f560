/**
 * Weighs a request: points for statements that can be checked, points against what it leaves open. It is a table, not a model: each row is one
 * observation, and the sum decides whether criteria follow from the request.
 */
import { type Concept, changeVerbs } from "../lexicon/lexicon.ts";
import type { RequestKind } from "../lexicon/request-kind.ts";
import type { AnchorKind } from "../reading/anchors.ts";
import { clausesOf } from "../reading/words.ts";
import { isComplete, namesResult } from "./complete.ts";
import { type OpenPoint, type OpenPoints, openPointNames, openPointsOf } from "./open-points.ts";
import { isAsking, isInquiry } from "./question.ts";
import { entriesOf, namedOf, type Reading } from "./reading.ts";
import { namesValue } from "./values.ts";

/** Kinds of things that name exactly one thing. A ticket or a link names nothing that can be read here. */
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
/** Kinds for which a place alone says nothing: "fix parse()", "refactor src/a.ts". */
const openKinds: ReadonlySet<RequestKind> = new Set(["fix", "refactor", "perf", "config", "upgrade"]);

export interface Weighed {
  readonly points: number;
  readonly against: number;
  /** The points of each row of the table, positive or negative. */
  readonly observed: Readonly<Observed>;
}
/** More detail than this says nothing more about what is left open. */
const pointsMax = 6;
/**
 * Criteria follow from this sum on, or from the lower one if nothing counts against the request and it names nothing from the code, which alone is worth
 * two points. Tuned on test/requests (ADR 0021).
 */
const criterionPointsMin = 3;
const undoubtedPointsMin = 2;
/** A value that is left out: "under X ms", "???", "TBD". */
const blankValue =
  /(?<![\p{L}\p{N}])(?:[XN]{1,3}\s?(?:ms|s|sec|min|%|[kmg]b)(?![\p{L}\p{N}])|TB[DCA](?![\p{L}\p{N}])|\?{3})/u;
const longWidth = 150;
const shortWidth = 60;

export function weigh(reading: Reading, kind: RequestKind): Weighed {
  const observed = observe(reading, kind);
  const all = Object.values(observed);
  const sum = (sign: 1 | -1) => all.filter((value) => value * sign > 0).reduce((total, value) => total + value, 0);
  return { points: Math.min(pointsMax, sum(1)), against: Math.abs(sum(-1)), observed };
}

/** True if the points are enough for criteria to follow from the request. */
export function isEnough({ points, against, observed }: Weighed, reading: Reading): boolean {
  const undoubted = against === 0 && observed.exact === 0 && asksForSomething(reading);
  return points - against >= (undoubted ? undoubtedPointsMin : criterionPointsMin);
}

/** True if a text says what to do or what is wrong, so that it is not a fragment. */
function asksForSomething(reading: Reading): boolean {
  return entriesOf(reading, ...changeVerbs, "expected", "symptom", "rule").length > 0;
}

type Observed = ReturnType<typeof observe>;
function observe(reading: Reading, kind: RequestKind) {
  const has = (...concepts: readonly Concept[]) => (entriesOf(reading, ...concepts).length > 0 ? 1 : 0);
  const times = (concept: Concept) => entriesOf(reading, concept).length;
  const exactly = namedOf(reading, exact).length;
  const valued = namedOf(reading, values).length;
  const numbered = namedOf(reading, numbers).length;
  const says = has("symptom", "expected", "condition", "unchanged");
  const observables = times("observable");
  const loose = has("vague", "placeholder", "hedge");
  const detailed = reading.width > longWidth;
  const open = undecidedOf(reading);
  const degrees = times("level") + times("judged");
  const isShort =
    reading.width < shortWidth &&
    exactly + numbered + namedOf(reading, names).length === 0 &&
    has("condition", "rule", "unchanged", "instead") === 0 &&
    observables < 2 &&
    times("surface") < 2;
  return {
    exact: Math.min(exactly, 3) + (exactly > 0 ? 1 : 0),
    number: Math.min(1, numbered),
    name: Math.min(1, namedOf(reading, names).length),
    surface: loose === 0 ? Math.min(2, times("surface")) : 0,
    complete: isComplete(reading, kind) ? 3 : 0,
    observable: Math.min(3, observables) / 2,
    condition: has("condition") * (observables > 0 ? 1 : 0.5),
    behaviour: has("condition") === 1 && observables > 1 && loose === 0 ? 1 : 0,
    expected: has("expected") * has("symptom", "contrast", "condition"),
    contrast: has("expected") * has("contrast") * 0.5,
    becomes: exactly > 0 && loose === 0 && kind !== "perf" && namesResult(reading) ? 1 : 0,
    instead: has("instead") * (loose === 0 ? 1 : 0),
    corrected: loose === 0 && isCorrected(reading) ? 1 : 0,
    rule: has("rule") * 0.5,
    limit: has("limit") * 0.5,
    free: has("free"),
    unchanged: has("unchanged"),
    detailed: detailed ? 1 : 0,
    blank: blankValue.test(reading.prose) ? -4 : 0,
    short: isShort ? -1 : 0,
    placeOnly:
      openKinds.has(kind) &&
      !detailed &&
      exactly > 0 &&
      has("contrast") === 0 &&
      valued + says === 0 &&
      exactly < 3 &&
      !namesResult(reading)
        ? -3
        : 0,
    vague: -Math.min(2, times("vague")),
    placeholder: -Math.min(2, times("placeholder")),
    hedge: -Math.min(2, times("hedge")),
    undecided: open === 0 ? 0 : -4 - 2 * Math.min(2, open),
    deferred: has("deferred") * (exactly < 2 ? -2 : -1),
    elsewhere: has("elsewhere", "told") * -4,
    both: has("both") * -4,
    ...pointsAgainst(openPointsOf(reading, kind), detailed),
    amount: (has("amount") === 1 || isAimless(reading, kind)) && !namesValue(reading) ? -4 : 0,
    level: degrees === 0 ? 0 : -2 - 2 * Math.min(2, degrees),
    unused: exactly + namedOf(reading, names).length === 0 && removesUnused(reading) ? -4 : 0,
    inquiry: isInquiry(reading) ? -1 : 0,
    asks: -reading.sentences.filter((sentence) => isAsking(reading, sentence)).length,
  };
}

/** In a detailed text, open points weigh less, because it explains more. */
function pointsAgainst(open: OpenPoints, detailed: boolean): Readonly<Record<OpenPoint, number>> {
  const doubt = detailed ? -3 : -4;
  return Object.fromEntries(openPointNames.map((name) => [name, open[name] ? doubt : 0])) as Record<OpenPoint, number>;
}

/** "It still says 3.8, it is 3.11 now", "it goes to the start page instead of the cart", "it does that, it should not". */
function isCorrected(reading: Reading): boolean {
  const has = (...concepts: readonly Concept[]) => entriesOf(reading, ...concepts).length > 0;
  const twice = namedOf(reading, new Set([...numbers, ...exact])).length > 1;
  return (has("contrast", "now") && twice) || (has("instead", "rule") && has("symptom", "surface"));
}

/** How many points are undecided, without those that the text later says were decided. */
function undecidedOf({ found }: Reading): number {
  const settled = found.settled.reduce((last, { at }) => Math.max(last, at), -1);
  return new Set(found.undecided.filter(({ at }) => at > settled).map(({ entry }) => entry)).size;
}

const wayOf = changeVerbs.filter((concept) => concept !== "speed" && concept !== "fix" && concept !== "add");
/** True for a wish for speed that names neither a way nor the wanted result. */
function isAimless(reading: Reading, kind: RequestKind): boolean {
  return kind === "perf" && entriesOf(reading, ...wayOf, "compare").length === 0;
}

/** True if the text identifies what to remove only as unused ("the features nobody uses"). A separate sentence gives a reason instead ("It is no longer used"). */
function removesUnused({ found, words }: Reading): boolean {
  const removing = clausesOf(words, found.remove);
  return [...clausesOf(words, found.unused)].some((clause) => removing.has(clause));
}
