/** What control reads back from its own blobs: parsed again at each read, because a disk is not a promise. */
import { type Policy, policySchema, type TaskState } from "@aedev/core";
import { Fault, type Specification, specificationSchema } from "@aedev/core/wire";
import type { z } from "zod";
import type { Control } from "../loop/control.ts";

type Blobs = Pick<Control, "blobs">;

/** The document of a JSON blob. Throws a Fault where bytes or shape are wrong. */
export function readDocument<S extends z.ZodType>(control: Blobs, digest: string, schema: S): z.infer<S> {
  const text = Buffer.from(control.blobs.get(digest)).toString("utf8");
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Fault("BLOB-CORRUPT", `blob ${digest} is not of the shape it should have: ${parsed.error.message}`);
  return parsed.data;
}

export function readSpecification(control: Blobs, task: TaskState): Specification {
  return readDocument(control, task.specification.digest, specificationSchema);
}

/** The policy that holds for the task's current run: the operator's, tightened by the base's `.aedev.yaml`. */
export function readPolicy(control: Blobs, task: TaskState): Policy {
  if (task.policy === null) throw new Error(`task ${task.task_id} has no policy before its first run`);
  return readDocument(control, task.policy.digest, policySchema);
}
