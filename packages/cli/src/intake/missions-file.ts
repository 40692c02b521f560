/** Submits a file of missions, or a plan: all missions are checked before the first is submitted, and if one is refused, those already submitted are cancelled. */
import { readFileSync, statSync } from "node:fs";
import { counted, escapeLine, Fault, shellWord, statusText } from "@aedev/contracts";
import type { MissionClarity } from "@aedev/contracts/api";
import { type Answer, done, type Refused, refused } from "../command-line/answer.ts";
import { call, type LinkAnswer } from "../daemon-client/daemon-link.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";
import { isKey, type PlannedMission, parseFile, planMissions, wrongFile } from "./missions-document.ts";
import { isPlan, submitPlan } from "./plan-file.ts";
import { withCommand } from "./same-request.ts";

const fileBytesMax = 4 * 1024 * 1024;

type Wanted = PlannedMission & { readonly again: boolean };
type Submitted = MissionClarity & { readonly label: string; readonly title: string };

/** Exits 4 if a mission has open questions. The same file submitted again is refused without `again`. */
export async function submitMissionsFile(
  session: Session,
  path: string,
  { again, replaces }: { again: boolean; replaces?: string | undefined },
): Promise<Answer> {
  const text = readIntakeFile(path);
  const value = parseFile(text, path);
  if (isPlan(value))
    return submitPlan(session, value, { path, again, ...(replaces === undefined ? {} : { replaces }) });
  if (replaces !== undefined) throw wrongFile(path, "--replaces needs a plan, but it has a list of missions");
  const missions = planMissions(text, path);
  const unusable = await checkReferences(session, missions, path);
  if (unusable !== null) return unusable;
  return withProgress(session, "submitting", async (say) => {
    const submitted: Submitted[] = [];
    for (const mission of missions) {
      say(`${submitted.length + 1} of ${missions.length}`);
      const answer = await submitNext(session, { ...mission, again }, submitted);
      if (answer.kind === "refused") {
        const why = withCommand(answer, `aedev intake --file ${shellWord(path)} --again`);
        return cancelSubmitted(session, submitted, { mission, why });
      }
      const title = escapeLine(mission.text.split("\n")[0] ?? "", 80);
      submitted.push({ ...answer.document, label: mission.label, title });
    }
    return answerOf(submitted);
  });
}

/** The text of a file that a person names. Throws a fault if it is too large or can't be read. */
export function readIntakeFile(path: string): string {
  try {
    if (statSync(path).size > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`);
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw wrongFile(path, `it can't be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Checks what the daemon would refuse later: unknown repositories, and predecessors that do not exist or will never land. */
async function checkReferences(
  session: Session,
  missions: readonly PlannedMission[],
  path: string,
): Promise<Refused | null> {
  const repositories = await call(session, "listRepositories", {});
  if (repositories.kind === "refused") return repositories;
  const known = repositories.document.repositories.map(({ name }) => name);
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
  for (const { label, id } of outside) {
    const answer = await call(session, "showMission", { params: { id } });
    if (answer.kind === "refused" && answer.code !== "unknown-mission") return answer;
    const status = answer.kind === "refused" ? undefined : answer.document.status;
    if (status === undefined || status === "cancelled" || status === "rejected")
      return refused(
        status === undefined ? "unknown-mission" : "never-lands",
        `${path}: ${label}: after: ${status === undefined ? `there is no mission ${id}` : `mission ${id} is ${status} and never lands`}; nothing was submitted`,
        "aedev mission list",
      );
  }
  return null;
}

/** If the daemon stops in between, the fault names the missions that were already submitted. */
async function submitNext(
  session: Session,
  mission: Wanted,
  submitted: readonly Submitted[],
): Promise<LinkAnswer<"submitMission">> {
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

function submit(
  session: Session,
  mission: Wanted,
  submitted: readonly Submitted[],
): Promise<LinkAnswer<"submitMission">> {
  const { text, repo, criteria, priority, labels, again } = mission;
  const after = mission.after.map((before) =>
    "mission_id" in before ? before.mission_id : idOf(before.label, submitted),
  );
  return call(session, "submitMission", {
    body: {
      text,
      repo,
      criterion: [...criteria],
      priority,
      ...(labels.length === 0 ? {} : { labels: [...labels] }),
      after,
      ...(again ? { again } : {}),
    },
  });
}

function idOf(label: string, submitted: readonly Submitted[]): string {
  const found = submitted.find((mission) => mission.label === label);
  if (found === undefined) throw new Error(`mission ${label} comes after one that was not submitted before it`);
  return found.mission_id;
}

async function cancelSubmitted(
  session: Session,
  submitted: readonly Submitted[],
  { mission, why }: { mission: PlannedMission; why: Refused },
): Promise<Refused> {
  const left: string[] = [];
  for (const { mission_id } of submitted.toReversed()) {
    const answer = await call(session, "cancelMission", { params: { id: mission_id }, body: {} });
    if (answer.kind === "refused") left.push(mission_id);
  }
  const rest = left.length === 0 ? "no mission of the file was kept" : `these stay: ${left.join(", ")}`;
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
  const text = [...submitted.flatMap(linesOf), `${counted(submitted.length, "mission")} submitted`].join("\n");
  const asks = submitted.some(({ questions }) => questions.length > 0);
  return asks ? { ...done(document, text), exit: 4 } : done(document, text);
}

function linesOf({ mission_id, status, title, questions }: Submitted): string[] {
  const head = `${mission_id}  ${statusText(status)}  ${title}`;
  if (questions.length === 0) return [head, `    next: aedev mission approve ${mission_id}`];
  const asked = questions.map(
    ({ id, text, default: usual }) =>
      `    ? ${escapeLine(id, 60)}: ${escapeLine(text, 300)}${usual === "" ? "" : ` [${escapeLine(usual, 200)}]`}`,
  );
  const flags = questions.map(({ id }) => `--answer ${escapeLine(id, 60)}=TEXT`).join(" ");
  return [head, ...asked, `    next: aedev mission answer ${mission_id} ${flags}`];
}
