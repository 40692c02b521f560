/** Decides whether a next run starts without a person's retry: a repair within its limits, a moved base, a change sent back, an answer to the coder. */

import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import type { State, TaskState } from "../model/state.ts";
import { answerAboutTests } from "./broken-tests.ts";
import { withOwnChange } from "./independent-tests.ts";
import { type NextRepair, nextRepair } from "./repair.ts";
import { holdEvent, on, staleRefusal } from "./task-event.ts";
import { taskQuestion } from "./task-question.ts";

const detailCharactersMax = 500;

/** The most landings that one run's change may start. If the branch moves faster than the checks run, they would otherwise repeat forever. */
export const landingsMax = 10;

/** The branch moved and the change still applies: its checks run again on the new base, for up to `landingsMax` landings. */
export function recordBaseMoved(command: CommandOf<"RecordBaseMoved">, task: TaskState): Decision {
  if (task.status !== "landing" || task.base_commit === null) return staleRefusal(task, "landing");
  if (task.landings < landingsMax)
    return events(on(task, { type: "BaseMoved", data: { to: command.to, from: task.base_commit } }));
  const detail = `the branch moved under each of ${task.landings} landings`;
  return events(holdEvent(task, { code: "HOLD-BASE-MOVED", detail, holdId: command.hold_id, resumesAt: null }));
}

/** The branch moved and the change no longer applies: a next run starts on the new base, if repair has runs left. */
export function recordBaseConflict(command: CommandOf<"RecordBaseConflict">, task: TaskState): Decision {
  if (task.status !== "landing" || task.base_commit === null) return staleRefusal(task, "landing");
  const { to, why, repair } = command;
  const next = nextRepair(task, "HOLD-BASE-MOVED", repair);
  if (next.kind === "repair")
    return events(on(task, { type: "BaseConflicted", data: { from: task.base_commit, to, why } }));
  const hold = {
    code: "HOLD-BASE-MOVED",
    detail: exhaustedDetail(next, why),
    holdId: command.hold_id,
    resumesAt: null,
  } as const;
  return events(holdEvent(task, hold));
}

/** Refuses another run while the change may be on the branch already: the run could land it a second time, so the remote is asked first. */
export function refuseUnknownLanding({ hold, landing }: TaskState): Refusal | null {
  if (hold?.code !== "HOLD-EXTERNAL-STATE-UNKNOWN" || landing === null) return null;
  return refuse(
    "landing",
    "the change may have landed already; releasing the hold asks the remote",
    `aedev hold release ${hold.hold_id}`,
  );
}

/** A person sends an asked or held change back: the instructions become part of the specification, and a next run follows it. */
export function requestChange(command: CommandOf<"RequestChange">, task: TaskState): Decision {
  if (task.status !== "asked" && task.status !== "held")
    return refuse("not-asked", `task ${task.task_id} is ${task.status}; there is no change to send back`);
  if (task.reverts !== undefined)
    return refuse(
      "is-revert",
      `task ${task.task_id} takes back ${task.reverts.commit}; aedev computes that change, and nobody writes it`,
      `aedev task reject ${task.task_id} && aedev intake`,
    );
  const unknown = refuseUnknownLanding(task);
  if (unknown !== null) return unknown;
  if (command.digest !== null && command.digest !== withOwnChange(task).evidence?.change_digest)
    return refuse("wrong-digest", "the change has been replaced by a newer one", `aedev task show ${task.task_id}`);
  const { words, specification } = command;
  const by = deciderOf(command);
  const amended: NewEvent = {
    stream: `mission/${task.mission_id}`,
    type: "SpecificationAmended",
    data: { ...by, task_id: task.task_id, specification },
  };
  return events(amended, on(task, { type: "ChangeRequested", data: { ...by, words, specification } }));
}

/** An answer to the coder changes neither specification nor approval (SECURITY T23). An answer about tests goes to `answerAboutTests`. */
export function answerQuestion(command: CommandOf<"AnswerQuestion">, task: TaskState, state: State): Decision {
  const question = taskQuestion(task);
  const { hold } = task;
  if (question === null || hold === null)
    return refuse("no-questions", `task ${task.task_id} has no open question`, `aedev task show ${task.task_id}`);
  if (command.question_id !== question.id)
    return refuse("unknown-question", `there is no open question "${command.question_id}"; open: ${question.id}`);
  if (hold.tests !== undefined) return answerAboutTests(command, { ...task, hold }, { state, tests: hold.tests });
  return events(
    on(task, {
      type: "QuestionAnswered",
      data: { hold_id: hold.hold_id, question: question.text, text: command.text, ...deciderOf(command) },
    }),
  );
}

/** The detail of a hold, which says so if repair was tried and its limits are used up. */
export function exhaustedDetail(next: NextRepair, detail: string | null): string | null {
  if (next.kind !== "exhausted") return detail;
  return `attempts spent (${next.why})${detail === null ? "" : `: ${detail}`}`
    .slice(0, detailCharactersMax)
    .toWellFormed();
}
