/** Tasks and holds over HTTP: show, decide a landing by its digest, start a new run, cancel, release. */
import type { TaskDetails } from "@aedev/contracts/api";
import { type CommandBody, entityById, openHolds, type State, taskDetails } from "@aedev/core";
import type { Control } from "../../control/control.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import { holdPage, taskPage } from "../../reader/pages.ts";
import { requestChangeCommand } from "../../work/request-change.ts";
import type { ApiCaller } from "./caller.ts";
import { answer, type ErrorAnswer, type Handlers, notFound, present, refusal } from "./handler.ts";

export function taskRoutes(control: Control) {
  const has = (id: string) => entityById(control.log.stateWith({ tasks: [id] }).tasks, id) !== undefined;
  const unknown = (id: string) => notFound("task", id, "aedev task list");
  const change = async (caller: ApiCaller, id: string, body: CommandBody): Promise<TaskDetails | ErrorAnswer> => {
    if (!has(id)) return unknown(id);
    return answer({ control, caller }, body, (state) => present(detailsOf(state, id)));
  };
  return {
    listTasks: async ({ query }) => taskPage(control.log, query),
    async showTask({ params: { id } }) {
      return detailsOf(control.log.stateWith({ tasks: [id] }), id) ?? unknown(id);
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
      return secret === null
        ? change(caller, id, { kind: "JudgeOutcome", task_id: id, outcome, words })
        : refusal(secret);
    },
    retryTask: ({ params: { id }, caller }) => change(caller, id, { kind: "RetryTask", task_id: id }),
    cancelTask: ({ params: { id }, caller }) => change(caller, id, { kind: "CancelTask", task_id: id }),
    listHolds: async ({ query }) => holdPage(control.log.state, query),
    async releaseHold({ params: { id }, caller }) {
      const hold = openHolds(control.log.state).find((open) => open.hold_id === id);
      if (hold === undefined) return notFound("hold", id, "aedev hold list");
      return answer({ control, caller }, { kind: "ReleaseHold", hold_id: id }, (state) => ({
        hold_id: id,
        task: present(detailsOf(state, hold.task_id)),
      }));
    },
  } satisfies Partial<Handlers>;
}

function detailsOf(state: State, id: string): TaskDetails | undefined {
  const task = entityById(state.tasks, id);
  return task === undefined ? undefined : taskDetails(state, task);
}
