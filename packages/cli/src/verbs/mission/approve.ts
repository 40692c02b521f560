/**
 * `aedev mission approve`: the explicit approval, bound to the specification's hash, which it prints with the criteria. `--all-clear` shows every
 * mission that waits for approval and then approves them.
 */

import { escapeLine, nullOn } from "@aedev/contracts";
import { pageQuerySchema } from "@aedev/contracts/api";
import type { MissionReading } from "@aedev/daemon";
import { type Answer, type Done, done, refusalOf, refused, usageFault } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { criterionLine, notCheckedLines, notInBaseLines } from "../../render/mission-text.ts";
import { canAsk, type Session } from "../../terminal/session.ts";
import { isYes } from "../../terminal/yes.ts";

/** The most missions that one command approves, because a person must be able to read them. */
const atOnceMax = 50;

export const verb: Verb = {
  summary: "Approve a mission's specification, or several; work starts.",
  arguments: [{ name: "[mission...]", summary: "ids" }],
  options: [
    { flags: "--digest <digest>", summary: "approve only if the specification has this digest (one mission)" },
    {
      flags: "--all-clear",
      summary: "every mission without open questions that waits for your approval; shows them and asks",
    },
    { flags: "--yes", summary: "with --all-clear: ask nothing" },
  ],
  examples: ["aedev mission approve m-0123456789abcdef", "aedev mission approve --all-clear"],
  async run(session, input) {
    const ids = input.arguments();
    if (input.flag("allClear")) {
      if (ids.length > 0) throw usageFault("--all-clear names the missions itself; give no ids", help);
      return approveAll(session, input.flag("yes"));
    }
    const [id, ...others] = ids;
    if (id === undefined) throw usageFault("missing required argument 'mission'", help);
    const digest = input.text("digest");
    if (others.length === 0) return approveOne(session, id, digest);
    if (digest !== undefined) throw usageFault("--digest belongs to one mission", help);
    return approveEach(
      session,
      ids.map((mission_id) => ({ mission_id, digest: undefined })),
    );
  },
};

const help = "aedev mission approve --help";

async function approveOne(session: Session, id: string, digest: string | undefined): Promise<Answer> {
  const answer = await change(session, "approveMission", {
    input: { params: { id }, body: { digest } },
    text: (mission) =>
      [`${mission.mission_id} approved, specification ${mission.spec_digest}`, ...notInBaseLines(mission)].join("\n"),
  });
  if (answer.kind !== "done") return answer;
  const text = [answer.text, ...(await criteriaLines(session, id)), `next: aedev mission wait ${id}`].join("\n");
  return { ...answer, text };
}

/** Never throws: the mission is approved, and an unreadable criterion must not hide that. */
async function criteriaLines(session: Session, id: string): Promise<string[]> {
  try {
    const reading = await readMission(session, id);
    return reading === null ? [] : [...reading.criteria.map(criterionLine), ...notCheckedLines(reading.clarity)];
  } catch (error) {
    return [`its criteria can't be shown: ${refusalOf(error).reason}`];
  }
}

/** Approves exactly the specifications that were shown, each by its digest. */
async function approveAll(session: Session, unasked: boolean): Promise<Answer> {
  const query = pageQuerySchema.parse({ status: "awaiting_approval", limit: atOnceMax });
  const { missions, next } = await readHome(session, (home) => home.missions(query));
  if (missions.length === 0) return done({ missions: [] }, "no mission waits for your approval");
  const readings = await Promise.all(missions.map(({ document }) => readMission(session, document.mission_id)));
  const readable = readings.flatMap((reading) => (reading === null ? [] : [reading]));
  const more = next === null ? [] : [`More than ${atOnceMax} wait; these are the first. Ask again for the rest.`];
  session.terminal.complain(`${[...readable.map(missionLines), ...more].join("\n\n")}\n\n`);
  if (!unasked) {
    const again = "aedev mission approve --all-clear --yes";
    if (!canAsk(session)) return refused("not-confirmed", "nothing was approved: this needs a yes", again);
    const answer = await session.terminal.ask(`Approve these ${readable.length} and start work? [y/N] `);
    if (!isYes(answer)) return refused("not-confirmed", "nothing was approved", again);
  }
  return approveEach(
    session,
    readable.map(({ document }) => ({ mission_id: document.mission_id, digest: document.spec_digest })),
  );
}

/** Continues after the daemon refuses one, and ends if the daemon no longer answers. The exit code tells that not all are approved. */
async function approveEach(
  session: Session,
  wanted: readonly { mission_id: string; digest: string | undefined }[],
): Promise<Answer> {
  const approved: Done[] = [];
  const failed: string[] = [];
  for (const [place, { mission_id, digest }] of wanted.entries()) {
    try {
      const answer = await approveOne(session, mission_id, digest);
      if (answer.kind === "done") approved.push(answer);
      else if (answer.kind === "refused") failed.push(`${mission_id}: ${answer.reason}`);
    } catch (error) {
      const { reason } = refusalOf(error);
      failed.push(
        `${mission_id}: it is not known whether it is approved (${reason}); aedev mission show ${mission_id}`,
      );
      failed.push(...wanted.slice(place + 1).map((left) => `${left.mission_id}: not tried`));
      break;
    }
  }
  const text = approved.map((answer) => answer.text).join("\n");
  const all = done({ missions: approved.map(({ document }) => document), refused: failed }, text);
  return failed.length === 0 ? all : { ...all, exit: 1, notice: failed.map((why) => `aedev: ${why}`).join("\n") };
}

function missionLines({ document, repository, criteria, clarity }: MissionReading): string {
  const title = `${document.mission_id}  ${repository}  ${escapeLine(document.title, 200)}`;
  return [title, ...criteria.map(criterionLine), ...notCheckedLines(clarity)].join("\n");
}

/** Null if this home does not have the mission: it is approved anyway, so the verb must not fail. */
async function readMission(session: Session, id: string): Promise<MissionReading | null> {
  return readHome(session, (home) => home.mission(id)).catch(nullOn("unknown-mission"));
}
