/** Tells who wrote the request for a task's change: words of a person of the home act where they are written, words of others don't. */
import type { Writer } from "@aedev/contracts";
import { entityById, missionWriter, type State, type TaskState } from "@aedev/core";

/** The writer of a mission; a mission that is not in the state was written by nobody of the home. */
export function writerOf(
  { mission_id }: Pick<TaskState, "mission_id">,
  { log }: { readonly log: { readonly state: Pick<State, "missions"> } },
): Writer {
  return missionWriter(entityById(log.state.missions, mission_id));
}
