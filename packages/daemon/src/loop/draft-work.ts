/** Runs a draft and records how it ended. A draft that another process began ends as interrupted. */
import { noUsage } from "@aedev/contracts";
import { type CommandBody, type DraftWork, isUndecided, openDraft, type State } from "@aedev/core";
import { type DraftParts, prepareDraft, readDraft } from "../work/draft.ts";
import { readPlanDraft } from "../work/plan-draft.ts";
import { type Beginning, doFileRun, interruptedRun } from "./file-run.ts";

type EndDraft = Extract<CommandBody, { kind: "EndDraft" }>;

/** The command that ends the draft; null if it has ended already. It never throws. */
export async function draftMission(
  work: DraftWork,
  { state, control, planes, serialized }: Beginning<DraftParts>,
): Promise<EndDraft | null> {
  const mission = state.missions[work.mission_id];
  const draft = mission === undefined ? undefined : openDraft(mission);
  if (mission === undefined || draft === undefined) return null;
  const end = async () => {
    if (draft.generation !== state.system.generations.execution) return interruptedRun(null);
    // The mission was decided while the draft waited for its turn, so nothing began and nothing was paid.
    if (!isWaitedFor(state, work)) return interruptedRun(noUsage);
    return await doFileRun(work.work_id, {
      control,
      planes,
      prepare: () => serialized(mission.repository, () => prepareDraft(mission, draft, control)),
      isCancelled: () => !isWaitedFor(control.log.state, work),
      read: draft.of === "plan" ? readPlanDraft : readDraft,
    });
  };
  const { order, ...ended } = await end();
  const { base_commit, prompt } = order ?? { base_commit: null, prompt: null };
  return { kind: "EndDraft", mission_id: work.mission_id, run_id: draft.run_id, base_commit, prompt, ...ended };
}

/** Whether the mission is still undecided, so that the draft can help, and nobody has stopped all runs. */
function isWaitedFor(state: State, { mission_id }: DraftWork): boolean {
  const mission = state.missions[mission_id];
  return state.system.pause?.stop_runs !== true && mission !== undefined && isUndecided(mission);
}
