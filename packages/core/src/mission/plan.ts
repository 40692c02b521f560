/**
 * Decides on a plan: a mission of several parts, each a mission of its own with its own specification and one task. They are submitted, approved, rejected and
 * cancelled as one; in between, each part is clarified like any mission. ADR 0057.
 */
import { counted, type MissionId, type PlannedPart, type TaskId } from "@aedev/contracts";
import {
  type CommandOf,
  deciderOf,
  type PlanChange,
  type Refusal,
  refuse,
  type SubmittedPart,
} from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import { entityById, isUndecided, type MissionState, type State } from "../model/state.ts";
import { refuseApproval } from "../operator/second-person.ts";

/** The missions of the plan's parts, in their order; empty: the mission has no plan. */
export function partMissions(
  { missions }: Pick<State, "missions">,
  { plan }: Pick<MissionState, "plan">,
): MissionState[] {
  return (plan?.parts ?? []).flatMap(({ mission_id }) => entityById(missions, mission_id) ?? []);
}

/** The mission of whose plan this one is a part; undefined: of none. */
export function planOf(
  { missions }: Pick<State, "missions">,
  { part_of }: Pick<MissionState, "part_of">,
): (MissionState & Required<Pick<MissionState, "plan">>) | undefined {
  const parent = part_of === undefined ? undefined : entityById(missions, part_of);
  return parent?.plan === undefined ? undefined : { ...parent, plan: parent.plan };
}

/** Refuses what is decided for the whole plan, while that waits for a person's decision; null: the mission may be decided alone. */
export function refuseAlone(mission: MissionState, state: State): Refusal | null {
  const parent = planOf(state, mission);
  if (parent === undefined || !isUndecided(parent)) return null;
  const { mission_id, title } = parent;
  return refuse(
    "part-of-plan",
    `mission ${mission.mission_id} is a part of ${mission_id} (${title}), which is decided as a whole`,
    `aedev mission show ${mission_id}`,
  );
}

/** Refuses parts whose order or names contradict each other. Whoever made the plan has told the person more exactly. */
export function refuseParts(parts: readonly Pick<SubmittedPart, "name" | "after" | "implied">[]): Refusal | null {
  const before = new Set<string>();
  for (const { name, after, implied } of parts) {
    const unknown = [...after, ...implied].find((other) => !before.has(other));
    if (unknown !== undefined)
      return refuse("bad-plan", `the part ${name} waits for ${unknown}, which does not come before it`);
    if (before.has(name)) return refuse("bad-plan", `two parts have the name ${name}`);
    before.add(name);
  }
  return parts.length === 0 ? refuse("bad-plan", "a plan needs at least one part") : null;
}

/** The plan's event after its mission was submitted. */
export function plannedEvent({ mission, on_failure, parts }: CommandOf<"SubmitPlan">): NewEvent {
  return {
    stream: `mission/${mission.mission_id}`,
    type: "MissionPlanned",
    data: {
      version: 1,
      on_failure,
      parts: parts.map(({ mission: { mission_id, clarified_spec }, ...part }): PlannedPart => {
        return { ...part, mission_id: mission_id as MissionId, clear: clarified_spec !== null };
      }),
    },
  };
}

/** What a part's new specification does to its plan. A plan that was decided meanwhile, or clarified elsewhere, refuses it. */
export function planChangeOf(
  { plan: change, clarified_spec }: { readonly plan?: PlanChange; readonly clarified_spec: unknown },
  mission: MissionState,
  state: State,
): NewEvent[] | Refusal {
  const parent = planOf(state, mission);
  if (parent === undefined) return [];
  if (change === undefined || change.before !== parent.specification.digest || !isUndecided(parent))
    return refuse(
      "stale",
      "the plan has changed meanwhile; look at it again",
      `aedev mission show ${parent.mission_id}`,
    );
  const { specification, clarified_spec: text } = change;
  const data = { part: mission.mission_id, clear: clarified_spec !== null, specification, clarified_spec: text };
  return [{ stream: `mission/${parent.mission_id}`, type: "PlanPartClarified", data }];
}

/** Approves all parts with the whole: each gets its task, unless an earlier approval gave it one. */
export function approvalOfPlan(
  command: CommandOf<"ApproveMission">,
  mission: MissionState & Required<Pick<MissionState, "plan">>,
  state: State,
): NewEvent[] | Refusal {
  const parts = partMissions(state, mission);
  const tasks = new Map(command.part_tasks?.map(({ mission_id, task_id }) => [mission_id, task_id as TaskId]));
  const decider = deciderOf(command);
  const taskIds = parts.flatMap(({ mission_id, task_ids }) => task_ids[0] ?? tasks.get(mission_id) ?? []);
  if (taskIds.length !== mission.plan.parts.length || new Set(taskIds).size !== taskIds.length)
    return refuse(
      "stale",
      "the plan has changed meanwhile; look at it again",
      `aedev mission show ${mission.mission_id}`,
    );
  for (const part of parts) {
    const refused = refuseApproval(state, command.actor, { kind: "specification", mission: part });
    if (refused !== null) return refused;
  }
  const approved = ({ mission_id, specification }: MissionState, task_ids: TaskId[]): NewEvent => ({
    stream: `mission/${mission_id}`,
    type: "MissionApproved",
    data: { spec_digest: specification.digest, ...decider, task_ids },
  });
  return [
    approved(mission, taskIds),
    ...parts.flatMap((part, at): NewEvent[] => {
      if (part.task_ids.length > 0) return [];
      const task_id = taskIds[at] as TaskId;
      const { mission_id, repository, specification } = part;
      const data = { task_id, mission_id, repository, specification, plan: mission.mission_id };
      return [approved(part, [task_id]), { stream: `task/${task_id}`, type: "TaskPlanned", data }];
    }),
  ];
}

/** Why the plan can't be approved yet: parts with open questions. */
export function openPartsText(mission: MissionState & Required<Pick<MissionState, "plan">>): string {
  const open = mission.plan.parts.filter(({ clear }) => !clear);
  return `${counted(open.length, "part")} of ${mission.mission_id} ${open.length === 1 ? "has" : "have"} open questions: ${open.map(({ name, mission_id }) => `${name} (${mission_id})`).join(", ")}`;
}
