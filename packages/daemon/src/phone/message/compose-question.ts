/** Composes a push message with a question: clarification's, one about tests that the request breaks, or a coder's, marked as such (SECURITY T23). Pure. */

import { counted, type PushText, push, pushLine, pushQuote, type Writer } from "@aedev/contracts";
import { type ApprovalState, entityById, isAboutTests, missionWriter, openQuestion, type State } from "@aedev/core";
import {
  buttonsMax,
  type ComposedMessage,
  ours,
  type PlannedButton,
  plainMessage,
  titleOf,
} from "./composed-message.ts";

const questionLengthMax = 500;
/** Longer than any question, in characters. */
const longest = 100_000;
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
  const mission = entityById(state.missions, mission_id);
  const writer = missionWriter(mission);
  const more = (mission?.clarity.questions.length ?? 1) - 1;
  const lines = [
    pushLine(question.text, questionLengthMax, writer),
    ...choiceLines(question, writer),
    ...(more === 0 ? [] : [push`${ours(counted(more, "more question"))} after this one; the page has them all.`]),
  ];
  const buttons = choiceButtons(question.choices, writer);
  return {
    ...plainMessage(
      push`${ours(more === 0 ? "Question" : "Questions")}: ${titleOf(state, mission_id)}`,
      "thought_balloon",
      lines,
    ),
    approval,
    buttons: more === 0 ? buttons : [answerAll, ...buttons],
    commands: [answerCommand(mission_id, question_id)],
  };
}

/** A task's question: aedev's own about tests that the request breaks, with the repository's test names, or the coder's, never in aedev's voice. */
export function composeTaskQuestion(
  state: State,
  approval: ApprovalState,
  { mission_id, task_id, question_id }: { mission_id: string; task_id: string; question_id: string },
): ComposedMessage | null {
  const question = openQuestion(state, { mission_id, task_id, question_id });
  if (question === undefined) return null;
  const title = titleOf(state, mission_id);
  const names = pushLine(question.text, questionLengthMax, "others");
  const text = isAboutTests(question_id)
    ? plainMessage(push`Tests against your request: ${title}`, "test_tube", [
        names,
        push`With yes, the next run may change these tests and no others. With no, the task is held.`,
      ])
    : plainMessage(push`The coder asks: ${title}`, "speech_balloon", [
        push`The coder stopped and asks, in its own words:`,
        pushQuote(question.text, coderWordsMax),
        push`Your answer goes to the coder's next run. It approves nothing.`,
        ...choiceLines(question, "others"),
      ]);
  // A yes allows each named test, so the message must name all; a longer list is answered on the page.
  const isShortened = isAboutTests(question_id) && names !== pushLine(question.text, longest, "others");
  const buttons = choiceButtons(question.choices, "others").filter(
    ({ grant }) => !isShortened || grant.action === "look",
  );
  return { ...text, approval, buttons, commands: [answerCommand(mission_id, question_id)] };
}

function answerCommand(missionId: string, questionId: string): PushText {
  return push`aedev mission answer ${ours(missionId)} --answer ${ours(questionId)}=TEXT`;
}

const answerAll: PlannedButton = { label: push`Answer all`, grant: { action: "look" } };

function choiceLines(
  { choices, default: usual }: { readonly choices: readonly string[]; readonly default: string },
  writer: Writer,
): PushText[] {
  return choices.map((choice, index) => {
    const mark = choice === usual ? push` (the default)` : push``;
    return push`${index + 1}. ${pushLine(choice, choiceLengthMax, writer)}${mark}`;
  });
}

/** As many choices as there are buttons. If there are more and a page exists, the last button opens it. */
function choiceButtons(choices: readonly string[], writer: Writer): PlannedButton[] {
  const answers = choices.map((choice, index): PlannedButton => {
    const label = pushLine(`${index + 1}. ${choice}`, labelLengthMax, writer);
    return { label, grant: { action: "answer", choice: index } };
  });
  const look: PlannedButton = { label: push`Own answer`, grant: { action: "look" } };
  const before = answers.length > buttonsMax ? buttonsMax - 1 : answers.length;
  return [...answers.slice(0, before), look, ...answers.slice(before)];
}
