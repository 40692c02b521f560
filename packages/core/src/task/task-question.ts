/**
 * The question of a held task. A coder's question is made safe to show: plain, short, without links, and never together with an approval (SECURITY T23).
 * aedev's own question is whether tests that the request breaks may change.
 */

import { type BrokenTests, escapeLine } from "@aedev/contracts";
import type { QuestionDocument } from "@aedev/contracts/api";
import { entityById, type State, type TaskState } from "../model/state.ts";
import { hasQuestion } from "../model/status.ts";

/** The most characters of a coder's question that a person is shown. */
const questionCharactersMax = 300;
/** As long as a name may be, so that no name is cut. */
const nameCharactersMax = 1000;
const link = /\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|tel:)\S*/gi;

/** The open question of a task that is held for a question, otherwise null. Its id names who asks, and the run. */
export function taskQuestion(task: TaskState): QuestionDocument | null {
  if (!hasQuestion(task)) return null;
  const { tests, detail } = task.hold;
  if (tests !== undefined)
    return {
      id: `tests-${task.runs.length}`,
      text: brokenTestsText(tests),
      choices: [...(tests.names.length === 1 ? testChoices.one : testChoices.several)],
      // Pressing Enter must neither give such a permission nor end the work.
      default: "",
    };
  return {
    id: `coder-${task.runs.length}`,
    text: escapeLine((detail ?? "").replaceAll(link, "[link]"), questionCharactersMax),
    choices: ["Yes", "No", "Decide yourself, in the smallest way that meets the criteria"],
    default: "Decide yourself, in the smallest way that meets the criteria",
  };
}

/** Whether a question with this id belongs to a task, rather than to clarification. */
export function isTaskQuestion(questionId: string): boolean {
  return /^(?:coder|tests)-/.test(questionId);
}

/** Whether such a question is about tests that the request breaks. */
export function isAboutTests(questionId: string): boolean {
  return questionId.startsWith("tests-");
}

/** `Your request breaks "splits at commas"; allow that test to change?` It names every test: a yes allows exactly these. */
export function brokenTestsText({ names, found_by }: BrokenTests): string {
  const named = names.map((name) => `\`${escapeLine(titleOfResult(name).replaceAll("`", "'"), nameCharactersMax)}\``);
  const list = [named.slice(0, -1).join(", "), ...named.slice(-1)].filter((part) => part !== "").join(" and ");
  const [test, pass] = names.length === 1 ? ["that test", "passes"] : ["those tests", "pass"];
  const opening = {
    checks: `Your request breaks ${list}`,
    coder: `The coder says that your request breaks ${list}`,
    runs: `Two runs for your request broke or removed ${list}, which ${pass} without the change`,
  }[found_by];
  return `${opening}; allow ${test} to change?`;
}

/** The path of a source file; the group `Cart.add` is not a path. */
const sourceFile = /^\S+\.(?:[cm]?[jt]sx?|py|go|rs|rb|php|java|sh)$/;

/** The groups and the title in a result's id, without the file before them. */
function titleOfResult(id: string): string {
  const parts = id.split(" > ");
  const hasFile = parts.length > 1 && sourceFile.test(parts[0] ?? "");
  return (hasFile ? parts.slice(1) : parts).join(" > ");
}

const testChoices = {
  one: ["Yes, that test may change", "No, keep the test"],
  several: ["Yes, those tests may change", "No, keep the tests"],
} as const;

/** The meaning of an answer to a question about tests; any text other than yes or no says what the person wants instead. */
export function readTestsAnswer(text: string): "allowed" | "kept" | "words" {
  const answer = text.trim().toLowerCase();
  const all = Object.values(testChoices);
  if (["yes", "y", "ja", ...all.map(([yes]) => yes.toLowerCase())].includes(answer)) return "allowed";
  if (["no", "n", "nein", ...all.map(([, no]) => no.toLowerCase())].includes(answer)) return "kept";
  return "words";
}

/** The open question with this id: of the task or, without a task, of the mission's clarification. */
export function openQuestion(
  { missions, tasks }: State,
  { mission_id, task_id, question_id }: { mission_id: string; task_id: string | null; question_id: string },
): QuestionDocument | undefined {
  const task = task_id === null ? undefined : entityById(tasks, task_id);
  const ofTask = task === undefined ? null : taskQuestion(task);
  const ofMission = entityById(missions, mission_id)?.clarity.questions ?? [];
  return (task_id === null ? ofMission : ofTask === null ? [] : [ofTask]).find(({ id }) => id === question_id);
}
