/**
 * The package's door: what a person's request says, what is unclear in it, and which questions follow. Pure.
 *
 * Folder: what is unclear in a mission: score, signals, questions, offered answers, acceptance criteria.
 */
export { clarifiedSpecification } from "./clarified-specification.ts";
export { clarifyAnswers, clarifyMission, refuseQuestion } from "./clarify.ts";
export { clarifyChange } from "./clarify-change.ts";
export { type AcceptedPart, clarifyDraft, type PartNotTaken } from "./clarify-draft.ts";
export { judgeAnswers } from "./judge-answers.ts";
export type { TextLanguage } from "./lexicon/lexicon.ts";
export { lexicons } from "./lexicon/lexicons.ts";
export type { ChangeKind } from "./lexicon/request-kind.ts";
export { placesIn } from "./reading/place.ts";
export { kindOf } from "./understanding/kind.ts";
export { readRequest } from "./understanding/reading.ts";
export { asksSameBehaviour, mayAskSameBehaviour } from "./understanding/same-behaviour.ts";
