/** A draft on the person's side: waits for it, shows it, lets the person edit each part and asks whether to accept it. Without a terminal, prints it with the command that accepts it. */
import { setTimeout as delay } from "node:timers/promises";
import { acceptedCriteriaMax, counted } from "@aedev/contracts";
import type { DraftDocument } from "@aedev/contracts/api";
import { type Answer, done, type Refused } from "../command-line/answer.ts";
import { call, type LinkAnswer } from "../daemon-client/daemon-link.ts";
import { acceptLines, type DraftPart, draftLines, draftParts } from "../render/draft-text.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";
import { type AskedMission, clarityAnswer, notTakenLines } from "./mission-clarity.ts";
import { planFileOf, submitPlan } from "./plan-file.ts";

const pollMs = 400;
/** Typed instead of a part, this leaves the part out. */
const leaveOut = "-";

type Drafted = DraftDocument & { readonly draft: NonNullable<DraftDocument["draft"]> };

/** Starts a draft of the mission. */
export function requestDraft(session: Session, missionId: string): Promise<LinkAnswer<"requestDraft">> {
  return call(session, "requestDraft", { params: { id: missionId }, body: {} });
}

/** Waits for a draft to end and returns it. The daemon finishes the run even if this process stops waiting. */
async function endedDraft(session: Session, missionId: string): Promise<LinkAnswer<"showDraft">> {
  return withProgress(session, "the coder reads the repository", async () => {
    for (;;) {
      const answer = await call(session, "showDraft", { params: { id: missionId } });
      if (answer.kind === "refused" || answer.document.status !== "running") return answer;
      await delay(pollMs);
    }
  });
}

/** The answer without a terminal: the draft with the command that accepts it, exit 4; or why there is none, with the questions. */
export async function printDraft(session: Session, clarity: AskedMission): Promise<Answer> {
  const answer = await endedDraft(session, clarity.mission_id);
  if (answer.kind === "refused") return answer;
  const draft = answer.document;
  const asked = clarityAnswer({ ...clarity, draft });
  if (draft.status !== "drafted") {
    const notice = [...draftLines(draft).map((line) => `aedev: ${line}`), ...(asked.notice ? [asked.notice] : [])];
    return { ...asked, notice: notice.join("\n") };
  }
  const lines = [`${clarity.mission_id} ${clarity.status}`, ...draftLines(draft), ...acceptLines(draft)];
  return { ...done({ ...clarity, draft }, lines.join("\n")), exit: 4 };
}

/** Accepts the draft unchanged: a proposed plan is submitted as if it were a file. */
export async function acceptAsDrafted(session: Session, missionId: string, runId: string): Promise<Answer> {
  const found = await call(session, "showDraft", { params: { id: missionId } });
  if (found.kind === "refused") return found;
  const { run_id, plan } = found.document;
  if (plan !== undefined && run_id === runId) {
    const mission = await call(session, "showMission", { params: { id: missionId } });
    if (mission.kind === "refused") return mission;
    const anyway = `aedev mission show ${missionId} --yaml > plan.yaml, then aedev intake --file plan.yaml --again`;
    const file = planFileOf(found.document, plan, mission.document.repository);
    return submitPlan(session, file, { path: `the plan of ${runId}`, again: false, anyway });
  }
  const accepted = await call(session, "acceptDraft", { params: { id: missionId }, body: { run_id: runId } });
  return accepted.kind === "refused" ? accepted : clarityAnswer(accepted.document);
}

/** The mission after the person saw the draft: with the parts that they accepted, or unchanged. */
export async function draftAtTerminal(session: Session, clarity: AskedMission): Promise<AskedMission | Refused> {
  const { terminal } = session;
  const answer = await endedDraft(session, clarity.mission_id);
  if (answer.kind === "refused") return answer;
  const draft = answer.document;
  terminal.complain(`${draftLines(draft).join("\n")}\n`);
  const { draft_tokens: _offered, ...unchanged } = { ...clarity, draft };
  if (!isDrafted(draft)) return unchanged;
  const parts = await editedParts(session, draft);
  if (!isYes(await terminal.ask("Accept this draft as yours? [y/N] "))) return unchanged;
  const accepted = await call(session, "acceptDraft", {
    params: { id: clarity.mission_id },
    body: { run_id: draft.run_id, ...parts },
  });
  if (accepted.kind === "refused") {
    terminal.complain(`  not accepted: ${accepted.reason}\n`);
    return accepted.code === "bad-answer" || accepted.code === "secret-in-text" ? unchanged : accepted;
  }
  const notTaken = notTakenLines(accepted.document);
  if (notTaken.length > 0) terminal.complain(`${notTaken.join("\n")}\n`);
  return accepted.document;
}

function isDrafted(draft: DraftDocument): draft is Drafted {
  return draft.draft !== null;
}

/** Asks for each part as the person wants it, then for further criteria until an empty line. */
async function editedParts({ terminal }: Session, { draft }: Drafted) {
  terminal.complain(`Enter keeps a part, ${leaveOut} leaves it out, anything else replaces it.\n`);
  const typed: Pick<DraftPart, "of" | "text">[] = [];
  for (const { of, name, text } of draftParts(draft)) {
    const answer = (await terminal.ask(`  ${name}: `)).trim();
    typed.push({ of, text: answer === "" ? text : answer === leaveOut ? "" : answer });
  }
  const textOf = (wanted: DraftPart["of"]) => typed.find(({ of }) => of === wanted)?.text ?? "";
  const criteria = typed.filter(({ of, text }) => of === "criterion" && text !== "").map(({ text }) => text);
  while (criteria.length < acceptedCriteriaMax) {
    const answer = (
      await terminal.ask(
        `  one more criterion (${counted(criteria.length, "criterion", "criteria")}; Enter: no more): `,
      )
    ).trim();
    if (answer === "") break;
    criteria.push(answer);
  }
  return { title: textOf("title"), place: textOf("place"), criteria, test: textOf("test") };
}
