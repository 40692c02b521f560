/** Whether `mission wait` ends and with which result: a pure function of a mission and its open holds. */
import { branchName, escapeLine, statusText } from "@aedev/contracts";
import type { HoldDocument, MissionDocument, TaskDocument } from "@aedev/contracts/api";

export interface WaitedMission extends Pick<MissionDocument, "mission_id" | "status"> {
  readonly tasks: readonly Pick<TaskDocument, "task_id" | "status" | "left_on">[];
}
export type WaitedHold = Pick<HoldDocument, "task_id" | "code" | "detail" | "resumes" | "resumes_at" | "help">;
/** `why`: text for a person. `help`: the command to run if the mission needs one. */
export type WaitOutcome =
  | { readonly kind: "waiting"; readonly why: string }
  | { readonly kind: "ended"; readonly exit: 0 | 1 | 4; readonly why: string; readonly help?: string };

/** Landed gives 0; failed, cancelled and rejected give 1; a mission that needs a person gives 4. It keeps waiting for a hold that is released automatically. */
export function waitOutcome(mission: WaitedMission, holds: readonly WaitedHold[]): WaitOutcome {
  const { mission_id, status } = mission;
  switch (status) {
    case "landed":
      return { kind: "ended", exit: 0, why: `${mission_id} landed${landedOn(mission)}` };
    case "failed":
    case "cancelled":
    case "rejected":
      return { kind: "ended", exit: 1, why: `${mission_id} is ${status}`, help: `aedev mission show ${mission_id}` };
    case "clarifying":
      return personNeeded(mission, `aedev mission show ${mission_id}`);
    case "awaiting_approval":
      return personNeeded(mission, `aedev mission approve ${mission_id}`);
    default:
      return ofTasks(mission, holds);
  }
}

/** How a person gets the change: from aedev's own branch, or with the next pull. */
function landedOn({ tasks }: WaitedMission): string {
  const task = tasks.find(({ left_on }) => left_on !== undefined);
  if (task?.left_on === undefined) return "; your checkout gets it with git pull";
  const branch = escapeLine(branchName(task.left_on), 120);
  return ` on ${branch}; how to take it in: aedev task show ${task.task_id}`;
}

/** A task may resume automatically while another waits for a person. */
function ofTasks(mission: WaitedMission, holds: readonly WaitedHold[]): WaitOutcome {
  const asked = mission.tasks.find((task) => task.status === "asked");
  if (asked !== undefined) return personNeeded({ ...mission, status: "asked" }, `aedev task approve ${asked.task_id}`);
  const held = mission.tasks
    .filter((task) => task.status === "held")
    .map((task) => holds.find((hold) => hold.task_id === task.task_id));
  const parked = held.find((hold) => hold !== undefined && !resumesItself(hold));
  if (parked !== undefined) {
    const why = `${mission.mission_id} is held: ${holdText(parked)}`;
    return { kind: "ended", exit: 4, why, help: parked.help };
  }
  const resuming = held.find((hold) => hold !== undefined);
  if (resuming === undefined) return { kind: "waiting", why: mission.status };
  return {
    kind: "waiting",
    why: `held: ${holdText(resuming)}, continues automatically${resuming.resumes_at === null ? "" : ` at ${resuming.resumes_at}`}`,
  };
}

function resumesItself(hold: WaitedHold): boolean {
  return hold.resumes !== "never";
}

function holdText({ code, detail }: WaitedHold): string {
  return detail === null ? code : `${code} (${detail})`;
}

function personNeeded({ mission_id, status }: WaitedMission, help: string): WaitOutcome {
  return { kind: "ended", exit: 4, why: `${mission_id}: ${statusText(status)}`, help };
}
