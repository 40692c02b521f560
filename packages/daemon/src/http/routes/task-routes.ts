/** Tasks and holds over HTTP: show, decide a landing by its digest, start a new run, cancel, release. */

import { isFault } from "@aedev/contracts";
import type { TaskDetails } from "@aedev/contracts/api";
import {
  type CommandBody,
  entityById,
  openHolds,
  openRevert,
  type Refusal,
  type RevertTask,
  refuse,
  type State,
  type TaskState,
  taskDetails,
} from "@aedev/core";
import { revertCommand } from "../../clarification/revert-command.ts";
import { laneBound } from "../../control/lane-bound.ts";
import type { Blobs, Commands, Mirrors, Records, Rules, Trust, WriteRules } from "../../control/parts.ts";
import { landingPlace } from "../../control/permitted-writes.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import { holdPage, taskPage } from "../../reader/pages.ts";
import { tryInverse } from "../../work/inverse-change.ts";
import { requestChangeCommand } from "../../work/request-change.ts";
import type { ApiCaller } from "./caller.ts";
import { answer, type ErrorAnswer, type Handlers, notFound, presentEntity, refusal } from "./handler.ts";

export function taskRoutes(control: Blobs & Mirrors & Trust & Records & Commands & WriteRules & Rules) {
  const has = (id: string) => entityById(control.log.stateWith({ tasks: [id] }).tasks, id) !== undefined;
  const unknown = (id: string) => notFound("task", id, "aedev task list");
  const change = async (caller: ApiCaller, id: string, body: CommandBody): Promise<TaskDetails | ErrorAnswer> => {
    if (!has(id)) return unknown(id);
    return answer({ control, caller }, body, (state) => presentEntity(detailsOf(state, id, control)));
  };
  return {
    listTasks: async ({ query }) => taskPage(control.log, query),
    async showTask({ params: { id } }) {
      return detailsOf(control.log.stateWith({ tasks: [id] }), id, control) ?? unknown(id);
    },
    async approveTask({ params: { id }, body, caller }) {
      const digest = body?.digest ?? null;
      return change(caller, id, { kind: "ApproveLanding", task_id: id, digest });
    },
    async rejectTask({ params: { id }, body, caller }) {
      const reason = body?.reason ?? null;
      if (!has(id)) return unknown(id);
      const secret = await refuseSecrets([{ name: "reason", text: reason ?? "" }]);
      return secret === null ? change(caller, id, { kind: "RejectTask", task_id: id, reason }) : refusal(secret);
    },
    async sendBackTask({ params: { id }, body: { reason: words, digest = null }, caller }) {
      if (!has(id)) return unknown(id);
      const secret = await refuseSecrets([{ name: "reason", text: words }]);
      if (secret !== null) return refusal(secret);
      const request = requestChangeCommand(control, { task_id: id, digest, words });
      return request.kind === "refused" ? refusal(request) : change(caller, id, request);
    },
    async judgeTaskOutcome({ params: { id }, body: { outcome, why }, caller }) {
      const words = why ?? null;
      if (!has(id)) return unknown(id);
      const secret = await refuseSecrets([{ name: "why", text: words ?? "" }]);
      if (secret !== null) return refusal(secret);
      const repository = entityById(control.log.stateWith({ tasks: [id] }).tasks, id)?.repository ?? "";
      const bound = laneBound(repository, control);
      return change(caller, id, { kind: "JudgeOutcome", task_id: id, outcome, words, ...bound });
    },
    async revertTask({ params: { id }, caller }) {
      const task = entityById(control.log.stateWith({ tasks: [id] }).tasks, id);
      if (task === undefined) return unknown(id);
      const request = await revertRequest(task, control);
      if (request.kind === "refused") return refusal(request);
      return answer({ control, caller }, request, (state) => {
        const open = openRevert(presentEntity(entityById(state.tasks, id)), state);
        return presentEntity(detailsOf(state, open?.task_id ?? request.revert_task_id, control));
      });
    },
    async tellTask({ params: { id }, body: { text: words }, caller }) {
      if (!has(id)) return unknown(id);
      // A lone surrogate can't be hashed.
      const text = words.toWellFormed();
      const secret = await refuseSecrets([{ name: "text", text }]);
      return secret === null ? change(caller, id, { kind: "TellCoder", task_id: id, text }) : refusal(secret);
    },
    retryTask: ({ params: { id }, caller }) => change(caller, id, { kind: "RetryTask", task_id: id }),
    cancelTask: ({ params: { id }, caller }) => change(caller, id, { kind: "CancelTask", task_id: id }),
    listHolds: async ({ query }) => holdPage(control.log.state, query),
    async releaseHold({ params: { id }, caller }) {
      const hold = openHolds(control.log.state).find((open) => open.hold_id === id);
      if (hold === undefined) return notFound("hold", id, "aedev hold list");
      return answer({ control, caller }, { kind: "ReleaseHold", hold_id: id }, (state) => ({
        hold_id: id,
        task: presentEntity(detailsOf(state, hold.task_id, control)),
        ...(state.system.pause === undefined ? {} : { paused: state.system.pause }),
      }));
    },
  } satisfies Partial<Handlers>;
}

/** Computes the inverse first, so that the caller learns at once why a revert can't be done; a revert that is open already is not computed again. */
async function revertRequest(
  task: TaskState,
  control: Blobs & Mirrors & Trust & Records,
): Promise<RevertTask | Refusal> {
  const commit = task.landed_commit;
  const request = revertCommand(task, commit ?? "", control);
  const state = control.log.stateWith({ tasks: [task.task_id] });
  if (task.status !== "landed" || commit === null || openRevert(task, state) !== null) return request;
  try {
    await tryInverse(task, control);
    return request;
  } catch (error) {
    // If the fetch fails now, the task fetches again.
    if (isFault(error, "HOLD-FETCH-FAILED")) return request;
    if (!isFault(error, "HOLD-REVERT")) throw error;
    return refuse("revert-impossible", error.message, "aedev intake TEXT");
  }
}

function detailsOf(state: State, id: string, control: WriteRules): TaskDetails | undefined {
  const task = entityById(state.tasks, id);
  return task === undefined ? undefined : taskDetails(state, task, landingPlace(task, control));
}
