/**
 * A person's words on a change become part of the task's specification: a new blob, a new hash, and the command that sends the change back.
 * It decides nothing itself; the log does, and refuses what came too late.
 */
import { type CommandBody, entityById, type Refusal } from "@aedev/core";
import { canonicalJson, specificationSchema } from "@aedev/core/wire";
import type { Control } from "../loop/control.ts";
import { readSpecification } from "./read-blobs.ts";

/** Characters of one instruction. */
export const wordsCharactersMax = 2000;

/** `digest`: of the change that the words are about; null takes the one that stands there now. */
export function requestChangeCommand(
  control: Pick<Control, "blobs"> & { readonly log: Pick<Control["log"], "state"> },
  { task_id, digest, words }: { task_id: string; digest: string | null; words: string },
): CommandBody | Refusal {
  const task = entityById(control.log.state.tasks, task_id);
  if (task === undefined) return refused("unknown-task", `there is no task ${task_id}`, "aedev task list");
  // Half a character can't be hashed.
  const text = words.toWellFormed().trim();
  if (text === "") return refused("no-words", "say in words what is to be done another way", rejectHint(task_id));
  if (text.length > wordsCharactersMax)
    return refused("too-long", `at most ${wordsCharactersMax} characters, not ${text.length}`, rejectHint(task_id));
  if (task.status !== "asked" && task.status !== "held")
    return refused(
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
    return refused(
      "too-many-words",
      `task ${task_id} was sent back ${specification.instructions?.length} times; say the mission anew`,
      `aedev mission cancel ${task.mission_id}`,
    );
  const blob = control.blobs.put(canonicalJson(amended.data), "application/json");
  return { kind: "RequestChange", task_id, digest, words: text, specification: blob };
}

function refused(code: string, reason: string, hint: string): Refusal {
  return { kind: "refused", code, reason, hint };
}

function rejectHint(taskId: string): string {
  return `aedev task reject ${taskId} --reason "use the existing helper"`;
}
