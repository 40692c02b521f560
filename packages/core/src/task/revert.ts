/**
 * Taking a landed change back: decides that a separate mission and task do so, at most one at a time, and records the change that control made. It
 * computes no change. The revert task then continues as usual, without a coder and with a person's approval.
 */
import type { MissionId, RunId, TaskId } from "@aedev/contracts";
import { type EventData, noQuestions, type RevertedChange } from "@aedev/contracts/events";
import { type CommandOf, deciderOf, type RevertTask, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import type { RevertRequestState } from "../model/state.ts";
import { entityById, type State, type TaskState } from "../model/state.ts";
import { refuseUnsignedOffer } from "../operator/second-person.ts";
import { mayStart } from "../schedule/fair-order.ts";
import { on, staleRefusal } from "./task-event.ts";

/** The most requests that a task keeps, the newest. */
const requestsKeptMax = 20;
const ended: readonly TaskState["status"][] = ["landed", "rejected", "cancelled"];

/** The request whose task has not ended. Ended tasks may have left the state. */
export function openRevert(
  { reverted_by = [] }: TaskState,
  { tasks }: Pick<State, "tasks">,
): RevertRequestState | null {
  const isOpen = ({ task_id }: RevertRequestState) => {
    const task = entityById(tasks, task_id);
    return task !== undefined && !ended.includes(task.status);
  };
  return reverted_by.findLast(isOpen) ?? null;
}

/** A second request while one is open causes no event: the open request is the answer. */
export function revertTask(command: CommandOf<"RevertTask">, task: TaskState, state: State): Decision {
  if (task.status !== "landed" || task.landed_commit !== command.commit)
    return refuse(
      "not-landed",
      `task ${task.task_id} is ${task.status}; only a landed change can be taken back`,
      `aedev task show ${task.task_id}`,
    );
  if (openRevert(task, state) !== null) return events();
  const refused = refuseUnsignedOffer(state, command.actor, "takes a change back");
  if (refused !== null) return refused;
  if (entityById(state.missions, command.mission_id) !== undefined)
    return refuse("known-mission", `mission ${command.mission_id} already exists`);
  return events(...revertOf(task, command, { ...deciderOf(command), cause: "asked" }));
}

/** The revert of a merge whose tree was not judged. Nobody asked for it; aedev does. */
export function revertOfOtherTree(task: TaskState, command: CommandOf<"RecordLanded">): NewEvent[] {
  const { revert, commit } = command;
  if (revert === undefined || revert.task_id !== task.task_id || revert.commit !== commit) return [];
  return revertOf(task, revert, { ...deciderOf(command), cause: "tree-differs" });
}

function revertOf(
  task: TaskState,
  given: RevertTask,
  { cause, ...decider }: Pick<EventData<"RevertRequested">, "by" | "way" | "cause">,
): NewEvent[] {
  const { repository } = task;
  const task_id = given.revert_task_id as TaskId;
  const mission_id = given.mission_id as MissionId;
  const { commit, subject, title, criteria, specification, clarified_spec } = given;
  const reverts: RevertedChange = { task_id: task.task_id, commit, subject };
  const { by: author, ...way } = decider;
  const stream = `mission/${mission_id}`;
  return [
    on(task, { type: "RevertRequested", data: { task_id, mission_id, commit, cause, ...decider } }),
    {
      stream,
      type: "MissionSubmitted",
      data: {
        mission_id,
        repository,
        title,
        criteria,
        specification,
        author,
        ...way,
        // A red branch should not wait for other work.
        priority: "high",
        after: [],
        reverts,
        clarity: noQuestions,
        clarified_spec,
      },
    },
    { stream, type: "MissionApproved", data: { spec_digest: specification.digest, ...decider, task_ids: [task_id] } },
    {
      stream: `task/${task_id}`,
      type: "TaskPlanned",
      data: { task_id, mission_id, repository, specification, reverts },
    },
  ];
}

/** Records that control made the inverse. The repository may have been paused meanwhile. */
export function prepareRevert(command: CommandOf<"PrepareRevert">, task: TaskState, state: State): Decision {
  if (task.status !== "planned" || task.reverts === undefined || !mayStart(state, task))
    return staleRefusal(task, "revert");
  const { base_commit, ref, before, tree, patch, settings, policy, profile } = command;
  const run = { run_id: command.run_id as RunId, attempt: task.runs.length + 1 };
  const data = { ...run, base_commit, ref, before, tree, patch, settings, policy, profile };
  return events(on(task, { type: "RevertPrepared", data }));
}

/** The task with one more request to take its change back. */
export function withRevert(
  task: TaskState,
  { data, recorded_at }: { data: EventData<"RevertRequested">; recorded_at: string },
): TaskState {
  const all = [...(task.reverted_by ?? []), { ...data, at: recorded_at }];
  return { ...task, reverted_by: all.slice(-requestsKeptMax) };
}
