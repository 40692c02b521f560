/** Planted bugs of plans. */
import type { Command, Decision, NewEvent } from "@aedev/core";
import { deciding, type Planted, type PlantedBug } from "./planted-bug.ts";

type SubmitPlan = Extract<Command, { kind: "SubmitPlan" }>;

/** Changes the missions for which each part waits. */
function submittingAfter(
  change: (after: readonly string[], command: SubmitPlan, name: string) => string[],
): PlantedBug {
  return altering("SubmitPlan", (event, command) => {
    if (event.type !== "MissionSubmitted" || event.data.part_of === undefined) return [event];
    const name = command.parts.find(({ mission }) => mission.mission_id === event.data.mission_id)?.name ?? "";
    return [{ ...event, data: { ...event.data, after: change(event.data.after, command, name) } } as NewEvent];
  });
}

/** Changes the events of a command. */
function altering<K extends Command["kind"]>(
  kind: K,
  alter: (event: NewEvent, command: Extract<Command, { kind: K }>) => readonly NewEvent[],
): PlantedBug {
  return deciding((command, decided): Decision => {
    if (command.kind !== kind || decided.kind !== "events") return decided;
    const own = command as Extract<Command, { kind: K }>;
    return { ...decided, events: decided.events.flatMap((event) => alter(event, own)) };
  });
}

/** Whether the event belongs to the last part of a plan that is approved. */
function isOfLast({ stream }: NewEvent, { part_tasks }: Extract<Command, { kind: "ApproveMission" }>): boolean {
  const last = part_tasks?.at(-1);
  return last !== undefined && (stream === `task/${last.task_id}` || stream === `mission/${last.mission_id}`);
}

export const planBugs: Readonly<Record<string, Planted>> = {
  "parts wait for nothing": {
    bug: submittingAfter(() => []),
    seed: 9,
    finds: "a run started before what its mission waits for landed",
  },
  "parts wait only for those that they name": {
    bug: submittingAfter((after, { parts }, name) => {
      const implied = parts.find((part) => part.name === name)?.implied ?? [];
      return after.filter((id) => !implied.some((other) => id === `m-${other}`));
    }),
    seed: 13,
    finds: "a part started beside one that may change the same files",
  },
  "a plan that should stop goes on": {
    bug: altering("SubmitPlan", (event) =>
      event.type === "MissionPlanned" ? [{ ...event, data: { ...event.data, on_failure: "independent" } }] : [event],
    ),
    seed: 18,
    finds: "a part started although its plan has stopped",
  },
  "the last part is not approved with its plan": {
    bug: altering("ApproveMission", (event, command) => (isOfLast(event, command) ? [] : [event])),
    seed: 9,
    finds: "a plan was decided in part",
  },
  "the last part gets no task": {
    bug: altering("ApproveMission", (event, command) =>
      event.type === "TaskPlanned" && isOfLast(event, command) ? [] : [event],
    ),
    seed: 9,
    finds: "a part of an approved plan has not exactly one task",
  },
  "a plan knows only its first task": {
    bug: altering("ApproveMission", (event, { part_tasks, mission_id }) => {
      if (event.type !== "MissionApproved" || part_tasks === undefined) return [event];
      const task_ids = event.data.task_ids.slice(0, 1);
      return [event.stream === `mission/${mission_id}` ? { ...event, data: { ...event.data, task_ids } } : event];
    }),
    seed: 9,
    finds: "a plan has another status than its most urgent part",
  },
  "parts wait for their own plan": {
    bug: submittingAfter((after, { mission }) => [...after, mission.mission_id]),
    seed: 9,
    finds: "waits although nothing keeps it from starting",
  },
  "the loop is not told that a mission was approved": {
    bug: { neverWakes: true },
    seed: 1,
    finds: "waits for nothing that anybody names",
  },
  "the view does not know to which plan a task belongs": {
    bug: {
      connection: (database) =>
        database.exec(`CREATE TEMP TRIGGER planted AFTER INSERT ON main.view_tasks
          BEGIN UPDATE view_tasks SET plan = NULL WHERE id = NEW.id; END`),
    },
    store: "sqlite",
    seed: 9,
    finds: "the file or its views are wrong",
  },
};
