/** What an approval of a task would do now, by the configuration and the repository's settings. It only reads. */
import { Fault } from "@aedev/contracts";
import { commitSubjectOf, entityById } from "@aedev/core";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { landingBranch } from "../control/permitted-writes.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { openOffline } from "./open-offline.ts";

/** The commit that an approved change becomes. `may_push`: false if the change would be held instead. */
export interface OnApprove {
  readonly title: string;
  readonly branch: string;
  readonly remote: string;
  readonly may_push: boolean;
}

/** Throws a Fault `unknown-task`. */
export function onApprove({ taskId, ...options }: HomeOptions & { readonly taskId: string }): OnApprove {
  const offline = openOffline(options.home);
  try {
    const state = offline.state({ tasks: [taskId] });
    const task = entityById(state.tasks, taskId);
    if (task === undefined) throw new Fault("unknown-task", `there is no task ${taskId}`, { hint: "aedev task list" });
    const configuration = loadConfiguration(options);
    const { ref, mayPush } = landingBranch(task, { configuration, log: { state } });
    return {
      title: commitSubjectOf(readSpecification(offline, task)),
      branch: ref.replace(/^refs\/heads\//, ""),
      remote: state.repositories[task.repository]?.url ?? task.repository,
      may_push: mayPush,
    };
  } finally {
    offline.close();
  }
}
