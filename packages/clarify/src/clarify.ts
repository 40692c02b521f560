/**
 * Clarifies a mission: criteria, questions, and the specification's clarifications. Deterministic. It asks in at most two rounds; after that the mission stays unclear.
 */

import type { ClarificationRules } from "@aedev/contracts";
import { type Criterion, criteriaMax } from "@aedev/contracts";
import { type Clarity, isClear, type Question, signalNames } from "@aedev/contracts/events";
import { onOneLine, shortenText } from "@aedev/contracts/words";
import { type Demands, demandsOf, isIn, notCheckedIn } from "./demands.ts";
import { exampleFor } from "./example-answer.ts";
import { distinct, findCriteria } from "./find-criteria.ts";
import { criterionOf } from "./given-evidence.ts";
import { criterionRefusal, linesOf, type NotTaken } from "./judge-answers.ts";
import type { RequestKind } from "./lexicon/request-kind.ts";
import { likelyPlaces } from "./likely-places.ts";
import {
  changeKindOf,
  emptyAgreements,
  isAgreementEnough,
  isOffered,
  offeredOf,
  questionIds,
} from "./offered-answers.ts";
import { textLanguage } from "./reading/language.ts";
import { type AnswerGiven, quotedWords, type ScoredMission, type Signal, scoreOf, signalsOf } from "./signals.ts";
import { isDocument } from "./understanding/kind.ts";
import { type Understanding, understand } from "./understanding/understand.ts";
import { wordingOf } from "./wording/wording.ts";

const roundsMax = 2;
/** The id of the answer that is a draft's idea for a test. No question asks for it. */
export const draftedTestId = "test";

export interface Clarified {
  readonly clarity: Clarity;
  /** The person's criteria, or aedev's default, marked as such. */
  readonly criteria: Criterion[];
  readonly clarifications: { question: string; answer: string }[];
}
interface Submitted {
  readonly text: string;
  /** Criteria that were given in addition to the text. */
  readonly criteria: readonly string[];
  /** Paths of the repository's files, without tests, which offer choices for the question where to change; absent or null if not known. */
  readonly files?: readonly string[] | null | undefined;
  /** What a coder wrote and the person accepted unchanged: whether the text is the coder's, and which of the given criteria. Absent: nothing. */
  readonly drafted?: { readonly text: boolean; readonly criteria: readonly string[] } | undefined;
}

/** A given criterion that does not count, and why, in the mission's language. */
interface NotCounted {
  readonly text: string;
  readonly why: string;
}

/** A mission as it was submitted. */
export function clarifyMission(
  submitted: Submitted,
  rules: ClarificationRules,
): Clarified & { readonly notCounted: NotCounted[] } {
  const { text, files = null, drafted = { text: false, criteria: [] } } = submitted;
  const say = wordingOf(textLanguage(text));
  const isDrafted = (criterion: string) => drafted.criteria.includes(criterion);
  const notCounted = submitted.criteria.flatMap((criterion): NotCounted[] => {
    // Agreeing with an offer says nothing about this mission.
    const isEmpty = isDrafted(criterion) && isOffered("no_acceptance_criteria", criterion);
    const why = isEmpty
      ? say.refused.placeholder(criterion)
      : criterionRefusal(criterion, { rules, say: say.refused, asked: text });
    return why === null ? [] : [{ text: criterion, why }];
  });
  const counted = submitted.criteria
    .filter((criterion) => !notCounted.some((none) => none.text === criterion))
    .map((criterion) => criterionOf(isDrafted(criterion) ? say.drafted(criterion) : criterion));
  const understood = understand(text);
  const found = findCriteria(text, rules);
  const own = distinct([...counted, ...(understood.clear ? found.criteria : found.listed)]);
  const demands = demandsOf({ text, kind: understood.kind }, rules);
  const follows = own.length === 0 ? followingFrom(understood, demands) : [];
  const isListed = counted.length + found.listed.length > 0;
  const demanded =
    isListed || !understood.clear ? [] : demands.checkable.filter((one) => !isIn(one, [...own, ...follows]));
  // Given criteria are never dropped: the schema refuses too many. Found criteria are in the text anyway.
  const criteria = distinct([...own, ...follows, ...demanded]).slice(0, Math.max(criteriaMax, counted.length));
  const mission = { text, description: found.description, understood, criteria, answers: [] };
  const signals = signalsOf(mission, rules);
  const asked = scoreOf(signals) >= rules.trigger_threshold;
  const questions = asked ? ask(mission, signals, { rules, files }) : [];
  const clarity = clarityOf(signals, { round: asked ? 1 : 0, questions });
  const marked = numbered(criteria, {
    ...{ text, kind: understood.kind, follows: [...follows, ...demanded] },
    drafted: [
      ...drafted.criteria.map((criterion) => criterionOf(say.drafted(criterion))),
      ...(drafted.text ? found.criteria : []),
    ],
  });
  return { clarity: withNotChecked(clarity, text, marked), criteria: marked, clarifications: [], notCounted };
}

/** Refuses a question about the code, because a mission changes code. Null for a request for a change, or if the person gave criteria. */
export function refuseQuestion({ text, criteria }: Submitted, rules: ClarificationRules): NotTaken | null {
  if (criteria.length > 0 || understand(text).kind !== "question") return null;
  if (findCriteria(text, rules).listed.length > 0) return null;
  return { code: "not-a-change", reason: wordingOf(textLanguage(text)).isQuestion, hint: "aedev intake --help" };
}

/** The longest part of a request that a criterion following from it quotes. */
const excerptCharactersMax = 300;

/** The criterion that follows from a request that says everything that its kind needs. It quotes the sentences that can't be criteria as they stand, or else the first demand. */
function followingFrom(understood: Understanding, { checkable, others }: Demands): string[] {
  const { reading, kind, clear, byRule } = understood;
  if (!clear) return [];
  const say = wordingOf(reading.language);
  const [first = ""] = checkable;
  const excerpt =
    shortenText((others.length > 0 ? others : [first]).join(" "), excerptCharactersMax) || onOneLine(reading.text);
  // A text to be written may need no test, whatever its verb; other work in the same request may.
  const isSaidOfKind = kind === "docs" || (byRule && !namesDocumentsOnly(reading));
  const follows = isSaidOfKind ? say.kinds[changeKindOf(kind)].follows : say.asStated;
  return [say.understood(follows, excerpt.toWellFormed())];
}

/** True if every file that a request names is a document. */
function namesDocumentsOnly({ anchors }: Understanding["reading"]): boolean {
  const paths = anchors.filter(({ kind }) => kind === "path");
  return paths.length > 0 && paths.every(isDocument);
}

/** Names the sentences that no criterion covers. While questions are open it names none, because the answers become criteria too. */
function withNotChecked(clarity: Clarity, text: string, criteria: readonly Criterion[]): Clarity {
  if (!isClear(clarity)) return clarity;
  const none = notCheckedIn(
    text,
    criteria.map((criterion) => criterion.text),
  );
  return none.length === 0 ? clarity : { ...clarity, not_checked: none };
}

/** A mission with the answers so far. */
export interface AnsweredMission {
  readonly text: string;
  readonly criteria: readonly Criterion[];
  readonly clarity: Clarity;
  readonly answers: readonly (AnswerGiven & { readonly question: string })[];
}

/** The mission with these answers, scored again. `judgeAnswers` must have accepted them. */
export function clarifyAnswers(
  mission: AnsweredMission,
  given: readonly AnswerGiven[],
  rules: ClarificationRules,
): Clarified {
  const { clarity } = mission;
  const fresh = given.flatMap(({ question_id, text: answer }) => {
    const question = clarity.questions.find(({ id }) => id === question_id);
    return question === undefined ? [] : [{ question_id, question: question.text, text: answer }];
  });
  return rescored(mission, fresh, { rules, drafted: [] });
}

/** The mission with these further answers, scored again. `drafted`: their lines that a coder wrote and the person accepted. */
export function rescored(
  mission: AnsweredMission,
  fresh: AnsweredMission["answers"],
  { rules, drafted }: { readonly rules: ClarificationRules; readonly drafted: readonly string[] },
): Clarified {
  const { text, clarity } = mission;
  const answers = [...mission.answers, ...fresh];
  const own = mission.criteria.filter((criterion) => criterion.default !== true).map((criterion) => criterion.text);
  const marked = (mark: "understood" | "drafted") =>
    mission.criteria.filter((criterion) => criterion[mark] === true).map((criterion) => criterion.text);
  const { description } = findCriteria(text, rules);
  const understood = understand(text);
  const hollow = emptyAgreements(answers, understood);
  const fullAnswers = answers.filter((answer) => !hollow.includes(answer));
  const criteria = distinct([...own, ...fullAnswers.flatMap((answer) => criteriaOf(answer, rules))]);
  const scored = { text, description, understood, criteria, answers };
  const all = numbered(criteria, {
    text,
    kind: understood.kind,
    follows: marked("understood"),
    // A sentence inside a drafted title or place may be a criterion too.
    drafted: [
      ...marked("drafted"),
      ...drafted.map(criterionOf),
      ...drafted.flatMap((line) => findCriteria(line, rules).criteria),
    ],
  });
  return {
    clarity: withNotChecked(nextClarity(scored, { before: clarity, answered: fresh, rules }), text, all),
    criteria: all,
    clarifications: answers.map(({ question, text: answer }) => ({ question, answer })),
  };
}

function nextClarity(
  scored: ScoredMission,
  { before, answered, rules }: { before: Clarity; answered: readonly AnswerGiven[]; rules: ClarificationRules },
): Clarity {
  const signals = signalsOf(scored, rules);
  const open = before.questions.filter(({ id }) => !answered.some(({ question_id }) => question_id === id));
  const { round } = before;
  if (open.length > 0) return clarityOf(signals, { round, questions: open.map((one) => withDefault(one, scored)) });
  if (scoreOf(signals) < rules.trigger_threshold) return clarityOf(signals, { round, questions: [] });
  if (round < roundsMax)
    return clarityOf(signals, { round: round + 1, questions: ask(scored, signals, { rules, files: null }) });
  return { ...clarityOf(signals, { round, questions: [] }), stuck: true };
}

function clarityOf(signals: readonly Signal[], asked: { round: number; questions: Question[] }): Clarity {
  return {
    ...asked,
    score: scoreOf(signals),
    signals: signals.map(({ name, weight, why }) => ({ name, weight, why })),
    stuck: false,
  };
}

/** A question for each signal, the heaviest first, in the mission's language. The question about criteria fits the kind of request. */
function ask(
  { text, understood, answers }: ScoredMission,
  signals: readonly Signal[],
  { rules, files }: { readonly rules: ClarificationRules; readonly files: readonly string[] | null },
): Question[] {
  const say = wordingOf(textLanguage(text));
  const { kind } = understood;
  const isPlaceAsked = signals.some(({ name }) => name === "no_target_surface");
  const places = files === null || !isPlaceAsked ? null : likelyPlaces(text, { files, kind });
  let hasExample = false;
  return signals.slice(0, rules.max_questions).map(({ name, words }) => {
    const id = questionIds[name];
    const offer = offeredOf(say, name, { kind, places });
    const isEnough = isAgreementEnough({ question_id: id, text: offer.usual }, { answers, understood });
    const usual = isEnough ? offer.usual : "";
    const choices = isEnough ? offer.choices : offer.choices.filter((choice) => choice !== offer.usual);
    const parts = [say.questions[name].text(quotedWords(words, text))];
    if (answers.some(({ question_id }) => question_id === id)) parts.unshift(say.again);
    if (name === "no_acceptance_criteria") parts.push(say.kinds[changeKindOf(kind)].ask);
    // Show the example only once.
    if (!isEnough && !hasExample) parts.push(exampleFor(text));
    hasExample ||= !isEnough;
    return { id, signal: name, text: parts.join(" "), choices, default: usual };
  });
}

/** An open question. It gets its default as soon as earlier answers make that default enough. */
function withDefault(question: Question, { text, understood, answers }: ScoredMission): Question {
  if (question.default !== "") return question;
  const say = wordingOf(textLanguage(text));
  const { usual } = offeredOf(say, question.signal, { kind: understood.kind, places: null });
  if (!isAgreementEnough({ question_id: question.id, text: usual }, { answers, understood })) return question;
  return { ...question, default: usual, choices: [usual, ...question.choices].slice(0, 4) };
}

/** Each line of an answer to the criteria question is a criterion. Other answers are searched for criteria, except answers that aedev offered. */
function criteriaOf({ question_id, text }: AnswerGiven, rules: ClarificationRules): readonly string[] {
  if (question_id === questionIds.no_acceptance_criteria) return linesOf(text).map(criterionOf);
  if (question_id === draftedTestId) return [];
  return signalNames.some((name) => isOffered(name, text)) ? [] : findCriteria(text, rules).criteria;
}

/** `follows`: the criteria that follow from the request. `drafted`: the criteria that a coder wrote. */
function numbered(
  criteria: readonly string[],
  {
    text,
    kind,
    follows,
    drafted,
  }: {
    readonly text: string;
    readonly kind: RequestKind;
    readonly follows: readonly string[];
    readonly drafted: readonly string[];
  },
): Criterion[] {
  if (criteria.length === 0) {
    const { usual } = wordingOf(textLanguage(text)).kinds[changeKindOf(kind)];
    return [{ id: "c1", text: usual, default: true }];
  }
  return criteria.map((criterion, index) => ({
    id: `c${index + 1}`,
    text: criterion.toWellFormed(),
    ...(follows.includes(criterion) ? { understood: true as const } : {}),
    ...(drafted.includes(criterion) ? { drafted: true as const } : {}),
  }));
}
