/** The answers that clarification itself offers: the questions' defaults and choices by signal, kind and language, and whether a default settles anything. */
import { lazy } from "@aedev/contracts";
import type { SignalName } from "@aedev/contracts/events";
import { textLanguages } from "./lexicon/lexicon.ts";
import { type ChangeKind, changeKinds, type RequestKind } from "./lexicon/request-kind.ts";
import { normalized } from "./reading/normal-form.ts";
import { placesIn } from "./reading/place.ts";
import { namedOf } from "./understanding/reading.ts";
import type { Understanding } from "./understanding/understand.ts";
import { exact } from "./understanding/weigh.ts";
import { type Wording, wordingOf } from "./wording/wording.ts";

/** The id of each signal's question, in every round. */
export const questionIds: Readonly<Record<SignalName, string>> = {
  no_acceptance_criteria: "criteria",
  vague_description: "outcome",
  no_target_surface: "target",
  unbounded_scope: "scope",
};
const choicesMax = 4;
/** Folders that many repositories have, offered if the repository's files are not known. */
const usualPlaces: readonly string[] = ["src/", "lib/"];

/**
 * The default and the choices of a signal's question. Those about criteria fit the kind of request, those about the place fit the repository. `places`:
 * of the repository, the likeliest first; null if its files are not known.
 */
export function offeredOf(
  { questions, kinds, inPlace }: Wording,
  name: SignalName,
  { kind, places }: { readonly kind: RequestKind; readonly places: readonly string[] | null },
): { readonly usual: string; readonly choices: string[] } {
  const { choices, default: usual } = questions[name];
  if (name === "no_target_surface") {
    if (places === null) return { usual, choices: [usual, ...usualPlaces.map(inPlace), ...choices.slice(1)] };
    return { usual, choices: [usual, ...(kind === "docs" ? places : places.map(inPlace))].slice(0, choicesMax) };
  }
  if (name !== "no_acceptance_criteria") return { usual, choices: [...choices] };
  const { usual: ofKind } = kinds[changeKindOf(kind)];
  const others = ofKind === usual ? choices : choices.filter((choice) => choice !== usual);
  return { usual: ofKind, choices: [...new Set([ofKind, ...others])].slice(0, choicesMax) };
}

/** The kind of change whose wording a request gets; a question that must be asked about gets the wording of a chore. */
export function changeKindOf(kind: RequestKind): ChangeKind {
  return kind === "question" ? "chore" : kind;
}

/** True for a question's own default and choices, in any language, for any kind and any repository: these are always accepted. */
export function isOffered(name: SignalName, text: string): boolean {
  if ((offered().get(name) ?? new Set()).has(normalized(text))) return true;
  if (name !== "no_target_surface") return false;
  const [place] = placesIn(text);
  if (place === undefined) return false;
  return textLanguages.some((language) => normalized(wordingOf(language).inPlace(place)) === normalized(text));
}

function isUsual(name: SignalName, text: string): boolean {
  return (usuals().get(name) ?? new Set()).has(normalized(text));
}

const names = Object.keys(questionIds) as SignalName[];
const everyOffer = (name: SignalName) =>
  textLanguages.flatMap((language) =>
    changeKinds.map((kind) => offeredOf(wordingOf(language), name, { kind, places: null })),
  );
const byName = (texts: (name: SignalName) => string[]) =>
  lazy(() => new Map(names.map((name) => [name, new Set(texts(name).map(normalized))])));
const offered = byName((name) => everyOffer(name).flatMap(({ usual, choices }) => [usual, ...choices]));
const usuals = byName((name) => everyOffer(name).map(({ usual }) => usual));

/** Kinds whose default answer is precise enough once something is named: for an upgrade, "the newest release" is one version. */
const usualSaysAll: ReadonlySet<RequestKind> = new Set(["upgrade"]);
const whatIsWanted: readonly SignalName[] = ["no_acceptance_criteria", "vague_description"];

/**
 * The answers that settle nothing: agreeing with the usual answer does not say what is wanted if the request doesn't say it either. One answer in the
 * person's own words about criteria or outcome is enough.
 */
export function emptyAgreements<Answer extends { readonly question_id: string; readonly text: string }>(
  answers: readonly Answer[],
  { kind, reading, weighed }: Understanding,
): Answer[] {
  const doubt = weighed.against + weighed.observed.placeOnly;
  if (usualSaysAll.has(kind) && doubt === 0 && namedOf(reading, exact).length > 0) return [];
  const about = answers.filter(({ question_id }) => whatIsWanted.some((name) => questionIds[name] === question_id));
  const isUsualAnswer = ({ question_id, text }: Answer) =>
    whatIsWanted.some((name) => questionIds[name] === question_id && isUsual(name, text));
  return about.every(isUsualAnswer) ? about : [];
}

/** Whether this usual answer is enough, together with the earlier answers. */
export function isAgreementEnough<Answer extends { readonly question_id: string; readonly text: string }>(
  answer: Answer,
  { answers, understood }: { readonly answers: readonly Answer[]; readonly understood: Understanding },
): boolean {
  return !emptyAgreements([...answers, answer], understood).includes(answer);
}
