/**
 * Turns a request from a client or an issue into the command for a clarified mission. It submits nothing.
 * Folder: turning a request, answers or a draft into a command.
 */

import { clarifyMission, refuseQuestion } from "@aedev/clarify";
import { Fault, missionIdSchema, nullOn, repositoryNameSchema, type Specification } from "@aedev/contracts";
import { onOneLine, requestKey, shortenText, unitLines } from "@aedev/contracts/words";
import { type CommandBody, entityById, type Refusal, refuse } from "@aedev/core";
import { gitFaults } from "@aedev/host/git/run-git";
import { rootedMatcher } from "@aedev/host/globs";
import { sha256 } from "@aedev/host/sha256";
import type { Blobs, Mirrors, Records, Rules } from "../control/parts.ts";
import { refuseSecrets } from "../findings/secrets/person-text.ts";
import { fetchedPaths } from "../git/mirror.ts";
import { writeSpecification } from "./specification.ts";

const titleLengthMax = 120;
type SubmitMission = Extract<CommandBody, { kind: "SubmitMission" }>;

/** A request: its text, and criteria besides those in the text. */
interface Submitted {
  readonly text: string;
  readonly criteria: readonly string[];
  /** What a coder wrote and the person accepted unchanged; absent: nothing. */
  readonly drafted?: Parameters<typeof clarifyMission>[0]["drafted"];
}

/** Why the request can't become a mission: it has a secret, or asks about the code instead of for a change. Null if it can. */
export async function refuseSubmission(control: Rules, { text, criteria }: Submitted): Promise<Refusal | null> {
  const secret = await refuseSecrets([
    { name: "text", text },
    ...criteria.map((one, index) => ({ name: `criterion ${index + 1}`, text: one })),
  ]);
  if (secret !== null) return secret;
  const question = refuseQuestion(wellFormed({ text, criteria }), control.policy().clarification);
  return question === null ? null : refuse(question.code, question.reason, question.hint);
}

/** The command, with the criteria that were left out. Throws a Fault if the specification could not be parsed again. */
export async function submissionCommand(
  control: Blobs & Mirrors & Records & Rules,
  given: Submitted &
    Pick<SubmitMission, "mission_id" | "priority" | "labels" | "after" | "origin" | "again"> & {
      readonly repository: string;
    },
): Promise<{ command: SubmitMission; notCounted: ReturnType<typeof clarifyMission>["notCounted"] }> {
  const { mission_id, priority, labels, after, origin, again = false, drafted } = given;
  const submitted = { ...wellFormed(given), drafted, files: await codeFiles(control, given.repository) };
  const { clarity, criteria, notCounted } = clarifyMission(submitted, control.policy().clarification);
  const isDrafted = drafted?.text === true;
  const specification = {
    ...specificationOf({ ...given, text: submitted.text, criteria }),
    ...(isDrafted ? { drafted: true as const } : {}),
  };
  const command: SubmitMission = {
    kind: "SubmitMission",
    mission_id,
    repository: specification.repository,
    title: specification.title,
    criteria,
    priority,
    ...(labels === undefined ? {} : { labels }),
    after,
    ...(origin === undefined ? {} : { origin }),
    ...(isDrafted ? { proposed: true } : {}),
    text_digest: sha256(requestKey(submitted.text)),
    ...(again ? { again } : {}),
    clarity,
    ...writeSpecification(control.blobs, specification, clarity),
  };
  return { command, notCounted };
}

/** Paths of the registered folder's files at the last fetch, without tests; null if the repository is not registered or was never fetched. */
async function codeFiles(control: Blobs & Mirrors & Records & Rules, repository: string): Promise<string[] | null> {
  const registered = entityById(control.log.state.repositories, repository);
  if (registered === undefined) return null;
  const { folder, tests } = registered.settings;
  const paths = await fetchedPaths(control.mirror(repository)).catch(nullOn(...gitFaults));
  const isTest = rootedMatcher(tests);
  return paths?.filter((path) => (folder === undefined || path.startsWith(`${folder}/`)) && !isTest(path)) ?? null;
}

/** Replaces half characters, which can't be hashed. */
function wellFormed({ text, criteria }: Submitted): Submitted {
  return { text: text.toWellFormed(), criteria: criteria.map((one) => one.toWellFormed()) };
}

/** The title is the text's first line that is not code; a line break within a unit does not end it. */
export function specificationOf({
  repository,
  mission_id,
  text,
  criteria,
}: Pick<Specification, "text" | "criteria"> & { repository: string; mission_id: string }): Specification {
  const name = repositoryNameSchema.safeParse(repository);
  if (!name.success)
    throw new Fault("bad-name", name.error.issues[0]?.message ?? "not a repository name", { hint: "aedev repo list" });
  const lines = unitLines(text);
  const firstLine = lines.find((line) => /\S/u.test(line) && !/^\s*(?:```|~~~)/u.test(line)) ?? lines[0] ?? "";
  return {
    schema: 1,
    mission_id: missionIdSchema.parse(mission_id),
    repository: name.data,
    title: shortenText(onOneLine(firstLine), titleLengthMax),
    text,
    criteria,
  };
}
