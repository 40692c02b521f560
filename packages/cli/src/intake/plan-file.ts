/** Submits a plan from a file: a mission of several parts, all or nothing. */
import { counted, escapeLine, shellWord, statusText } from "@aedev/contracts";
import { type DraftDocument, type PlanClarity, type PlanSubmission, routes } from "@aedev/contracts/api";
import { type Answer, done } from "../command-line/answer.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { planLines } from "../render/plan-text.ts";
import type { Session } from "../terminal/session.ts";
import { wrongForm } from "./missions-document.ts";
import { withCommand } from "./same-request.ts";

/** Whether a file's value is a plan, not a list of missions. */
export function isPlan(value: unknown): value is object {
  return typeof value === "object" && value !== null && "tasks" in value;
}

/** Exits 4 if a part has open questions. `anyway`: the command that submits it although missions with its texts exist; absent: the same file again. */
export async function submitPlan(
  session: Session,
  value: object,
  { path, again, anyway, replaces }: { path: string; again: boolean; anyway?: string; replaces?: string },
): Promise<Answer> {
  const plan = parsePlan(value, path);
  const seen = replaces === undefined ? null : await call(session, "showMission", { params: { id: replaces } });
  if (seen?.kind === "refused") return seen;
  const version =
    seen === null ? {} : { replaces: { mission: seen.document.mission_id, digest: seen.document.spec_digest } };
  const answer = await call(session, "submitPlan", { body: { ...plan, again, ...version } });
  if (answer.kind === "refused") return withCommand(answer, anyway ?? `aedev intake --file ${shellWord(path)} --again`);
  const text = planAnswer(answer.document);
  const asks = answer.document.parts.some(({ questions }) => questions.length > 0);
  return asks ? { ...done(answer.document, text), exit: 4 } : done(answer.document, text);
}

/** A proposed plan as the value of a file that a person may edit. */
export function planFileOf(
  { mission_id, run_id }: Pick<DraftDocument, "mission_id" | "run_id">,
  { parts }: NonNullable<DraftDocument["plan"]>,
  repo: string,
): object {
  return {
    accepts: { mission: mission_id, draft: run_id },
    tasks: parts.map(({ name, text, criteria, files, creates, after, size }) => ({
      ...{ name, repo, text, criteria },
      ...(files.length === 0 ? {} : { files }),
      ...(creates.length === 0 ? {} : { creates }),
      ...(after.length === 0 ? {} : { after }),
      size,
    })),
  };
}

function parsePlan(value: object, path: string): PlanSubmission {
  const parsed = routes.submitPlan.body.omit({ again: true, replaces: true }).safeParse(value);
  if (parsed.success) return { ...parsed.data, again: false };
  throw wrongForm(path, parsed.error, placeIn, "docs/PLANS.md describes the format");
}

/** `task 2: criteria.0: `, counting tasks from 1 as a person does. */
function placeIn([key, index, ...rest]: readonly PropertyKey[]): string {
  if (key === undefined) return "";
  if (key !== "tasks" || typeof index !== "number")
    return `${[key, ...(index === undefined ? [] : [index]), ...rest].map(String).join(".")}: `;
  return [`task ${index + 1}`, ...(rest.length === 0 ? [] : [rest.map(String).join(".")]), ""].join(": ");
}

function planAnswer({ mission, parts }: PlanClarity): string {
  const { mission_id, title, status, plan } = mission;
  const asked = parts.flatMap(({ name, mission_id: id, questions, not_counted = [] }) => [
    ...not_counted.map(
      ({ text, why }) => `${name}: does not count as a criterion: ${escapeLine(text, 200)} (${escapeLine(why, 200)})`,
    ),
    ...(questions.length === 0 ? [] : [`${name} has ${counted(questions.length, "question")}:`]),
    ...questions.map(({ id: question, text }) => `  ? ${escapeLine(question, 60)}: ${escapeLine(text, 300)}`),
    ...(questions.length === 0 ? [] : [`  next: aedev mission answer ${id}`]),
  ]);
  const isClear = parts.every(({ questions }) => questions.length === 0);
  return [
    `${mission_id}  ${statusText(status)}  ${escapeLine(title, 120)}`,
    ...(plan === undefined ? [] : planLines(plan)),
    ...asked,
    isClear ? `next: aedev mission approve ${mission_id}` : `then: aedev mission approve ${mission_id}`,
  ].join("\n");
}
