/** Turns what somebody wants, from any client, into a clarified mission's command. It submits nothing. */
import { Fault, missionIdSchema, repositoryNameSchema, type Specification } from "@aedev/contracts";
import { type CommandBody, clarifyMission, type Refusal, refuseQuestion } from "@aedev/core";
import type { Control } from "../control/control.ts";
import { refuseSecrets } from "../findings/secrets/person-text.ts";
import { writeSpecification } from "./specification.ts";

const titleLengthMax = 120;
type SubmitMission = Extract<CommandBody, { kind: "SubmitMission" }>;

/** The request: its text, and criteria besides those in the text. */
interface Submitted {
  readonly text: string;
  readonly criteria: readonly string[];
}

/** Why this can't become a mission: it has a secret, or asks about the code instead of for a change. Null if it can. */
export async function refuseSubmission(
  control: Pick<Control, "policy">,
  { text, criteria }: Submitted,
): Promise<Refusal | null> {
  const secret = await refuseSecrets([
    { name: "text", text },
    ...criteria.map((one, index) => ({ name: `criterion ${index + 1}`, text: one })),
  ]);
  return secret ?? refuseQuestion(wellFormed({ text, criteria }), control.policy().clarification);
}

/** The command, with the criteria that don't count. Throws a Fault if the specification would not parse again. */
export function submissionCommand(
  control: Pick<Control, "blobs" | "policy">,
  given: Submitted & Pick<SubmitMission, "mission_id" | "priority" | "after"> & { readonly repository: string },
): { readonly command: SubmitMission; readonly notCounted: ReturnType<typeof clarifyMission>["notCounted"] } {
  const { mission_id, priority, after } = given;
  const submitted = wellFormed(given);
  const { clarity, criteria, notCounted } = clarifyMission(submitted, control.policy().clarification);
  const specification = specificationOf({ ...given, text: submitted.text, criteria });
  const command: SubmitMission = {
    kind: "SubmitMission",
    mission_id,
    repository: specification.repository,
    title: specification.title,
    criteria,
    priority,
    after,
    clarity,
    ...writeSpecification(control.blobs, specification, clarity),
  };
  return { command, notCounted };
}

/** Half a character can't be hashed. */
function wellFormed({ text, criteria }: Submitted): Submitted {
  return { text: text.toWellFormed(), criteria: criteria.map((one) => one.toWellFormed()) };
}

/** The title is the text's first line. */
function specificationOf({
  repository,
  mission_id,
  text,
  criteria,
}: Pick<Specification, "text" | "criteria"> & { repository: string; mission_id: string }): Specification {
  const name = repositoryNameSchema.safeParse(repository);
  if (!name.success)
    throw new Fault("bad-name", name.error.issues[0]?.message ?? "not a repository name", { hint: "aedev repo list" });
  const firstLine = [...(text.split("\n")[0] ?? "")];
  return {
    schema: 1,
    mission_id: missionIdSchema.parse(mission_id),
    repository: name.data,
    title:
      firstLine.length <= titleLengthMax ? firstLine.join("") : `${firstLine.slice(0, titleLengthMax - 1).join("")}…`,
    text,
    criteria,
  };
}
