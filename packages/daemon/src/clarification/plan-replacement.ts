/** Turns a new version of a plan from a client into the command that replaces it. It submits nothing. */
import type { Criterion, Specification, SpecifiedPlan } from "@aedev/contracts";
import type { PlanSubmission } from "@aedev/contracts/api";
import {
  type CommandBody,
  entityById,
  hasStarted,
  type MissionState,
  orderPlan,
  type Refusal,
  refuse,
  refuseReplacement,
  type State,
  sortParts,
} from "@aedev/core";
import { newId } from "../control/control.ts";
import type { Blobs, Mirrors, Records, Rules } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { type NotCounted, refusePlan, specifiedPart, writePlan, writtenPart } from "./plan-submission.ts";
import { specificationOf, submissionCommand } from "./submission.ts";

type ReplacePlan = Extract<CommandBody, { kind: "ReplacePlan" }>;
type ReplacedPart = ReplacePlan["parts"][number];
type Ordered = ReturnType<typeof writtenPart> & Pick<ReplacedPart, "implied">;

/** The command, with the criteria of each new part that were left out; or the first reason against it. */
export async function replacePlanCommand(
  control: Blobs & Mirrors & Records & Rules,
  given: PlanSubmission & Required<Pick<PlanSubmission, "replaces">>,
): Promise<{ command: ReplacePlan; notCounted: ReadonlyMap<string, NotCounted> } | Refusal> {
  const { mission: id, digest } = given.replaces;
  const state = control.log.stateWith({ missions: [id] });
  const mission = entityById(state.missions, id);
  if (mission === undefined) return refuse("unknown-mission", `there is no mission ${id}`, "aedev mission list");
  const refused = refuseReplacement(mission, digest, state) ?? refuseTicket(mission, given);
  if (refused !== null || mission.plan === undefined) return refused ?? refuse("no-plan", `mission ${id} has no plan`);
  const before = readSpecification(control, mission);
  const text = given.text?.toWellFormed() ?? before.text;
  const unfit = await refusePlan(control, { text, tasks: given.tasks });
  if (unfit !== null) return unfit;
  const ordered = orderPlan(startedFirst(given.tasks.map(writtenPart), mission, state));
  if ("kind" in ordered) return ordered;
  const sorted = sortParts({ ...mission, plan: mission.plan }, ordered.parts, state);
  if ("kind" in sorted) return sorted;
  const keeps = new Map([...sorted.kept].map(([name, part]) => [name, part.mission_id as string]));
  const { parts, notCounted } = await replacedParts(control, ordered.parts, { keeps, mission });
  const specified = parts.map((part) => (part.mission === undefined ? keptPart(part, state) : specifiedPart(part)));
  const criteria = specified.map(({ name, title }, at): Criterion => ({ id: `c${at + 1}`, text: `${name}: ${title}` }));
  const { on_failure } = given;
  const title = text === before.text ? before.title : specificationOf({ ...before, text }).title;
  const specification: Specification = { ...before, text, title, criteria, plan: { on_failure, parts: specified } };
  const written = writePlan(control.blobs, specification);
  const command: ReplacePlan = {
    ...{ kind: "ReplacePlan", mission_id: id, spec_digest: digest, title, criteria, on_failure, parts },
    ...written,
  };
  return { command, notCounted };
}

/** What the plan waits for, its priority and labels are not changed in this way. */
function refuseTicket(mission: MissionState, { accepts, priority, labels, after }: PlanSubmission): Refusal | null {
  const same = (some: readonly string[], others: readonly string[]) =>
    some.length === 0 || some.join("\n") === others.join("\n");
  const isSame =
    (priority === "normal" || priority === mission.priority) &&
    same(labels, mission.labels ?? []) &&
    same(after, mission.after);
  if (accepts === undefined && isSame) return null;
  return refuse(
    "bad-plan",
    `a new version of ${mission.mission_id} may not have accepts, or another priority, labels or after`,
    `aedev mission update ${mission.mission_id} --help`,
  );
}

/** Nothing new comes before a part that has started because both may change the same files. */
function startedFirst<P extends { readonly name: string }>(
  parts: readonly P[],
  mission: MissionState,
  state: State,
): readonly P[] {
  const started = new Set(
    (mission.plan?.parts ?? []).flatMap(({ name, mission_id }) => (hasStarted(state, mission_id) ? [name] : [])),
  );
  return [...parts.filter(({ name }) => started.has(name)), ...parts.filter(({ name }) => !started.has(name))];
}

async function replacedParts(
  control: Blobs & Mirrors & Records & Rules,
  ordered: readonly Ordered[],
  { keeps, mission }: { readonly keeps: ReadonlyMap<string, string>; readonly mission: MissionState },
): Promise<{ parts: ReplacedPart[]; notCounted: ReadonlyMap<string, NotCounted> }> {
  const ids = new Map(ordered.map(({ name }) => [name, keeps.get(name) ?? newId("m")]));
  const notCounted = new Map<string, NotCounted>();
  const parts: ReplacedPart[] = [];
  for (const { name, text, criteria, repository, after: named, implied, files, written } of ordered) {
    const after = [...mission.after, ...[...named, ...implied].map((other) => ids.get(other) ?? "")];
    const place = { name, after: named, implied, files, written };
    const kept = keeps.get(name);
    if (kept !== undefined) {
      parts.push({ ...place, keeps: kept, waits_for: after });
      continue;
    }
    const { priority } = mission;
    const mission_id = ids.get(name) ?? "";
    const submitted = await submissionCommand(control, { text, criteria, repository, mission_id, priority, after });
    notCounted.set(name, [...submitted.notCounted]);
    parts.push({ ...place, mission: submitted.command });
  }
  return { parts, notCounted };
}

function keptPart({ name, after, implied, files, keeps }: ReplacedPart, state: State): SpecifiedPlan["parts"][number] {
  const part = entityById(state.missions, keeps ?? "");
  if (part === undefined) throw new Error(`the part ${name} has no mission`);
  const { mission_id, repository, title, proposed, specification } = part;
  return {
    ...{ name, after: [...after], implied: [...implied], files: [...files], title, mission_id, repository },
    ...(proposed === true ? { drafted: true } : {}),
    specification: specification.digest,
  };
}
