/** The dialogue at a terminal: one question after the other, a refused answer again with why, then the specification and whether to approve it. Prompts go to stderr, so that stdout keeps the answer alone. */
import { escapeText } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import type { Answer, Refused } from "../answer.ts";
import { postToDaemon } from "../session/daemon-link.ts";
import type { Session } from "../session/session.ts";
import {
  type AskedQuestion,
  clarityAnswer,
  type MissionClarity,
  missionClaritySchema,
  needsAnswer,
  questionLines,
} from "./mission-clarity.ts";

/** True where a person can be asked on the spot. `--json` is for programs. */
export function canAsk(session: Session): boolean {
  return session.terminal.interactive && !session.json;
}

/** Asks what is open and offers approval. A person who leaves in the middle finds the rest under `aedev mission answer`. */
export async function clarifyAtTerminal(session: Session, document: unknown): Promise<Answer> {
  let last = document;
  try {
    for (;;) {
      const clarity = missionClaritySchema.parse(last);
      const [question] = clarity.questions;
      if (question === undefined) return await offerApproval(session, { document: last, clarity });
      const answered = await askUntilTaken(session, { clarity, question });
      if (answered.kind === "refused") return answered;
      last = answered.document;
    }
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "interrupted") throw error;
    session.terminal.complain("\n");
    return clarityAnswer(last);
  }
}

type Taken = { readonly kind: "document"; readonly document: unknown } | Refused;

/** Each answer is sent at once, so that nothing typed is lost; only a bad one is asked for again. */
async function askUntilTaken(
  session: Session,
  { clarity, question }: { clarity: MissionClarity; question: AskedQuestion },
): Promise<Taken> {
  const { terminal } = session;
  terminal.complain(escapeText(`${questionLines(question).join("\n")}\n`));
  for (;;) {
    const prompt = question.default === "" ? "  answer: " : "  answer (Enter takes the default): ";
    const text = meant(await terminal.ask(prompt), question);
    const path = `/api/missions/${encodeURIComponent(clarity.mission_id)}/answer`;
    const answer = await postToDaemon(session, path, { answers: [{ id: question.id, text }] });
    if (answer.kind !== "refused" || answer.code !== "bad-answer") return answer;
    terminal.complain(escapeText(`  not taken: ${answer.reason}\n`));
  }
}

/** Nothing is the default, a number its choice, everything else itself. */
export function meant(typed: string, { choices, default: usual }: AskedQuestion): string {
  const text = typed.trim();
  if (text === "") return usual;
  return /^\d$/.test(text) ? (choices[Number(text) - 1] ?? text) : text;
}

async function offerApproval(
  session: Session,
  { document, clarity }: { document: unknown; clarity: MissionClarity },
): Promise<Answer> {
  const { terminal } = session;
  const plain = clarityAnswer(document);
  if (needsAnswer(clarity) || clarity.status !== "awaiting_approval") return plain;
  if (plain.notice !== undefined) terminal.complain(escapeText(`${plain.notice}\n`));
  if (typeof clarity.clarified_spec === "string") terminal.complain(escapeText(`\n${clarity.clarified_spec}\n`));
  const { notice: _shown, ...rest } = plain;
  if (!/^\s*(?:y|yes|是|好)\s*$/i.test(await terminal.ask("approve this specification, so that work begins? [y/N] ")))
    return rest;
  const { mission_id, spec_digest } = clarity;
  const approved = await postToDaemon(session, `/api/missions/${encodeURIComponent(mission_id)}/approve`, {
    digest: spec_digest,
  });
  if (approved.kind === "refused") return approved;
  const text = `${mission_id} approved, specification ${spec_digest ?? ""}\nnext: aedev mission wait ${mission_id}`;
  return { kind: "done", document: approved.document, text };
}
