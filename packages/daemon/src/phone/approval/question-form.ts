/** Names the fields of a page with questions and reads a person's answers from them. A typed text wins over the choice beside it. */
import type { QuestionDocument } from "@aedev/contracts/api";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { entityById, type State, taskQuestion } from "@aedev/core";

type QuestionSubject = Extract<ApprovalSubject, { kind: "question" }>;
/** The filled-in values by field name. */
export type FilledForm = ReadonlyMap<string, string>;
/** A choice field's value for a default that is none of the choices. */
const defaultValue = "default";

/** The open questions of one page: a round of clarification, or a coder's single question. */
export function questionsOf({ missions, tasks }: State, { mission_id, task_id }: QuestionSubject): QuestionDocument[] {
  if (task_id === null) return [...(entityById(missions, mission_id)?.clarity.questions ?? [])];
  const task = entityById(tasks, task_id);
  const question = task === undefined ? null : taskQuestion(task);
  return question === null ? [] : [question];
}

/** The names of a question's fields. */
export function fieldsOf({ question_id }: QuestionSubject, id: string): { choice_field: string; text_field: string } {
  return { choice_field: `choice-${id}`, text_field: id === question_id ? "answer" : `answer-${id}` };
}

/** The given answers, in the order of the questions; a question with neither choice nor text has none. */
export function answersIn(
  form: FilledForm,
  { subject, questions }: { subject: QuestionSubject; questions: readonly QuestionDocument[] },
): { id: string; text: string }[] {
  return questions.flatMap((question) => {
    const { choice_field, text_field } = fieldsOf(subject, question.id);
    const text = saidIn(form.get(text_field)) ?? chosenText(question, form.get(choice_field));
    return text === null ? [] : [{ id: question.id, text }];
  });
}

function chosenText(question: QuestionDocument, value: string | undefined): string | null {
  if (value === defaultValue) return question.default;
  return value !== undefined && /^\d$/.test(value) ? (question.choices[Number(value)] ?? null) : null;
}

/** The text without surrounding space; null if nothing is left. */
export function saidIn(text: string | undefined): string | null {
  const said = (text ?? "").toWellFormed().trim();
  return said === "" ? null : said;
}
