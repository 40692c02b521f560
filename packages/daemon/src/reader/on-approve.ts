/** Tells where changes land and what an approval would do now, by the configuration and the repository's settings. */
import { Fault, type LandingCommit, type LandingPlace, type PermittedWrites } from "@aedev/contracts";
import type { State, TaskState } from "@aedev/core/reading";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { landingCommit, landingPlace, writesTo } from "../control/permitted-writes.ts";
import { openOffline, taskWithState } from "./open-offline.ts";

/** Throws a Fault `unknown-task`. */
export function onApprove({ taskId, ...options }: HomeOptions & { readonly taskId: string }): LandingCommit {
  using offline = openOffline(options.home);
  const { state, task } = taskWithState(offline, taskId);
  return landingCommit(task, { configuration: loadConfiguration(options), log: { state }, blobs: offline.blobs });
}

/** Where changes land and what may be pushed, by the configuration. */
export interface LandingRules {
  placeOf(task: TaskState, state: State): LandingPlace;
  writesTo(repository: string, state: State): PermittedWrites;
}

/** Undefined if the configuration can't be read, which `aedev policy check` reports. */
export function readLandingRules(options: HomeOptions): LandingRules | undefined {
  try {
    const configuration = loadConfiguration(options);
    return {
      placeOf: (task, state) => landingPlace(task, { configuration, log: { state } }),
      writesTo: (repository, state) => writesTo(repository, { configuration, log: { state } }),
    };
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
