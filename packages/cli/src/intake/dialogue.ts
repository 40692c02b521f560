/**
 * The dialogue at a terminal: asks one question after the other, repeats a question with the reason if its answer is refused, then offers the
 * specification for approval. Prompts go to stderr, so stdout has only the result.
 *
 * Folder: submitting missions: the dialogue, drafts, a file of missions.
 */
import { isFault, tokensText } from "@aedev/contracts";
import type { QuestionDocument } from "@aedev/contracts/api";
import type { Answer } from "../command-line/answer.ts";
import { call, type LinkAnswer } from "../daemon-client/daemon-link.ts";
import type { Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";
import { draftAtTerminal, requestDraft } from "./draft.ts";
import { type AskedMission, clarityAnswer, leftOpen, needsAnswer, questionLines } from "./mission-clarity.ts";

/** Asks the open questions and offers approval. A person who leaves early can continue with `aedev mission answer`. */
export async function clarifyAtTerminal(session: Session, submitted: AskedMission): Promise<Answer> {
  let last = submitted;
  try {
    if (last.draft?.status === "running") {
      const drafted = await draftAtTerminal(session, last);
      if ("kind" in drafted) return drafted;
      last = drafted;
    }
    const left = new Set<string>();
    for (;;) {
      const isAsked = ({ id, default: usual }: QuestionDocument) => usual !== "" || !left.has(id);
      const question = last.questions.find(isAsked);
      if (question === undefined)
        return last.questions.length > 0 ? leftOpen(last) : await offerApproval(session, last);
      const answered = await askUntilTaken(session, { clarity: last, question });
      if (answered === null) {
        left.add(question.id);
        continue;
      }
      if ("mission_id" in answered) last = answered;
      else if (answered.kind === "refused") return answered;
      else last = answered.document;
    }
  } catch (error) {
    if (!isFault(error, "interrupted")) throw error;
    session.terminal.complain("\n");
    return clarityAnswer(last);
  }
}

/** Sends each answer at once, so that nothing typed is lost; only a refused answer is asked for again. Null: the person leaves the question open. */
async function askUntilTaken(
  session: Session,
  { clarity, question }: { clarity: AskedMission; question: QuestionDocument },
): Promise<LinkAnswer<"answerMission"> | AskedMission | null> {
  const { terminal } = session;
  const { draft_tokens: tokens } = clarity;
  const offer =
    tokens === undefined
      ? []
      : [`    d. let the coder read the repository and propose answers (at most ${tokensText(tokens)})`];
  terminal.complain(`${[...questionLines(question), ...offer].join("\n")}\n`);
  for (;;) {
    const prompt =
      question.default === "" ? "  answer (Enter leaves it open): " : "  answer (Enter takes the default): ";
    const typed = await terminal.ask(prompt);
    if (question.default === "" && typed.trim() === "") return null;
    if (tokens !== undefined && typed.trim() === "d") {
      const drafted = await startDraft(session, clarity);
      if (drafted !== null) return drafted;
      continue;
    }
    const text = intendedAnswer(typed, question);
    const params = { id: clarity.mission_id };
    const answer = await call(session, "answerMission", { params, body: { answers: [{ id: question.id, text }] } });
    if (answer.kind !== "refused" || answer.code !== "bad-answer") return answer;
    terminal.complain(`  not accepted: ${answer.reason}\n`);
  }
}

/** The mission after the draft; null if no draft could be started. */
async function startDraft(
  session: Session,
  clarity: AskedMission,
): Promise<LinkAnswer<"answerMission"> | AskedMission | null> {
  const asked = await requestDraft(session, clarity.mission_id);
  if (asked.kind === "document") return draftAtTerminal(session, clarity);
  session.terminal.complain(`  no draft: ${asked.reason}\n`);
  return null;
}

/** The answer that a person means: an empty line is the default, a number selects its choice, any other text is taken literally. */
export function intendedAnswer(typed: string, { choices, default: usual }: QuestionDocument): string {
  const text = typed.trim();
  if (text === "") return usual;
  return /^\d$/.test(text) ? (choices[Number(text) - 1] ?? text) : text;
}

async function offerApproval(session: Session, clarity: AskedMission): Promise<Answer> {
  const { terminal } = session;
  const plain = clarityAnswer(clarity);
  if (needsAnswer(clarity) || clarity.status !== "awaiting_approval" || clarity.part_of !== undefined) return plain;
  if (plain.notice !== undefined) terminal.complain(`${plain.notice}\n`);
  if (typeof clarity.clarified_spec === "string") terminal.complain(`\n${clarity.clarified_spec}\n`);
  const { notice: _listed, ...rest } = plain;
  if (!isYes(await terminal.ask("Approve and start work? [y/N] "))) return rest;
  const { mission_id, spec_digest } = clarity;
  const approved = await call(session, "approveMission", {
    params: { id: mission_id },
    body: { digest: spec_digest },
  });
  if (approved.kind === "refused") return approved;
  const text = `${mission_id} approved, specification ${spec_digest}\nnext: aedev mission wait ${mission_id}`;
  return { kind: "done", document: approved.document, text };
}
