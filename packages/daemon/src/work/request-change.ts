/** Adds a person's instructions to the task's specification and makes the command that sends the change back. Core decides whether that is allowed. */

import { canonicalJson, specificationSchema, wordsCharactersMax } from "@aedev/contracts";
import { type CommandBody, entityById, type Refusal, refuse } from "@aedev/core";
import type { Blobs, Records } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";

/** `digest`: the change that the instructions are about; null means the current one. */
export function requestChangeCommand(
  control: Blobs & { readonly log: Pick<Records["log"], "stateWith"> },
  { task_id, digest, words }: { task_id: string; digest: string | null; words: string },
): CommandBody | Refusal {
  const task = entityById(control.log.stateWith({ tasks: [task_id] }).tasks, task_id);
  if (task === undefined) return refuse("unknown-task", `there is no task ${task_id}`, "aedev task list");
  // A lone surrogate can't be hashed.
  const text = words.toWellFormed().trim();
  if (text === "") return refuse("no-words", "describe what should change", sendBackHint(task_id));
  if (text.length > wordsCharactersMax)
    return refuse("too-long", `at most ${wordsCharactersMax} characters, not ${text.length}`, sendBackHint(task_id));
  if (task.status !== "asked" && task.status !== "held")
    return refuse(
      "not-asked",
      `task ${task_id} is ${task.status}; there is no change to send back`,
      `aedev task show ${task_id}`,
    );
  const specification = readSpecification(control, task);
  const amended = specificationSchema.safeParse({
    ...specification,
    instructions: [...(specification.instructions ?? []), text],
  });
  if (!amended.success)
    return refuse(
      "too-many-words",
      `task ${task_id} was sent back ${specification.instructions?.length} times, which is the limit; cancel it and submit the mission again`,
      `aedev mission cancel ${task.mission_id}`,
    );
  const blob = control.blobs.put(canonicalJson(amended.data), "application/json");
  return { kind: "RequestChange", task_id, digest, words: text, specification: blob };
}

function sendBackHint(taskId: string): string {
  return `aedev task send-back ${taskId} --reason "use the existing helper"`;
}
