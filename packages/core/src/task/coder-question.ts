/** The question that a coder stopped at, as a person is shown it: plain, short, without links, and never beside an approval (THREATS T23). */
import type { TaskState } from "../log/state.ts";
import { escapeLine } from "../mission/escape-text.ts";

/** Characters of a coder's question that a person is shown. */
const questionCharactersMax = 300;
const link = /\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|tel:)\S*/gi;

export interface CoderQuestion {
  readonly id: string;
  readonly text: string;
  readonly choices: readonly string[];
  readonly default: string;
}

/** The open question of a task that is held for one; null otherwise. Its id names the run that asked. */
export function coderQuestion(task: TaskState): CoderQuestion | null {
  if (task.status !== "held" || task.hold?.code !== "HOLD-QUESTION") return null;
  return {
    id: `coder-${task.runs.length}`,
    text: escapeLine((task.hold.detail ?? "").replaceAll(link, "[link]"), questionCharactersMax),
    choices: ["Yes", "No", "Decide yourself, in the smallest way that meets the criteria"],
    default: "Decide yourself, in the smallest way that meets the criteria",
  };
}
