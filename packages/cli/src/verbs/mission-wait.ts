/** `aedev mission wait`: waits until a mission ends or needs a person, even across a restart of the daemon. It only reads. */

import { setTimeout as delay } from "node:timers/promises";
import { branchName, escapeLine, localTime, statusText } from "@aedev/contracts";
import type { HoldDocument, MissionDocument, TaskDocument } from "@aedev/contracts/api";
import { type Answer, type Refused, refused } from "../command-line/answer.ts";
import { durationOption } from "../command-line/duration.ts";
import type { Verb } from "../command-line/verb.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { progressColumns, withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";

const pollMs = 250;
/** How long the daemon may be absent after it has answered once: a restart takes seconds. */
const absenceMs = 60_000;

export const waitVerb: Verb = {
  summary: "Wait until a mission lands (exit 0), needs you (4), or fails, ends or times out (1).",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [{ flags: "--timeout <duration>", summary: "how long at most, e.g. 90s, 10m, 2h (default: no limit)" }],
  examples: ["aedev mission wait m-0123456789abcdef", "aedev mission wait m-0123456789abcdef --timeout 30m"],
  async run(session, input) {
    const timeout = input.text("timeout");
    const timeoutMs = timeout === undefined ? Number.POSITIVE_INFINITY : durationOption(timeout, "--timeout");
    const id = input.argument(0);
    // On a terminal one line shows the status; elsewhere each change gets its own line.
    const hasLine = progressColumns(session) !== undefined;
    return withProgress(session, id, (say) =>
      wait(session, id, {
        timeoutMs,
        say: hasLine ? say : (why) => session.terminal.complain(`${id}: ${escapeLine(why, 300)}\n`),
      }),
    );
  },
};

async function wait(
  session: Session,
  id: string,
  { timeoutMs, say }: { timeoutMs: number; say: (why: string) => void },
): Promise<Answer> {
  const deadline = performance.now() + timeoutMs;
  let last = "";
  for (let seen = await readOutcome(session, id); ; seen = await readOutcomeAgain(session, id, deadline)) {
    if ("kind" in seen) return seen;
    const { mission, outcome } = seen;
    if (outcome.kind === "ended") return endedAnswer(mission, outcome);
    if (outcome.why !== last) say(outcome.why);
    last = outcome.why;
    if (performance.now() >= deadline) return tooLate(mission, timeoutMs);
    await delay(Math.max(0, Math.min(pollMs, deadline - performance.now())));
  }
}

type Seen = { readonly mission: MissionDocument; readonly outcome: WaitOutcome } | Refused;

/** Reads the mission before the holds: a hold that starts in between is seen at the next read. */
async function readOutcome(session: Session, id: string): Promise<Seen> {
  const answer = await call(session, "showMission", { params: { id } });
  if (answer.kind === "refused") return answer;
  const mission = answer.document;
  const holds = mission.status === "held" ? await holdsOf(session, mission) : [];
  return { mission, outcome: waitOutcome(mission, holds) };
}

/** Reads again during a restart of the daemon. */
async function readOutcomeAgain(session: Session, id: string, deadline: number): Promise<Seen> {
  const giveUpAt = Math.min(deadline, performance.now() + absenceMs);
  for (;;) {
    try {
      return await readOutcome(session, id);
    } catch (error) {
      if (performance.now() >= giveUpAt) throw error;
      await delay(pollMs);
    }
  }
}

async function holdsOf(session: Session, { tasks }: MissionDocument): Promise<HoldDocument[]> {
  const held = tasks.filter(({ status }) => status === "held");
  const answers = await Promise.all(held.map((task) => call(session, "showTask", { params: { id: task.task_id } })));
  return answers.flatMap((answer) => (answer.kind === "refused" ? [] : (answer.document.hold ?? [])));
}

function endedAnswer(mission: MissionDocument, outcome: Extract<WaitOutcome, { kind: "ended" }>): Answer {
  const { why, exit, help } = outcome;
  const line = `${mission.mission_id} ${mission.status}`;
  if (exit === 0) return { kind: "done", document: mission, text: why };
  return {
    kind: "done",
    document: mission,
    text: line,
    exit,
    notice: `aedev: ${why}${help === undefined ? "" : `\n  help: ${help}`}`,
  };
}

function tooLate(mission: MissionDocument, timeoutMs: number): Answer {
  const { mission_id, status } = mission;
  return refused(
    "timed-out",
    `${mission_id} is still ${status} after ${timeoutMs / 1000} s`,
    `aedev mission show ${mission_id} && aedev mission wait ${mission_id} --timeout 30m`,
  );
}

export interface WaitedMission extends Pick<MissionDocument, "mission_id" | "status" | "part_of" | "plan"> {
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
      return personNeeded(mission, `aedev mission approve ${mission.part_of ?? mission_id}`);
    default:
      return ofTasks(mission, holds);
  }
}

/** How a person gets the change: from aedev's own branch, or with the next pull. */
function landedOn({ tasks }: WaitedMission): string {
  const task = tasks.find(({ left_on }) => left_on !== undefined);
  if (task?.left_on === undefined) return "; your checkout gets it with aedev pull";
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
  if (resuming === undefined) return stopped(mission) ?? { kind: "waiting", why: mission.status };
  return {
    kind: "waiting",
    why: `held: ${holdText(resuming)}, continues automatically${resuming.resumes_at === null ? "" : ` at ${localTime(resuming.resumes_at)}`}`,
  };
}

/** A part that was rejected or cancelled ends the wait for its plan once no other part works: nothing else may ever start. */
function stopped({ mission_id, plan, tasks }: WaitedMission): WaitOutcome | undefined {
  const failed = plan?.parts.find(({ status }) => status === "rejected" || status === "cancelled");
  if (failed === undefined || tasks.some(({ status }) => status === "running" || status === "judging"))
    return undefined;
  const why = `${mission_id}: its part ${failed.name} is ${failed.status}, and no part works`;
  return { kind: "ended", exit: 4, why, help: `aedev mission show ${mission_id} --tree` };
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
