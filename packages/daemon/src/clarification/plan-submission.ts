/** Turns a plan from a client into the command that submits the mission with its parts, and a part's new specification into the plan's. It submits nothing. */
import { clarifiedSpecification } from "@aedev/clarify";
import {
  type Blob,
  type Criterion,
  canonicalJson,
  type Specification,
  type SpecifiedPlan,
  specificationSchema,
} from "@aedev/contracts";
import type { MissionClarity, PlanSubmission } from "@aedev/contracts/api";
import { noQuestions } from "@aedev/contracts/events";
import { requestKey } from "@aedev/contracts/words";
import {
  type CommandBody,
  entityById,
  type MissionState,
  orderPlan,
  type PlanChange,
  planOf,
  type Refusal,
  refuse,
} from "@aedev/core";
import type { BlobStore } from "@aedev/host/blob-store";
import { sha256 } from "@aedev/host/sha256";
import { newId } from "../control/control.ts";
import type { Blobs, Mirrors, Records, Rules } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { type AcceptedPlan, acceptedPlan, draftedWords, refuseUnknownFiles } from "./accept-plan.ts";
import { refuseSubmission, specificationOf, submissionCommand } from "./submission.ts";

type SubmitPlan = Extract<CommandBody, { kind: "SubmitPlan" }>;
type SubmittedPart = SubmitPlan["parts"][number];
/** Criteria that were left out. */
export type NotCounted = NonNullable<MissionClarity["not_counted"]>;

/** The command, with the criteria of each part that were left out; or the first reason against it, which names its part. */
export async function submitPlanCommand(
  control: Blobs & Mirrors & Records & Rules,
  given: PlanSubmission,
): Promise<{ command: SubmitPlan; notCounted: ReadonlyMap<string, NotCounted> } | Refusal> {
  const accepted = acceptedPlan(control, given);
  if (accepted !== null && "kind" in accepted) return accepted;
  const before = accepted === null ? undefined : readSpecification(control, accepted.mission);
  const text = before?.text ?? given.text?.toWellFormed() ?? "";
  const refused = await refusePlan(control, { text, tasks: given.tasks });
  if (refused !== null) return refused;
  const plan = orderPlan(given.tasks.map(writtenPart));
  if ("kind" in plan) return plan;
  const unknown = accepted === null ? null : await refuseUnknownFiles(control, plan.parts);
  if (unknown !== null) return unknown;
  const { parts, notCounted } = await submittedParts(control, plan.parts, { accepted, given });
  const repository = accepted?.mission.repository ?? plan.parts[0]?.repository ?? "";
  const mission_id = accepted?.mission.mission_id ?? newId("m");
  const criteria = parts.map(({ name, mission }, at): Criterion => {
    const drafted = mission.proposed === true;
    const what = `${name}: ${drafted ? "drafted: " : ""}${mission.title}`;
    return { id: `c${at + 1}`, text: what, ...(drafted ? { drafted } : {}) };
  });
  const { on_failure, again } = given;
  const specification: Specification = {
    ...specificationOf({ repository, mission_id, text, criteria }),
    ...(before === undefined ? {} : { title: before.title }),
    ...(before?.clarifications === undefined ? {} : { clarifications: before.clarifications }),
    plan: { on_failure, parts: parts.map(specifiedPart) },
  };
  const { priority, labels = [], after } = accepted?.mission ?? given;
  const command: SubmitPlan = {
    kind: "SubmitPlan",
    mission: {
      kind: "SubmitMission",
      ...{ mission_id, repository, title: specification.title, criteria, again },
      ...{ priority, labels: [...labels], after: [...after] },
      text_digest: sha256(requestKey(text)),
      clarity: noQuestions,
      ...writePlan(control.blobs, specification),
    },
    on_failure,
    parts,
    ...acceptance(accepted, given),
  };
  return { command, notCounted };
}

/** `known`: files that must exist. `files`: all that it is expected to change, by which parts are ordered. */
export function writtenPart({ repo, ...task }: PlanSubmission["tasks"][number]) {
  const { text, criteria } = task;
  const written = sha256(canonicalJson({ text, criteria, repo }));
  return {
    ...task,
    written,
    repository: repo,
    known: task.files,
    files: [...new Set([...task.files, ...task.creates])],
  };
}

/** The parts in this order, each clarified as a mission of its own. */
async function submittedParts(
  control: Blobs & Mirrors & Records & Rules,
  ordered: readonly (ReturnType<typeof writtenPart> & Pick<SubmittedPart, "implied">)[],
  { accepted, given }: { readonly accepted: AcceptedPlan | null; readonly given: PlanSubmission },
): Promise<{ parts: SubmittedPart[]; notCounted: ReadonlyMap<string, NotCounted> }> {
  const { priority, after } = accepted?.mission ?? given;
  const ids = new Map(ordered.map(({ name }) => [name, newId("m")]));
  const idOf = (name: string) => ids.get(name) ?? "";
  const notCounted = new Map<string, NotCounted>();
  const parts: SubmittedPart[] = [];
  for (const { name, criteria, files, repository, text, after: named, implied, written } of ordered) {
    const submitted = await submissionCommand(control, {
      ...{ text, criteria, repository, mission_id: idOf(name), priority, again: given.again },
      ...(accepted === null ? {} : { drafted: draftedWords({ text, criteria }, accepted.proposed) }),
      after: [...after, ...[...named, ...implied].map(idOf)],
    });
    notCounted.set(name, [...submitted.notCounted]);
    parts.push({ name, after: named, implied, files, written, mission: submitted.command });
  }
  return { parts, notCounted };
}

export function specifiedPart({ name, after, implied, files, mission }: SubmittedPart): SpecifiedPlan["parts"][number] {
  const { mission_id, repository, title, proposed, specification } = mission;
  return {
    ...{ name, after: [...after], implied: [...implied], files: [...files], title },
    mission_id: mission_id as SpecifiedPlan["parts"][number]["mission_id"],
    repository: repository as SpecifiedPlan["parts"][number]["repository"],
    ...(proposed === true ? { drafted: true } : {}),
    specification: specification.digest,
  };
}

/** Against acceptance of a draft, or of a specification, that has changed meanwhile. */
function acceptance(accepted: AcceptedPlan | null, { accepts }: PlanSubmission): Pick<SubmitPlan, "accepts"> {
  if (accepted === null || accepts === undefined) return {};
  return { accepts: { run_id: accepts.draft, spec_digest: accepted.mission.specification.digest } };
}

/** Why these texts can't be parts of a plan, naming the part; null if they can. */
export async function refusePlan(
  control: Rules,
  { text, tasks }: Pick<PlanSubmission, "tasks"> & { readonly text: string },
): Promise<Refusal | null> {
  const whole = await refuseSubmission(control, { text, criteria: [] });
  if (whole !== null && whole.code !== "not-a-change") return whole;
  for (const { name, text: wanted, criteria, size } of tasks) {
    if (size === "large")
      return refuse(
        "bad-plan",
        `${name}: size: a large part can't be checked as one; cut it into smaller parts`,
        "or give it another size, if you know better (docs/PLANS.md)",
      );
    const refused = await refuseSubmission(control, { text: wanted, criteria });
    if (refused !== null) return { ...refused, reason: `${name}: ${refused.reason}` };
  }
  return null;
}

/** What a part's new specification does to its plan, as commands carry it; nothing for a mission that is no part. */
export function planChange(
  control: Blobs & Records,
  mission: MissionState,
  { specification: changed }: { readonly specification: Blob },
): { plan?: PlanChange } {
  const { missions } = control.log.stateWith({ missions: [mission.mission_id] });
  const parent = planOf({ missions }, mission);
  if (parent === undefined) return {};
  const before = readSpecification(control, parent);
  if (before.plan === undefined) throw new Error(`the specification of ${parent.mission_id} has no plan`);
  const parts = before.plan.parts.map((part) =>
    part.mission_id === mission.mission_id ? { ...part, specification: changed.digest } : part,
  );
  const written = writePlan(control.blobs, { ...before, plan: { ...before.plan, parts } });
  return { plan: { before: parent.specification.digest, ...written } };
}

/** Writes the specification of a plan and its text for people. */
export function writePlan(
  blobs: BlobStore,
  specification: Specification,
): { specification: Blob; clarified_spec: Blob } {
  const parsed = specificationSchema.parse(specification);
  return {
    specification: blobs.put(canonicalJson(parsed), "application/json"),
    clarified_spec: blobs.put(clarifiedSpecification(parsed, noQuestions), "text/markdown"),
  };
}

/** The command that approves a mission, or a plan with all its parts. `digest`: the specification that the person has read; null: the present one. */
export function approvalCommand(
  { log }: Records,
  mission_id: string,
  digest: string | null,
): Extract<CommandBody, { kind: "ApproveMission" }> {
  const { missions } = log.stateWith({ missions: [mission_id] });
  const part_tasks = entityById(missions, mission_id)
    ?.plan?.parts.filter((part) => entityById(missions, part.mission_id)?.task_ids.length === 0)
    .map((part) => ({ mission_id: part.mission_id, task_id: newId("t") }));
  const command = { kind: "ApproveMission", mission_id, spec_digest: digest, task_id: newId("t") } as const;
  return part_tasks === undefined ? command : { ...command, part_tasks };
}
