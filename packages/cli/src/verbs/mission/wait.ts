/** `aedev mission wait`: waits until a mission ends or needs a person, also across a restart of the daemon. It only reads. */
import { setTimeout as delay } from "node:timers/promises";
import { escapeLine } from "@aedev/core";
import { z } from "zod";
import { type Answer, type Refused, refused } from "../../answer.ts";
import { parseDurationMs } from "../../line/duration.ts";
import { getFromDaemon, type LinkAnswer } from "../../session/daemon-link.ts";
import { progressColumns, withProgress } from "../../session/progress.ts";
import type { Session } from "../../session/session.ts";
import type { Verb } from "../../verb.ts";
import { type WaitedHold, type WaitOutcome, waitOutcome } from "./wait-outcome.ts";

const pollMs = 250;
/** How long the daemon may be away once it has answered: a restart takes seconds. */
const absenceMs = 60_000;

const missionSchema = z.looseObject({
  mission_id: z.string(),
  status: z.string(),
  tasks: z.array(z.looseObject({ task_id: z.string(), status: z.string() })),
});
const holdsSchema = z.looseObject({
  holds: z.array(
    z.looseObject({
      task_id: z.string(),
      code: z.string(),
      detail: z.string().nullable(),
      resumes_at: z.string().nullable(),
      help: z.string(),
    }),
  ),
});
type Mission = z.infer<typeof missionSchema>;

export const verb: Verb = {
  summary: "Wait until a mission lands (exit 0), needs you (4), or ends otherwise or too late (1).",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [{ flags: "--timeout <duration>", summary: "how long at most, e.g. 90s, 10m, 2h (default 600s)" }],
  examples: ["aedev mission wait m-0123456789abcdef", "aedev mission wait m-0123456789abcdef --timeout 30m"],
  async run(session, input) {
    const timeoutMs = parseDurationMs(input.text("timeout") ?? "600s", "--timeout");
    const id = input.argument(0);
    // On a terminal one line says how it stands; elsewhere there is a line for each change.
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
  for (let seen = await look(session, id); ; seen = await lookAgain(session, id, deadline)) {
    if ("kind" in seen) return seen;
    const { mission, outcome } = seen;
    if (outcome.kind === "ended") return ended(mission, outcome);
    if (outcome.why !== last) say(outcome.why);
    last = outcome.why;
    if (performance.now() >= deadline) return tooLate(mission, timeoutMs);
    await delay(Math.max(0, Math.min(pollMs, deadline - performance.now())));
  }
}

type Seen = { readonly mission: Mission; readonly outcome: WaitOutcome } | Refused;

/** The mission first and then the holds: a hold that began in between is seen at the next look. */
async function look(session: Session, id: string): Promise<Seen> {
  const answer = await getFromDaemon(session, `/api/missions/${encodeURIComponent(id)}`);
  if (answer.kind === "refused") return answer;
  const mission = missionSchema.parse(answer.document);
  const holds = mission.status === "held" ? holdsOf(await getFromDaemon(session, "/api/holds")) : [];
  return { mission, outcome: waitOutcome(mission, holds) };
}

/** Bridges a restart of the daemon. */
async function lookAgain(session: Session, id: string, deadline: number): Promise<Seen> {
  const giveUpAt = Math.min(deadline, performance.now() + absenceMs);
  for (;;) {
    try {
      return await look(session, id);
    } catch (error) {
      if (performance.now() >= giveUpAt) throw error;
      await delay(pollMs);
    }
  }
}

function holdsOf(answer: LinkAnswer): WaitedHold[] {
  return answer.kind === "refused" ? [] : holdsSchema.parse(answer.document).holds;
}

function ended(mission: Mission, outcome: Extract<WaitOutcome, { kind: "ended" }>): Answer {
  const { why, exit, help } = outcome;
  const line = `${mission.mission_id} ${mission.status}`;
  if (exit === 0) return { kind: "done", document: mission, text: line };
  return {
    kind: "done",
    document: mission,
    text: line,
    exit,
    notice: `aedev: ${why}${help === undefined ? "" : `\n  help: ${help}`}`,
  };
}

function tooLate(mission: Mission, timeoutMs: number): Answer {
  const { mission_id, status } = mission;
  return refused(
    "timed-out",
    `${mission_id} is still ${status} after ${timeoutMs / 1000} s`,
    `aedev mission show ${mission_id} says what it waits for; then aedev mission wait ${mission_id} --timeout 30m`,
  );
}
