/**
 * What clarification makes of a mission and of answers to it: criteria, questions, and what the specification says beside the text.
 * Deterministic; a mission is asked from the threshold on, at most two rounds, and then stays unclear and says so.
 */
import type { Criterion } from "../wire/index.ts";
import type { Clarity, Question } from "./clarity.ts";
import { criterionRefusal, linesOf } from "./judge-answers.ts";
import { criterionOf } from "./reading/evidence.ts";
import { distinct, findCriteria } from "./reading/find-criteria.ts";
import { languageOf } from "./reading/language.ts";
import type { ClarificationRules } from "./rules.ts";
import {
  type AnswerGiven,
  questionIds,
  quoted,
  type ScoredMission,
  type Signal,
  scoreOf,
  signalsOf,
} from "./signals.ts";
import { wordingOf } from "./wording/wording.ts";

/** Rounds of questions; after the last one nothing is asked any more. */
const roundsMax = 2;
/** Criteria of a specification, as its schema bounds them. */
const criteriaMax = 64;

export interface Clarified {
  readonly clarity: Clarity;
  /** The person's, or aedev's own marked as such. */
  readonly criteria: Criterion[];
  readonly clarifications: { question: string; answer: string }[];
}
interface Submitted {
  readonly text: string;
  /** Criteria that were given beside the text. */
  readonly criteria: readonly string[];
}

/** A criterion that was given and is none, and why, in the mission's language. */
interface NotCounted {
  readonly text: string;
  readonly why: string;
}

/** A mission as it was submitted. */
export function clarifyMission(
  submitted: Submitted,
  rules: ClarificationRules,
): Clarified & { readonly notCounted: NotCounted[] } {
  const { text } = submitted;
  const say = wordingOf(languageOf(text)).refused;
  const notCounted = submitted.criteria.flatMap((criterion): NotCounted[] => {
    const why = criterionRefusal(criterion, { rules, say, asked: text });
    return why === null ? [] : [{ text: criterion, why }];
  });
  const counted = submitted.criteria
    .filter((criterion) => !notCounted.some((none) => none.text === criterion))
    .map(criterionOf);
  const found = findCriteria(text, rules);
  // What was given is taken whole, or the specification's schema refuses it; what was found is in the text anyway.
  const criteria = distinct([...counted, ...found.criteria]).slice(0, Math.max(criteriaMax, counted.length));
  const mission = { text, description: found.description, criteria, answers: [] };
  const signals = signalsOf(mission, rules);
  const asked = scoreOf(signals) >= rules.trigger_threshold;
  const clarity = clarityOf(signals, { round: asked ? 1 : 0, questions: asked ? ask(mission, signals, rules) : [] });
  return { clarity, criteria: numbered(criteria, text), clarifications: [], notCounted };
}

/** A mission as its questions have been answered so far. */
export interface AnsweredMission {
  readonly mission_id: string;
  readonly stage: string;
  readonly text: string;
  readonly criteria: readonly Criterion[];
  readonly clarity: Clarity;
  readonly answers: readonly { readonly question_id: string; readonly question: string; readonly text: string }[];
}

/** The mission with these answers, scored again. The answers must be good ones (`judgeAnswers`). */
export function clarifyAnswers(
  mission: AnsweredMission,
  given: readonly AnswerGiven[],
  rules: ClarificationRules,
): Clarified {
  const { text, clarity } = mission;
  const fresh = given.flatMap(({ question_id, text: answer }) => {
    const question = clarity.questions.find(({ id }) => id === question_id);
    return question === undefined ? [] : [{ question_id, question: question.text, text: answer }];
  });
  const answers = [...mission.answers, ...fresh];
  const own = mission.criteria.filter((criterion) => criterion.default !== true).map((criterion) => criterion.text);
  const { description } = findCriteria(text, rules);
  const criteria = distinct([...own, ...fresh.flatMap((answer) => criteriaOf(answer, rules))]);
  const scored = { text, description, criteria, answers };
  return {
    clarity: nextClarity(scored, { before: clarity, answered: fresh, rules }),
    criteria: numbered(criteria, text),
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
  if (open.length > 0) return clarityOf(signals, { round, questions: open });
  if (scoreOf(signals) < rules.trigger_threshold) return clarityOf(signals, { round, questions: [] });
  if (round < roundsMax) return clarityOf(signals, { round: round + 1, questions: ask(scored, signals, rules) });
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

/** A question for each signal, the heaviest first, in the mission's language. */
function ask({ text }: ScoredMission, signals: readonly Signal[], rules: ClarificationRules): Question[] {
  const { questions } = wordingOf(languageOf(text));
  return signals.slice(0, rules.max_questions).map(({ name, words }) => {
    const { text: question, choices, default: usual } = questions[name];
    const id = questionIds[name];
    return { id, signal: name, text: question(quoted(words, text)), choices: [...choices], default: usual };
  });
}

/** Each line of an answer to the question for criteria is one; another answer has those that stand in it. */
function criteriaOf({ question_id, text }: AnswerGiven, rules: ClarificationRules): readonly string[] {
  return question_id === questionIds.no_acceptance_criteria
    ? linesOf(text).map(criterionOf)
    : findCriteria(text, rules).criteria;
}

function numbered(criteria: readonly string[], text: string): Criterion[] {
  if (criteria.length === 0) return [{ id: "c1", text: wordingOf(languageOf(text)).defaultCriterion, default: true }];
  return criteria.map((criterion, index) => ({ id: `c${index + 1}`, text: criterion.toWellFormed() }));
}
