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
type NotCounted = NonNullable<MissionClarity["not_counted"]>;

/** The command, with the criteria of each part that were left out; or the first reason against it, which names its part. */
export async function submitPlanCommand(
  control: Blobs & Mirrors & Records & Rules,
  given: PlanSubmission,
): Promise<{ command: SubmitPlan; notCounted: ReadonlyMap<string, NotCounted> } | Refusal> {
  const { tasks, again, on_failure } = given;
  const accepted = acceptedPlan(control, given);
  if (accepted !== null && "kind" in accepted) return accepted;
  const before = accepted === null ? undefined : readSpecification(control, accepted.mission);
  const text = before?.text ?? given.text?.toWellFormed() ?? "";
  const refused = await refusePlan(control, { text, tasks });
  if (refused !== null) return refused;
  const plan = orderPlan(
    tasks.map(({ repo, ...task }) => ({
      ...task,
      repository: repo,
      named: task.files,
      files: [...new Set([...task.files, ...task.creates])],
    })),
  );
  if ("kind" in plan) return plan;
  if (accepted !== null) {
    const named = plan.parts.map((part) => ({ ...part, files: part.named }));
    const unknown = await refuseUnknownFiles(control, named);
    if (unknown !== null) return unknown;
  }
  const { priority, labels = [], after } = accepted?.mission ?? given;
  const ids = new Map(plan.parts.map(({ name }) => [name, newId("m")]));
  const idOf = (name: string) => ids.get(name) ?? "";
  const notCounted = new Map<string, NotCounted>();
  const parts: SubmitPlan["parts"][number][] = [];
  for (const { name, criteria, files, repository, text: wanted, after: named, implied } of plan.parts) {
    const submitted = await submissionCommand(control, {
      ...{ text: wanted, criteria, repository, mission_id: idOf(name), priority, again },
      ...(accepted === null ? {} : { drafted: draftedWords({ text: wanted, criteria }, accepted.proposed) }),
      after: [...after, ...[...named, ...implied].map(idOf)],
    });
    notCounted.set(name, [...submitted.notCounted]);
    parts.push({ name, after: named, implied, files, mission: submitted.command });
  }
  const repository = accepted?.mission.repository ?? plan.parts[0]?.repository ?? "";
  const mission_id = accepted?.mission.mission_id ?? newId("m");
  const criteria = parts.map(({ name, mission }, at): Criterion => {
    const text = `${name}: ${mission.proposed === true ? "drafted: " : ""}${mission.title}`;
    return { id: `c${at + 1}`, text, ...(mission.proposed === true ? { drafted: true } : {}) };
  });
  const specification: Specification = {
    ...specificationOf({ repository, mission_id, text, criteria }),
    ...(before === undefined ? {} : { title: before.title }),
    ...(before?.clarifications === undefined ? {} : { clarifications: before.clarifications }),
    plan: {
      on_failure,
      parts: parts.map(({ name, after: named, implied, files, mission }) => ({
        ...{ name, after: [...named], implied: [...implied], files: [...files] },
        mission_id: mission.mission_id as SpecifiedPlan["parts"][number]["mission_id"],
        repository: mission.repository as SpecifiedPlan["parts"][number]["repository"],
        title: mission.title,
        ...(mission.proposed === true ? { drafted: true as const } : {}),
        specification: mission.specification.digest,
      })),
    },
  };
  const command: SubmitPlan = {
    kind: "SubmitPlan",
    mission: {
      kind: "SubmitMission",
      ...{
        mission_id,
        repository,
        title: specification.title,
        criteria,
        priority,
        labels: [...labels],
        after: [...after],
        again,
      },
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

/** Against acceptance of a draft, or of a specification, that has changed meanwhile. */
function acceptance(accepted: AcceptedPlan | null, { accepts }: PlanSubmission): Pick<SubmitPlan, "accepts"> {
  if (accepted === null || accepts === undefined) return {};
  return { accepts: { run_id: accepts.draft, spec_digest: accepted.mission.specification.digest } };
}

async function refusePlan(
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

function writePlan(blobs: BlobStore, specification: Specification): { specification: Blob; clarified_spec: Blob } {
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
  const plan = entityById(log.stateWith({ missions: [mission_id] }).missions, mission_id)?.plan;
  const part_tasks = plan?.parts.map((part) => ({ mission_id: part.mission_id, task_id: newId("t") }));
  const command = { kind: "ApproveMission", mission_id, spec_digest: digest, task_id: newId("t") } as const;
  return part_tasks === undefined ? command : { ...command, part_tasks };
}
