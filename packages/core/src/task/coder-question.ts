/** The question of a coder that stopped, made safe to show: plain, short, without links, and never together with an approval (SECURITY T23). */

import { escapeLine } from "@aedev/contracts";
import type { QuestionDocument } from "@aedev/contracts/api";
import { entityById, type State, type TaskState } from "../model/state.ts";

/** Characters of a coder's question that a person is shown. */
const questionCharactersMax = 300;
const link = /\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|tel:)\S*/gi;

/** The open question of a task that is held for one, else null. Its id names the run that asked. */
export function coderQuestion(task: TaskState): QuestionDocument | null {
  if (task.status !== "held" || task.hold?.code !== "HOLD-QUESTION") return null;
  return {
    id: `coder-${task.runs.length}`,
    text: escapeLine((task.hold.detail ?? "").replaceAll(link, "[link]"), questionCharactersMax),
    choices: ["Yes", "No", "Decide yourself, in the smallest way that meets the criteria"],
    default: "Decide yourself, in the smallest way that meets the criteria",
  };
}

/** The open question with this id: of a task's coder or, without a task, of the mission's clarification. */
export function openQuestion(
  { missions, tasks }: State,
  { mission_id, task_id, question_id }: { mission_id: string; task_id: string | null; question_id: string },
): QuestionDocument | undefined {
  const task = task_id === null ? undefined : entityById(tasks, task_id);
  const ofCoder = task === undefined ? null : coderQuestion(task);
  const ofMission = entityById(missions, mission_id)?.clarity.questions ?? [];
  return (task_id === null ? ofMission : ofCoder === null ? [] : [ofCoder]).find(({ id }) => id === question_id);
}
