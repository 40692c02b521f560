/** Who wrote the text that a task's change was asked for in: the words of a person of the home act where they are written, those of others don't. */
import type { Writer } from "@aedev/contracts";
import { entityById, missionWriter, type State, type TaskState } from "@aedev/core";

/** A mission that the state does not have is nobody's of the home. */
export function writerOf(
  { mission_id }: Pick<TaskState, "mission_id">,
  { log }: { readonly log: { readonly state: Pick<State, "missions"> } },
): Writer {
  return missionWriter(entityById(log.state.missions, mission_id));
}
