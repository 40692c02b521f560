/** Reads control's own blobs; each read parses and validates them, because a disk can corrupt them. */

import {
  type BundleManifest,
  bundleManifestSchema,
  type EvidenceName,
  Fault,
  type Specification,
  specificationSchema,
} from "@aedev/contracts";
import { type Policy, storedPolicySchema, type TaskState } from "@aedev/core";
import type { BlobStore } from "@aedev/host/blob-store";
import type { z } from "zod";

/** The part of control that has these blobs. */
type Stored = { readonly blobs: Pick<BlobStore, "get"> };

/** The document of a JSON blob. Throws a Fault if bytes or shape are wrong. */
export function readDocument<S extends z.ZodType>(control: Stored, digest: string, schema: S): z.infer<S> {
  const text = Buffer.from(control.blobs.get(digest)).toString("utf8");
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const [{ path, message } = { path: [], message: "unknown" }] = parsed.error.issues;
    throw new Fault("blob-corrupt", `blob ${digest} is not what it should be: ${path.join(".")}: ${message}`);
  }
  return parsed.data;
}

/** A bundle's manifest, with a reader of its entries; null for an entry that the bundle lacks. */
export interface OpenBundle {
  readonly manifest: BundleManifest;
  readonly entry: <S extends z.ZodType>(name: EvidenceName, schema: S) => z.infer<S> | null;
}

export function openBundle(control: Stored, digest: string): OpenBundle {
  return bundleOf(control, readDocument(control, digest, bundleManifestSchema));
}

export function bundleOf(control: Stored, manifest: BundleManifest): OpenBundle {
  return {
    manifest,
    entry(name, schema) {
      const blob = manifest.entries[name];
      return blob === undefined ? null : readDocument(control, blob.digest, schema);
    },
  };
}

/** The specifications of a plan's parts, by the digests that the plan's own specification names: what is approved with it. Empty without a plan. */
export function readPartSpecifications(control: Stored, { plan }: Specification): Specification[] {
  return (plan?.parts ?? []).map((part) => readDocument(control, part.specification, specificationSchema));
}

/** The current specification of a task or mission. */
export function readSpecification(control: Stored, { specification }: Pick<TaskState, "specification">): Specification {
  return readDocument(control, specification.digest, specificationSchema);
}

/** The policy of the task's current run: the operator's, tightened by the base's `.aedev.yaml`. */
export function readPolicy(control: Stored, task: TaskState): Policy {
  if (task.policy === null) throw new Error(`task ${task.task_id} has no policy before its first run`);
  return readDocument(control, task.policy.digest, storedPolicySchema);
}
