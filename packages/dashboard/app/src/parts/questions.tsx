/** The open questions of a mission, answered together. */
import type { MissionDocument, QuestionDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { call } from "../api/client.ts";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";
import type { ActionState } from "./action.ts";

export function Questions({
  mission: { questions, mission_id },
  action,
}: {
  mission: Pick<MissionDocument, "questions" | "mission_id">;
  action: ActionState;
}) {
  const answers = useSignal<Readonly<Record<string, string>>>({});
  if (questions.length === 0) return null;
  const send = (event: Event) => {
    event.preventDefault();
    const given = questions.map(({ id, default: usual }) => ({ id, text: answers.value[id] ?? usual }));
    const body = { answers: given.filter(({ text }) => text.trim() !== "") };
    void action.run(() => call("answerMission", { params: { id: mission_id }, body }), texts.value.done);
  };
  return (
    <form class="rows" onSubmit={send}>
      {questions.map((question) => (
        <Question
          question={question}
          value={answers.value[question.id] ?? question.default}
          onChange={(text) => {
            answers.value = { ...answers.value, [question.id]: text };
          }}
          key={question.id}
        />
      ))}
      <div class="row">
        <button class="main" type="submit" disabled={action.isBusy.value}>
          {texts.value.answer}
        </button>
      </div>
    </form>
  );
}

function Question({
  question: { text, choices },
  value,
  onChange,
}: {
  question: QuestionDocument;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <label>
      {visible(text)}
      <textarea value={value} onInput={({ currentTarget }) => onChange(currentTarget.value)} />
      <span class="row">
        {choices.map((choice) => (
          <button type="button" key={choice} onClick={() => onChange(choice)}>
            {visible(choice)}
          </button>
        ))}
      </span>
    </label>
  );
}
