/** Composes a push message that asks a question: of clarification, in aedev's words, or of a coder, in the coder's own words and marked as such (THREATS T23). Pure. */

import { counted, escapeLine } from "@aedev/contracts";
import { type ApprovalState, entityById, openQuestion, type State } from "@aedev/core";
import { buttonsMax, type ComposedMessage, type PlannedButton, titleOf, told } from "./composed-message.ts";
import { quotedWords } from "./plain-words.ts";

const questionLengthMax = 500;
const coderWordsMax = 300;
const choiceLengthMax = 200;
const labelLengthMax = 40;

export function composeClarification(
  state: State,
  approval: ApprovalState,
  { mission_id, question_id }: { mission_id: string; question_id: string },
): ComposedMessage | null {
  const question = openQuestion(state, { mission_id, task_id: null, question_id });
  if (question === undefined) return null;
  const more = (entityById(state.missions, mission_id)?.clarity.questions.length ?? 1) - 1;
  const lines = [
    escapeLine(question.text, questionLengthMax),
    ...choiceLines(question.choices, question.default),
    ...(more === 0 ? [] : [`${counted(more, "more question")} after this one; the page has them all.`]),
  ];
  return {
    ...told(`${more === 0 ? "Question" : "Questions"}: ${titleOf(state, mission_id)}`, "thought_balloon", lines),
    approval,
    buttons: more === 0 ? choiceButtons(question.choices) : [answerAll, ...choiceButtons(question.choices)],
    commands: [`aedev mission answer ${mission_id} --answer ${question_id}=TEXT`],
  };
}

/** The coder's own words, never in aedev's voice. */
export function composeCoderQuestion(
  state: State,
  approval: ApprovalState,
  { mission_id, task_id, question_id }: { mission_id: string; task_id: string; question_id: string },
): ComposedMessage | null {
  const question = openQuestion(state, { mission_id, task_id, question_id });
  if (question === undefined) return null;
  const lines = [
    "The coder stopped and asks, in its own words:",
    quotedWords(question.text, coderWordsMax),
    "Your answer goes to the coder's next run. It approves nothing.",
    ...choiceLines(question.choices, question.default),
  ];
  return {
    ...told(`The coder asks: ${titleOf(state, mission_id)}`, "speech_balloon", lines),
    approval,
    buttons: choiceButtons(question.choices),
    commands: [`aedev mission answer ${mission_id} --answer ${question_id}=TEXT`],
  };
}

const answerAll: PlannedButton = { label: "Answer all", grant: { action: "look" } };

function choiceLines(choices: readonly string[], usual: string): string[] {
  return choices.map((choice, index) => {
    const mark = choice === usual ? " (the default)" : "";
    return `${index + 1}. ${escapeLine(choice, choiceLengthMax)}${mark}`;
  });
}

/** As many choices as there are buttons; if there are more, the last button opens the page with all of them, if there is a page. */
function choiceButtons(choices: readonly string[]): PlannedButton[] {
  const answers = choices.map((choice, index): PlannedButton => {
    const label = escapeLine(`${index + 1}. ${choice}`, labelLengthMax);
    return { label, grant: { action: "answer", choice: index } };
  });
  const look: PlannedButton = { label: "Own answer", grant: { action: "look" } };
  const before = answers.length > buttonsMax ? buttonsMax - 1 : answers.length;
  return [...answers.slice(0, before), look, ...answers.slice(before)];
}
