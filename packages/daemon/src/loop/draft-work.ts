/** Does a draft and turns how its run ended into the command that records it. A draft that another process began ends as interrupted. */
import { noUsage } from "@aedev/contracts";
import { type CommandBody, type DraftWork, isUndecided, openDraft, type State } from "@aedev/core";
import { type DraftParts, prepareDraft, readDraft } from "../work/draft.ts";
import { type Beginning, doFileRun, interruptedRun } from "./file-run.ts";

type EndDraft = Extract<CommandBody, { kind: "EndDraft" }>;

/** The command that ends the draft; null if it has ended. It never throws. */
export async function draftMission(
  work: DraftWork,
  { state, control, planes, serialized }: Beginning<DraftParts>,
): Promise<EndDraft | null> {
  const mission = state.missions[work.mission_id];
  const draft = mission === undefined ? undefined : openDraft(mission);
  if (mission === undefined || draft === undefined) return null;
  const end = async () => {
    if (draft.generation !== state.system.generations.execution) return interruptedRun(null);
    // Decided while the draft waited for its turn: nothing was begun, and nothing is paid.
    if (!isWaitedFor(state, work)) return interruptedRun(noUsage);
    return await doFileRun(work.work_id, {
      control,
      planes,
      prepare: () => serialized(mission.repository, () => prepareDraft(mission, draft, control)),
      isCancelled: () => !isWaitedFor(control.log.state, work),
      read: readDraft,
    });
  };
  const { order, ...ended } = await end();
  const { base_commit, prompt } = order ?? { base_commit: null, prompt: null };
  return { kind: "EndDraft", mission_id: work.mission_id, run_id: draft.run_id, base_commit, prompt, ...ended };
}

/** Whether the mission is still to be decided, so that the draft can help, and a person has not stopped all runs. */
function isWaitedFor(state: State, { mission_id }: DraftWork): boolean {
  const mission = state.missions[mission_id];
  return state.system.pause?.stop_runs !== true && mission !== undefined && isUndecided(mission);
}
