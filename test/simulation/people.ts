/** Actions of people at a look: approve, reject, send back, release, retry, answer, cancel and pause, sometimes with an outdated link. */
import { budgetOfDetail, resumptionOf } from "@aedev/contracts";
import { type CommandBody, type State, type TaskState, taskQuestion } from "@aedev/core";
import { type Chance, drawnDigest } from "../../packages/demo/src/board/chance.ts";
import type { World } from "./world.ts";

export function actAsPeople({
  state,
  world,
  chance,
  send,
}: {
  state: State;
  world: World;
  chance: Chance;
  send: (body: CommandBody) => void;
}): void {
  for (const task of byId(state.tasks)) {
    if (chance.happens(0.01)) send({ kind: "CancelTask", task_id: task.task_id });
    else if (task.status === "asked") decideChange(task);
    else if (task.status === "held") helpHeld(task);
  }
  for (const { name, paused, landings_paused } of byId(state.repositories)) {
    const wanted = chance.below(50);
    if (wanted === 0) send({ kind: "PauseRepository", repository: name });
    else if (wanted === 1) send({ kind: "PauseLandings", repository: name });
    else if (paused && chance.happens(0.3)) send({ kind: "ResumeRepository", repository: name });
    else if (landings_paused === true && chance.happens(0.3)) send({ kind: "ResumeLandings", repository: name });
  }

  function decideChange({ task_id, evidence }: TaskState): void {
    if (evidence === null) return;
    const { change_digest: digest } = evidence;
    const links = byId(state.approvals).filter(
      ({ subject }) => subject.kind === "landing" && subject.task_id === task_id,
    );
    const wanted = chance.below(10);
    if (wanted < 5) {
      world.approved.add(digest);
      const decision = { kind: "ApproveLanding", task_id, digest } as const;
      const link = links.length > 0 && chance.happens(0.7) ? chance.pick(links) : null;
      const body =
        link === null
          ? decision
          : ({ kind: "UseApproval", approval_id: link.approval_id, action: "approve", decision } as const);
      send(body);
      // Repeats a tap, as phones do.
      if (chance.happens(0.3)) send(body);
    } else if (wanted === 5) send({ kind: "RejectTask", task_id, reason: null });
    else if (wanted === 6) {
      const specification = {
        digest: drawnDigest(64, "amended", task_id, digest),
        size_bytes: 1,
        media_type: "text/plain",
      };
      send({ kind: "RequestChange", task_id, digest, words: "use the helper", specification });
    }
  }

  function helpHeld(task: TaskState): void {
    const question = taskQuestion(task);
    if (task.hold?.code === "HOLD-BUDGET" && chance.happens(0.2)) {
      world.budgets.raise(budgetOfDetail(task.hold.detail));
      send({ kind: "ReleaseHold", hold_id: task.hold.hold_id });
      return;
    }
    if (question !== null && chance.happens(0.5))
      send({ kind: "AnswerQuestion", task_id: task.task_id, question_id: question.id, text: "the second one" });
    else if (task.hold !== null && resumptionOf(task.hold) === "never" && chance.happens(0.2))
      send({ kind: "ReleaseHold", hold_id: task.hold.hold_id });
    else if (task.hold !== null && resumptionOf(task.hold) === "never" && chance.happens(0.15))
      send({ kind: "RetryTask", task_id: task.task_id });
    else if (chance.happens(0.03)) send({ kind: "RejectTask", task_id: task.task_id, reason: null });
  }
}

/** Sorts the entities, because the state's keys are in another order after a restart and in each store. */
function byId<T>(entities: Readonly<Record<string, T>>): T[] {
  return Object.keys(entities)
    .toSorted()
    .map((id) => entities[id] as T);
}
