/** What an approval of a task would do now, by the configuration and the repository's settings. It only reads. */
import type { LandingCommit } from "@aedev/contracts";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { landingCommit } from "../control/permitted-writes.ts";
import { openOffline, taskWithState } from "./open-offline.ts";

/** Throws a Fault `unknown-task`. */
export function onApprove({ taskId, ...options }: HomeOptions & { readonly taskId: string }): LandingCommit {
  using offline = openOffline(options.home);
  const { state, task } = taskWithState(offline, taskId);
  return landingCommit(task, { configuration: loadConfiguration(options), log: { state }, blobs: offline.blobs });
}
