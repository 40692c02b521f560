/** Decides whether a person is asked about tests of the base that a request breaks, instead of starting another run, and applies the answer. */

import { type BrokenTests, testNamesSchema } from "@aedev/contracts";
import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import type { State, TaskState } from "../model/state.ts";
import { refuseUnsignedWords } from "../operator/second-person.ts";
import { holdEvent, on } from "./task-event.ts";
import { brokenTestsText, readTestsAnswer } from "./task-question.ts";

/**
 * The tests to ask about when the gate holds a change; null: none. The first run is enough if the request mentions them. Otherwise it takes two runs
 * that fail alike, although the coder was told about the failure between them, whether it leaves these tests as they are, edits or removes them.
 */
export function testsToAsk({ broken, decision }: CommandOf<"DecideGate">, task: TaskState): BrokenTests | null {
  if (decision.hold_code !== "HOLD-CHECKS-FAILED" || broken === undefined) return null;
  // A run for tests is no reason to change the request: the change before it waits for approval.
  if (task.reverts !== undefined || task.fallback !== undefined) return null;
  const names = testNamesSchema.safeParse([...broken.names]);
  if (!names.success) return null;
  if (broken.by_request) return { names: names.data, found_by: "checks" };
  const [before, last] = task.runs.slice(-2);
  const isAlike =
    last?.cause === "checks" &&
    before?.outcome?.code === decision.hold_code &&
    before.outcome.detail === decision.hold_detail;
  return isAlike ? { names: names.data, found_by: "runs" } : null;
}

/** An answer to a question about tests: the next run may change them, or the task is held, or the person's words become part of the specification. */
export function answerAboutTests(
  command: CommandOf<"AnswerQuestion">,
  task: TaskState & { readonly hold: NonNullable<TaskState["hold"]> },
  { state, tests }: { state: State; tests: BrokenTests },
): Decision | Refusal {
  const { text, specification, hold_id = task.hold.hold_id } = command;
  const by = deciderOf(command);
  const answer = readTestsAnswer(text);
  const question = brokenTestsText(tests);
  const answered = { hold_id: task.hold.hold_id, question, text, tests: answer, ...by };
  if (answer === "kept") {
    const detail = `you kept ${tests.names.length === 1 ? "a test" : "tests"} that the request breaks: ${tests.names.join(", ")}`;
    const hold = { code: "HOLD-CHECKS-FAILED", detail: detail.slice(0, 500).toWellFormed(), holdId: hold_id } as const;
    return events(
      on(task, { type: "QuestionAnswered", data: answered }),
      holdEvent({ ...task, status: "planned" }, { ...hold, resumesAt: null, tests }),
    );
  }
  const refused = refuseUnsignedWords(state, command.actor);
  if (refused !== null) return refused;
  if (specification === undefined) return refuse("stale", `the question of task ${task.task_id} has changed`);
  const amended: NewEvent = {
    stream: `mission/${task.mission_id}`,
    type: "SpecificationAmended",
    data: { ...by, task_id: task.task_id, specification },
  };
  return events(amended, on(task, { type: "QuestionAnswered", data: { ...answered, specification } }));
}
