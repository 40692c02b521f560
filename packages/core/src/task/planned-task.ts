/** A newly planned task, where its fold starts. */
import type { EventData } from "@aedev/contracts/events";
import type { TaskState } from "../model/state.ts";

/** A task before its first run. Its keys are in stored order, which later events keep, so that nothing has to sort them. */
export function plannedTask(
  { mission_id, plan, repository, reverts, specification, task_id }: EventData<"TaskPlanned">,
  at: string,
): TaskState {
  return {
    answers: [],
    approval: null,
    base_commit: null,
    changed_at: at,
    environment: null,
    evidence: null,
    gate: null,
    hold: null,
    judged: [],
    landed_commit: null,
    landing: null,
    landings: 0,
    manifest: null,
    mission_id,
    next_cause: null,
    patch: null,
    ...(plan === undefined ? {} : { plan }),
    planned_at: at,
    policy: null,
    profile: null,
    pushes: [],
    ref: null,
    refusals: 0,
    repairs: 0,
    repository,
    ...(reverts === undefined ? {} : { reverts }),
    risk_acknowledged: false,
    runs: [],
    settings: null,
    specification,
    status: "planned",
    task_id,
    tree: null,
    verdicts: [],
  };
}
