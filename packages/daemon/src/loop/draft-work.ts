/**
 * Does a draft: orders the coder's run and turns its report into the command that ends the draft. Contract: it never throws, because a draft is paid work that is never done a second time; one that another process began is interrupted.
 */
import { Fault, noUsage, type PlaneReport } from "@aedev/contracts";
import { type CommandBody, type DraftWork, isUndecided, openDraft, type State } from "@aedev/core";
import type { createKeyedMutex } from "@aedev/host/keyed-mutex";
import type { Control } from "../control/control.ts";
import { PlaneEnded } from "../planes/plane.ts";
import type { Planes } from "../planes/planes.ts";
import { prepareDraft, readDraft } from "../work/draft.ts";
import { failedByFault } from "../work/run-file.ts";
import { asFault } from "./loop.ts";
import { requireBlobs } from "./plane-work.ts";

type EndDraft = Extract<CommandBody, { kind: "EndDraft" }>;

/** The command that ends the draft. */
export async function draftMission(
  work: DraftWork,
  {
    state,
    control,
    planes,
    serialized,
  }: { state: State; control: Control; planes: Planes; serialized: ReturnType<typeof createKeyedMutex> },
): Promise<EndDraft | null> {
  const mission = state.missions[work.mission_id];
  const draft = mission === undefined ? undefined : openDraft(mission);
  if (mission === undefined || draft === undefined) return null;
  const nothing = { base_commit: null, prompt: null, usage: null, journal: null };
  const unended = { kind: "EndDraft", mission_id: work.mission_id, run_id: draft.run_id, ...nothing } as const;
  const interrupted: EndDraft = { ...unended, result: { outcome: "interrupted" } };
  if (draft.generation !== state.system.generations.execution) return interrupted;
  // Decided while the draft waited for its turn: nothing was begun, and nothing is paid.
  if (!isUndecided(mission)) return { ...interrupted, usage: noUsage };
  // Before the order reaches the plane, nothing is spent; afterwards only a report can tell.
  let begun: Pick<EndDraft, "base_commit" | "prompt" | "usage"> = { ...nothing, usage: noUsage };
  try {
    const order = await serialized(mission.repository, () => prepareDraft(mission, draft, control));
    begun = { base_commit: order.base_commit, prompt: order.prompt, usage: null };
    const report = reportOf(await planes.perform("execution", { ...order, work_id: work.work_id }), draft.run_id);
    const { usage, journal } = report;
    requireBlobs(control, [journal]);
    return { ...unended, ...begun, usage, journal, result: await readDraft(report) };
  } catch (error) {
    if (error instanceof PlaneEnded)
      return { ...interrupted, ...begun, usage: error.duringWork ? begun.usage : noUsage };
    return { ...unended, ...begun, result: failedByFault(asFault(error)) };
  }
}

function reportOf(report: PlaneReport, runId: string) {
  if (report.kind !== "DraftMission" || report.run_id !== runId)
    throw new Fault("report-mismatch", `a ${report.kind} report came back for a draft`);
  return report.result;
}
