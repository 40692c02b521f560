/**
 * Decides on a new version of a plan. Parts that a person left as they were keep their mission, and what landed of them; others that have not started are
 * replaced or cancelled. Then the plan awaits a new approval.
 */
import type { MissionId, PlannedPart } from "@aedev/contracts";
import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import {
  endedStatuses,
  entityById,
  isUndecided,
  type MissionState,
  type State,
  type TaskState,
} from "../model/state.ts";
import { tasksOf } from "../model/status.ts";
import { refuseUnsignedWords } from "../operator/second-person.ts";
import { cancelTask } from "../task/decide-task.ts";
import { submitMission } from "./decide-mission.ts";
import { partMissions, refuseParts } from "./plan.ts";
import { partChanges, type WrittenOfPart } from "./plan-difference.ts";

type Replacement = CommandOf<"ReplacePlan">;
type PlanMission = MissionState & Required<Pick<MissionState, "plan">>;

export function decideReplacement(command: Replacement, state: State): Decision {
  const mission = entityById(state.missions, command.mission_id);
  if (mission === undefined)
    return refuse("unknown-mission", `there is no mission ${command.mission_id}`, "aedev mission list");
  const refused =
    refuseReplacement(mission, command.spec_digest, state) ??
    refuseUnsignedWords(state, command.actor) ??
    refuseParts(command.parts);
  if (refused !== null || mission.plan === undefined) return refused ?? noPlan(mission);
  const plan = { ...mission, plan: mission.plan };
  const sorted = sortParts(plan, command.parts, state);
  if ("kind" in sorted) return sorted;
  const isTold = command.parts.every((part) => part.keeps === sorted.kept.get(part.name)?.mission_id);
  if (!isTold) return stale(mission);
  const cancelled = cancelParts(sorted.dropped, command, state);
  const submitted = submitParts(command, plan, state);
  if ("kind" in submitted) return submitted;
  return events(...cancelled, ...submitted, replacedEvent(command, plan, state));
}

/** Why this plan can't get a new version now; null: it can. */
export function refuseReplacement(mission: MissionState, digest: string, state: State): Refusal | null {
  if (mission.plan === undefined) return noPlan(mission);
  const { mission_id, stage } = mission;
  const parts = partMissions(state, mission);
  const isOver = (part: MissionState) =>
    !isUndecided(part) && tasksOf(state, part).every(({ status }) => endedStatuses.includes(status));
  if (stage === "cancelled" || stage === "rejected" || (stage === "approved" && parts.every(isOver)))
    return refuse(
      "final",
      `the plan ${mission_id} has ended, so it can't be replaced`,
      "aedev intake --file plan.yaml",
    );
  return digest === mission.specification.digest ? null : stale(mission);
}

/** Which parts keep their mission, by name, and which missions end; or the refusal that names a part that has started. */
export function sortParts(
  mission: PlanMission,
  parts: readonly WrittenOfPart[],
  state: State,
): { readonly kept: ReadonlyMap<string, PlannedPart>; readonly dropped: readonly PlannedPart[] } | Refusal {
  const coming = new Map(parts.map((part) => [part.name, part]));
  const kept = new Map<string, PlannedPart>();
  const dropped: PlannedPart[] = [];
  for (const part of mission.plan.parts) {
    const next = coming.get(part.name);
    if (next !== undefined && partChanges(part, next).length === 0) kept.set(part.name, part);
    else dropped.push(part);
  }
  const started = dropped.find((part) => hasStarted(state, part.mission_id));
  if (started === undefined) return { kept, dropped };
  const { name, mission_id } = started;
  return refuse(
    "part-started",
    `${name} (${mission_id}) has started, so the new version must keep it as it is`,
    `aedev mission show ${mission.mission_id} --tree`,
  );
}

/** Whether a run of the part has ever started. */
export function hasStarted(state: State, missionId: string): boolean {
  const part = entityById(state.missions, missionId);
  return part !== undefined && tasksOf(state, part).some((task) => task.runs.length > 0);
}

/** Each ends with its task, which then no longer belongs to the plan. */
function cancelParts(dropped: readonly PlannedPart[], command: Replacement, state: State): NewEvent[] {
  return dropped.flatMap(({ mission_id }): NewEvent[] => {
    const part = entityById(state.missions, mission_id);
    if (part === undefined) return [];
    const isOpen = part.stage !== "cancelled" && part.stage !== "rejected";
    const mine: NewEvent[] = isOpen
      ? [{ stream: `mission/${mission_id}`, type: "MissionCancelled", data: deciderOf(command) }]
      : [];
    return [...mine, ...tasksOf(state, part).flatMap((task) => cancelled(task, command))];
  });
}

function cancelled(task: TaskState, command: Replacement): readonly NewEvent[] {
  const decision = cancelTask(task, command);
  if (decision.kind === "refused") return [];
  return decision.events.map((event) =>
    event.type === "TaskCancelled" ? { ...event, data: { ...event.data, replaced: true } } : event,
  );
}

/** New missions for parts without one. A kept part whose predecessor got another mission waits for that one. */
function submitParts(command: Replacement, plan: PlanMission, state: State): NewEvent[] | Refusal {
  const sent = { command_id: command.command_id, actor: command.actor, at: command.at };
  const envelope = command.way === undefined ? sent : { ...sent, way: command.way };
  const coming = new Set<string>();
  const submitted: NewEvent[] = [];
  for (const part of command.parts) {
    if (part.keeps !== undefined) {
      const before = entityById(state.missions, part.keeps)?.after ?? [];
      const after = part.waits_for as MissionId[];
      if (before.join() === after.join() || hasStarted(state, part.keeps)) continue;
      submitted.push({
        stream: `mission/${part.keeps}`,
        type: "MissionUpdated",
        data: { after, ...deciderOf(command) },
      });
      continue;
    }
    const decision = submitMission({ ...part.mission, ...envelope }, { state, coming, plan: plan.mission_id });
    if (decision.kind === "refused") return { ...decision, reason: `${part.name}: ${decision.reason}` };
    submitted.push(...decision.events);
    coming.add(part.mission.mission_id);
  }
  return submitted;
}

function replacedEvent(command: Replacement, { mission_id, plan }: PlanMission, state: State): NewEvent {
  const { on_failure, specification, clarified_spec, title, criteria } = command;
  const clearOf = new Map(plan.parts.map((part) => [part.mission_id, part.clear]));
  const parts = command.parts.map(({ name, after, implied, files, written, keeps, mission }): PlannedPart => {
    const id = (keeps ?? mission?.mission_id) as MissionId;
    const clear = mission === undefined ? clearOf.get(id) === true : mission.clarified_spec !== null;
    return { name, mission_id: id, after, implied, files, clear, ...(written === undefined ? {} : { written }) };
  });
  const task_ids = parts.flatMap((part) => entityById(state.missions, part.mission_id)?.task_ids ?? []);
  const data = { version: plan.version + 1, on_failure, parts, task_ids, title, criteria };
  return {
    stream: `mission/${mission_id}`,
    type: "PlanReplaced",
    data: { ...deciderOf(command), ...data, specification, clarified_spec },
  };
}

function noPlan({ mission_id }: MissionState): Refusal {
  return refuse(
    "no-plan",
    `mission ${mission_id} is one task, so no plan can replace it`,
    `aedev mission show ${mission_id}`,
  );
}

function stale({ mission_id }: MissionState): Refusal {
  return refuse("stale", "the plan has changed meanwhile; look at it again", `aedev mission show ${mission_id}`);
}
