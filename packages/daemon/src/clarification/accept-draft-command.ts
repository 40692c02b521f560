/** Turns a draft that a person accepts into a command, after judging each part like an answer of theirs. It submits nothing. */
import { type AcceptedPart, clarifyDraft, type PartNotTaken } from "@aedev/clarify";
import { type CommandBody, entityById, type Refusal, refuse } from "@aedev/core";
import type { Blobs, Records, Rules } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { planChange } from "./plan-submission.ts";
import { writeSpecification } from "./specification.ts";

/** An absent part is accepted as drafted, an empty one is left out. */
export interface GivenParts {
  readonly run_id: string;
  readonly title?: string | undefined;
  readonly place?: string | undefined;
  readonly criteria?: readonly string[] | undefined;
  readonly test?: string | undefined;
}

/** The command and the parts that were not accepted, or why the draft can't be accepted. */
export function acceptDraftCommand(
  control: Blobs & Records & Rules,
  missionId: string,
  given: GivenParts,
): { command: Extract<CommandBody, { kind: "AcceptDraft" }>; notTaken: PartNotTaken[] } | Refusal {
  const mission = entityById(control.log.stateWith({ missions: [missionId] }).missions, missionId);
  if (mission === undefined) return refuse("unknown-mission", `there is no mission ${missionId}`, "aedev mission list");
  const result = mission.drafts?.find(({ run_id }) => run_id === given.run_id)?.ended?.result;
  if (result?.outcome !== "drafted")
    return refuse("no-draft", `mission ${missionId} has no draft ${given.run_id}`, `aedev mission show ${missionId}`);
  const { draft } = result;
  const parts: AcceptedPart[] = [
    part("title", given.title ?? draft.title, [draft.title]),
    part("place", given.place ?? draft.place, [draft.place]),
    ...(given.criteria ?? draft.criteria).map((text) => part("criterion", text, draft.criteria)),
    part("test", given.test ?? draft.test, [draft.test]),
  ].filter(({ text }) => text !== "");
  const before = readSpecification(control, mission);
  const rules = control.policy().clarification;
  const clarified = clarifyDraft({ ...mission, text: before.text }, parts, rules);
  const { clarity, criteria, clarifications, answers, notTaken } = clarified;
  const written = writeSpecification(control.blobs, { ...before, criteria, clarifications }, clarity);
  const command: Extract<CommandBody, { kind: "AcceptDraft" }> = {
    kind: "AcceptDraft",
    mission_id: missionId,
    run_id: given.run_id,
    spec_digest: mission.specification.digest,
    answers: [...answers],
    clarity,
    criteria,
    ...written,
    ...planChange(control, mission, written),
  };
  return { command, notTaken };
}

/** One line each, like the coder's parts. */
function part(of: AcceptedPart["of"], given: string, drafted: readonly string[]): AcceptedPart {
  const text = given.toWellFormed().replace(/\s+/gu, " ").trim();
  return { of, text, drafted: drafted.includes(text) };
}
