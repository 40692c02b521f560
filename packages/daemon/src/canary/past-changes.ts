/** The past changes of this home that something can be planted in: sealed, shown to judges, with green checks. Reads; makes nothing. */
import type { State, TaskState } from "@aedev/core";
import { type BundleManifest, bundleManifestSchema, Fault } from "@aedev/core/wire";
import { findGlob } from "../findings/glob.ts";
import { readBlobs } from "../git/mirror.ts";
import type { Control } from "../loop/control.ts";
import { readDocument } from "../work/read-blobs.ts";
import type { Soil } from "./mutate/sites.ts";
import { readHunks } from "./patch-hunks.ts";

/** A longer patch is left alone: each planting is the whole of it again. */
const patchBytesMax = 256 * 1024;
/** Characters of its files before it, all together: they are kept while the daemon measures, and each planting reads its file whole. */
const oldTextCharactersMax = 512 * 1024;
/** The newest are planted in. */
const changesMax = 200;

export interface PastChange {
  readonly task: TaskState;
  readonly bundleDigest: string;
  /** It landed: a person or the gate let it in, so that a harmless twin of it is one. */
  readonly landed: boolean;
}

/** Newest first. What is judged this moment is left out: its twin beside it would be seen as one. */
export function pastChanges(state: State): PastChange[] {
  return Object.values(state.tasks)
    .filter(
      ({ status, evidence }) =>
        evidence?.judgeable === true && evidence.checks_status === "green" && status !== "judging",
    )
    .toSorted((left, right) => (left.changed_at > right.changed_at ? -1 : 1))
    .slice(0, changesMax)
    .flatMap((task) =>
      task.evidence === null
        ? []
        : [{ task, bundleDigest: task.evidence.bundle.digest, landed: task.landed_commit !== null }],
    );
}

export type OpenedChange = PastChange & {
  readonly manifest: BundleManifest;
  readonly baseCommit: string;
  readonly soil: Soil;
};

/** The change with its old texts; null where nothing can be planted in it: too long, in files that are, no text, or its base is gone from the mirror. */
export async function openChange(past: PastChange, control: Control): Promise<OpenedChange | null> {
  const { task, bundleDigest } = past;
  const manifest = readDocument(control, bundleDigest, bundleManifestSchema);
  const patch = manifest.entries.patch;
  if (patch === undefined || patch.size_bytes > patchBytesMax || task.evidence === null) return null;
  const files = readHunks(Buffer.from(control.blobs.get(patch.digest)).toString("utf8"));
  if (files === null) return null;
  const { base_commit: baseCommit } = task.evidence;
  const paths = files.flatMap(({ oldPath }) => oldPath ?? []);
  const timeoutMs = control.configuration.landing.git_timeout_ms;
  const place = { home: control.home, repository: task.repository, timeoutMs };
  const bytes = await basesOrNull(() => readBlobs({ ...place, commit: baseCommit, paths }));
  if (bytes === null) return null;
  const oldTexts = new Map<string, string>();
  for (const [path, content] of bytes) if (content !== null) oldTexts.set(path, Buffer.from(content).toString("utf8"));
  if ([...oldTexts.values()].reduce((sum, { length }) => sum + length, 0) > oldTextCharactersMax) return null;
  const tests = task.settings?.tests ?? [];
  const isTest = (path: string) => findGlob(path, tests) !== null;
  return { ...past, manifest, baseCommit, soil: { files, isTest, oldTexts } };
}

/** A mirror that was made anew does not have the bases of old runs. */
async function basesOrNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Fault && error.code === "GIT-FAILED") return null;
    throw error;
  }
}
