/** Selects this home's past changes that can be planted in: sealed, shown to judges, with green checks. It only reads. */

import { type BundleManifest, bundleManifestSchema, nullOn } from "@aedev/contracts";
import type { TaskState } from "@aedev/core";
import { findGlob } from "@aedev/host/globs";
import { readHunks } from "@aedev/host/patch/edit-patch";
import type { Blobs, Mirrors, Records } from "../control/parts.ts";
import { readDocument } from "../control/read-blobs.ts";
import { readBlobs } from "../git/mirror.ts";
import type { MutationSource } from "./mutate/sites.ts";

/** A longer patch is not used, because each planted defect copies the whole patch. */
const patchBytesMax = 256 * 1024;
/** Most characters of its files before the change, which are kept while the daemon measures and read whole for each defect. */
const oldTextCharactersMax = 512 * 1024;
/** Only the newest changes are used. */
const changesMax = 200;

export interface PastChange {
  readonly task: TaskState;
  readonly bundleDigest: string;
  /** True if it landed: a person or the gate accepted it, so a harmless twin should pass. */
  readonly landed: boolean;
}

/** Newest first, without a change that is being judged now: a judge would recognize its twin. */
export function pastChanges(views: Pick<Records["log"]["views"], "plantableTasks">): PastChange[] {
  return views
    .plantableTasks(changesMax)
    .flatMap((task) =>
      task.evidence === null
        ? []
        : [{ task, bundleDigest: task.evidence.bundle.digest, landed: task.landed_commit !== null }],
    );
}

export type OpenedChange = PastChange & {
  readonly manifest: BundleManifest;
  readonly baseCommit: string;
  readonly source: MutationSource;
};

/** The change with its old texts; null if it can't be used: it is too long, not text, or its base is gone from the mirror. */
export async function openChange(past: PastChange, control: Blobs & Mirrors): Promise<OpenedChange | null> {
  const { task, bundleDigest } = past;
  const manifest = readDocument(control, bundleDigest, bundleManifestSchema);
  const patch = manifest.entries.patch;
  if (patch === undefined || patch.size_bytes > patchBytesMax || task.evidence === null) return null;
  const files = readHunks(Buffer.from(control.blobs.get(patch.digest)).toString("utf8"));
  if (files === null) return null;
  const { base_commit: baseCommit } = task.evidence;
  const paths = files.flatMap(({ oldPath }) => oldPath ?? []);
  const mirror = control.mirror(task.repository);
  // A recreated mirror lacks the bases of old runs.
  const bytes = await readBlobs({ ...mirror, commit: baseCommit, paths }).catch(nullOn("git-failed"));
  if (bytes === null) return null;
  const oldTexts = new Map<string, string>();
  for (const [path, content] of bytes) if (content !== null) oldTexts.set(path, Buffer.from(content).toString("utf8"));
  if ([...oldTexts.values()].reduce((sum, { length }) => sum + length, 0) > oldTextCharactersMax) return null;
  const tests = task.settings?.tests ?? [];
  const isTest = (path: string) => findGlob(path, tests) !== null;
  return { ...past, manifest, baseCommit, source: { files, isTest, oldTexts } };
}
