/** Reads control's own blobs; each read parses and validates them again, because a disk can be corrupted. */

import { Fault, type Specification, specificationSchema } from "@aedev/contracts";
import { type Policy, storedPolicySchema, type TaskState } from "@aedev/core";
import type { z } from "zod";
import type { Control } from "./control.ts";

type Blobs = { readonly blobs: Pick<Control["blobs"], "get"> };

/** The document of a JSON blob. Throws a Fault if bytes or shape are wrong. */
export function readDocument<S extends z.ZodType>(control: Blobs, digest: string, schema: S): z.infer<S> {
  const text = Buffer.from(control.blobs.get(digest)).toString("utf8");
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Fault("blob-corrupt", `blob ${digest} does not match its schema: ${parsed.error.message}`);
  return parsed.data;
}

/** The specification that a task or a mission has now. */
export function readSpecification(control: Blobs, { specification }: Pick<TaskState, "specification">): Specification {
  return readDocument(control, specification.digest, specificationSchema);
}

/** The policy of the task's current run: the operator's, tightened by the base's `.aedev.yaml`. */
export function readPolicy(control: Blobs, task: TaskState): Policy {
  if (task.policy === null) throw new Error(`task ${task.task_id} has no policy before its first run`);
  return readDocument(control, task.policy.digest, storedPolicySchema);
}
