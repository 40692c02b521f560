/** Turns a person's wish to change a specification, from any client, into a command. It submits nothing. */

import { clarifyChange } from "@aedev/clarify";
import { specificationSchema, wordsCharactersMax } from "@aedev/contracts";
import { type CommandBody, entityById, type Refusal, refuse } from "@aedev/core";
import type { Blobs, Records, Rules } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { planChange } from "./plan-submission.ts";
import { writeSpecification } from "./specification.ts";

/** `digest`: the specification that the words are about; null means the current one. */
export function sendBackCommand(
  control: Blobs & Records & Rules,
  { mission_id, digest, words }: { mission_id: string; digest: string | null; words: string },
): Extract<CommandBody, { kind: "SendBackMission" }> | Refusal {
  const mission = entityById(control.log.stateWith({ missions: [mission_id] }).missions, mission_id);
  if (mission === undefined)
    return refuse("unknown-mission", `there is no mission ${mission_id}`, "aedev mission list");
  const text = words.toWellFormed().trim();
  const hint = `aedev mission send-back ${mission_id} --reason "keep the public function as it is"`;
  if (text === "") return refuse("no-words", "describe what should change", hint);
  if (text.length > wordsCharactersMax)
    return refuse("too-long", `at most ${wordsCharactersMax} characters, not ${text.length}`, hint);
  const before = readSpecification(control, mission);
  const clarified = clarifyChange({ ...mission, text: before.text }, text, control.policy().clarification);
  const { clarity, criteria, clarifications, answers } = clarified;
  const specification = { ...before, criteria, clarifications };
  if (!specificationSchema.safeParse(specification).success)
    return refuse(
      "too-many-words",
      `mission ${mission_id} has as many answers and criteria as a specification can have; cancel it and submit it again`,
      `aedev mission cancel ${mission_id}`,
    );
  const written = writeSpecification(control.blobs, specification, clarity);
  return {
    kind: "SendBackMission",
    mission_id,
    spec_digest: digest ?? mission.specification.digest,
    answers: [...answers],
    clarity,
    criteria,
    ...written,
    ...planChange(control, mission, written),
  };
}
