/** Submits a file of missions: everything is checked before the first goes out, and what a refusal leaves half done is taken back. */
import { readFileSync, statSync } from "node:fs";
import { escapeLine } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import { z } from "zod";
import { type Answer, done, type Refused, refused } from "../answer.ts";
import { getFromDaemon, type LinkAnswer, postToDaemon } from "../session/daemon-link.ts";
import { withProgress } from "../session/progress.ts";
import type { Session } from "../session/session.ts";
import { isKey, type PlannedMission, planMissions, wrong } from "./missions-document.ts";

const fileBytesMax = 4 * 1024 * 1024;

const submittedSchema = z.looseObject({
  mission_id: z.string(),
  status: z.string(),
  questions: z.array(z.looseObject({ id: z.string(), text: z.string(), default: z.string().default("") })).default([]),
});
type Submitted = z.infer<typeof submittedSchema> & { readonly label: string; readonly title: string };

const repositoriesSchema = z.looseObject({ repositories: z.array(z.looseObject({ name: z.string() })) });
const missionsSchema = z.looseObject({
  missions: z.array(z.looseObject({ mission_id: z.string(), status: z.string() })),
});

/** Exit 4 where a mission has open questions. The same file submitted again makes new missions. */
export async function submitMissionsFile(session: Session, path: string): Promise<Answer> {
  const missions = planMissions(readText(path), path);
  const unusable = await lookAround(session, missions, path);
  if (unusable !== null) return unusable;
  return withProgress(session, "submitting", async (say) => {
    const submitted: Submitted[] = [];
    for (const mission of missions) {
      say(`${submitted.length + 1} of ${missions.length}`);
      const answer = await submitNext(session, mission, submitted);
      if (answer.kind === "refused") return takeBack(session, submitted, { mission, why: answer });
      const title = escapeLine(mission.text.split("\n")[0] ?? "", 80);
      submitted.push({ ...submittedSchema.parse(answer.document), label: mission.label, title });
    }
    return answerOf(submitted);
  });
}

function readText(path: string): string {
  try {
    if (statSync(path).size > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`);
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw wrong(path, `it can't be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** What the daemon would refuse later on: repositories that are not there, predecessors that are not there or never land. */
async function lookAround(
  session: Session,
  missions: readonly PlannedMission[],
  path: string,
): Promise<Refused | null> {
  const repositories = await getFromDaemon(session, "/api/repositories");
  if (repositories.kind === "refused") return repositories;
  const known = repositoriesSchema.parse(repositories.document).repositories.map(({ name }) => name);
  const homeless = missions.find(({ repo }) => !known.includes(repo));
  if (homeless !== undefined)
    return refused(
      "unknown-repository",
      `${path}: ${homeless.label}: there is no repository named ${homeless.repo}; nothing was submitted`,
      `aedev repo add <path-or-url> --name ${homeless.repo}`,
    );
  const outside = missions.flatMap(({ label, after }) =>
    after.flatMap((before) => ("mission_id" in before ? [{ label, id: before.mission_id }] : [])),
  );
  if (outside.length === 0) return null;
  const answer = await getFromDaemon(session, "/api/missions");
  if (answer.kind === "refused") return answer;
  const statuses = new Map(
    missionsSchema.parse(answer.document).missions.map(({ mission_id, status }) => [mission_id, status]),
  );
  for (const { label, id } of outside) {
    const status = statuses.get(id);
    if (status === undefined || status === "cancelled" || status === "rejected")
      return refused(
        status === undefined ? "unknown-mission" : "never-lands",
        `${path}: ${label}: after: ${status === undefined ? `there is no mission ${id}` : `mission ${id} is ${status} and never lands`}; nothing was submitted`,
        "aedev mission list",
      );
  }
  return null;
}

/** Where the daemon goes away in between, what it has already got is named. */
async function submitNext(
  session: Session,
  mission: PlannedMission,
  submitted: readonly Submitted[],
): Promise<LinkAnswer> {
  try {
    return await submit(session, mission, submitted);
  } catch (error) {
    if (!(error instanceof Fault) || submitted.length === 0) throw error;
    const ids = submitted.map(({ mission_id }) => mission_id).join(", ");
    throw new Fault(error.code, `${error.message}; submitted before it: ${ids}`, {
      hint: error.hint ?? "aedev mission list",
    });
  }
}

function submit(session: Session, mission: PlannedMission, submitted: readonly Submitted[]): Promise<LinkAnswer> {
  const { text, repo, criteria, priority } = mission;
  const after = mission.after.map((before) =>
    "mission_id" in before ? before.mission_id : idOf(before.label, submitted),
  );
  return postToDaemon(session, "/api/missions", { text, repo, criterion: criteria, priority, after });
}

function idOf(label: string, submitted: readonly Submitted[]): string {
  const found = submitted.find((mission) => mission.label === label);
  if (found === undefined) throw new Error(`mission ${label} comes after one that was not submitted before it`);
  return found.mission_id;
}

async function takeBack(
  session: Session,
  submitted: readonly Submitted[],
  { mission, why }: { mission: PlannedMission; why: Refused },
): Promise<Refused> {
  const left: string[] = [];
  for (const { mission_id } of submitted.toReversed()) {
    const answer = await postToDaemon(session, `/api/missions/${encodeURIComponent(mission_id)}/cancel`);
    if (answer.kind === "refused") left.push(mission_id);
  }
  const rest = left.length === 0 ? "nothing is left of the file" : `these stay: ${left.join(", ")}`;
  return { ...why, reason: `${mission.label}: ${why.reason}; ${rest}` };
}

function answerOf(submitted: readonly Submitted[]): Answer {
  const document = {
    missions: submitted.map(({ label, title, mission_id, status, questions }) => ({
      key: isKey(label) ? label : null,
      mission_id,
      title,
      status,
      questions,
    })),
  };
  const text = [
    ...submitted.flatMap(linesOf),
    `${submitted.length} missions submitted; the same file again would make new ones`,
  ].join("\n");
  const asks = submitted.some(({ questions }) => questions.length > 0);
  return asks ? { ...done(document, text), exit: 4 } : done(document, text);
}

function linesOf({ mission_id, status, title, questions }: Submitted): string[] {
  const head = `${mission_id}  ${status}  ${title}`;
  if (questions.length === 0) return [head, `    next: aedev mission approve ${mission_id}`];
  const asked = questions.map(
    ({ id, text, default: usual }) =>
      `    ? ${escapeLine(id, 60)}: ${escapeLine(text, 300)}${usual === "" ? "" : ` [${escapeLine(usual, 200)}]`}`,
  );
  const flags = questions.map(({ id }) => `--answer ${escapeLine(id, 60)}=TEXT`).join(" ");
  return [head, ...asked, `    next: aedev mission answer ${mission_id} ${flags}`];
}
