/**
 * Runs a recorded run again (`aedev task replay`): the same sandbox and the same code, with the recording in place of the model. It appends no event,
 * keeps no blob, and removes what it made, whatever happens.
 */
import { randomBytes } from "node:crypto";
import * as files from "node:fs";
import { join } from "node:path";
import {
  type BlobStore,
  createBlobStore,
  type HoldCode,
  type Registry,
  type RunCoder,
  runCoderSchema,
  runIdSchema,
  type SandboxLinkChoice,
} from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import { openDocker } from "../docker.ts";
import { readJournal } from "../gateway/journal.ts";
import { importJournal } from "../gateway/journal-export.ts";
import { openReplay } from "../gateway/replay.ts";
import { openGit } from "../git.ts";
import { containerUser, sha256 } from "../open-context.ts";
import { deleteFolder, runFolder } from "../worktree/run-folder.ts";
import { forgetRun } from "./forget-run.ts";
import { performRunCoder } from "./run-coder.ts";

export interface ReplayOptions {
  home: string;
  homeId: string;
  /** What the run was given; ids, nonce and generation are the replay's own. */
  work: Omit<RunCoder, "kind" | "work_id" | "nonce" | "generation" | "run_id">;
  /** Reference of the runner image. */
  image: string;
  promptsDir: string;
  dockerHost: string | null;
  dockerDeadlineMs: number;
  registries: readonly Registry[];
  sandboxLink: SandboxLinkChoice;
  /** The journal's blob, or a folder that `exportJournal` wrote. */
  recording: { journalDigest: string } | { exportFolder: string };
  progress?: (text: string) => void;
}

export interface Replayed {
  /** Null where the replay ended in a hold. */
  tree: string | null;
  patch: Uint8Array | null;
  held: { code: HoldCode; detail: string | null } | null;
  /** What the replay asked for beyond the recording; null where it stayed within. */
  divergence: string | null;
}

/** Throws a Fault naming the blob that is missing or changed before anything runs, and the Faults of a run's preflight. */
export async function replayRun(options: ReplayOptions): Promise<Replayed> {
  const { home } = options;
  const runId = runIdSchema.parse(`r-replay${randomBytes(5).toString("hex")}`);
  const stored = storeAt(join(home, "blobs"));
  const { exchanges, blobs } =
    "journalDigest" in options.recording
      ? { exchanges: readJournal(options.recording.journalDigest, stored), blobs: stored }
      : importJournal(options.recording.exportFolder);
  const replay = openReplay(exchanges, blobs);
  const own = join(home, "run", `${runId}.blobs`);
  const context: RunnerContext = {
    home,
    homeId: options.homeId,
    generation: 1,
    blobs: layered(storeAt(own), stored),
    docker: openDocker({ dockerHost: options.dockerHost, deadlineMs: options.dockerDeadlineMs }),
    git: openGit(join(home, "run", "empty")),
    sha256,
    imageReference: options.image,
    promptsDir: options.promptsDir,
    upstreamOrigin: "http://replay.invalid",
    credential: () => null,
    registries: options.registries,
    sandboxLink: options.sandboxLink,
    engineAddress: options.dockerHost ?? "default",
    user: containerUser(),
    progress: (_runId, text) => options.progress?.(text),
    refusal: (_runId, what) => options.progress?.(what),
  };
  const work = runCoderSchema.parse({
    ...options.work,
    kind: "RunCoder",
    work_id: "replay",
    nonce: randomBytes(16).toString("hex"),
    generation: 1,
    run_id: runId,
  });
  try {
    const handle = { stopped: false, stop: () => undefined, source: replay };
    const result = await performRunCoder(work, context, handle);
    const divergence = replay.divergence();
    if (result.outcome === "held")
      return { tree: null, patch: null, held: { code: result.code, detail: result.detail }, divergence };
    return { tree: result.tree, patch: context.blobs.get(result.patch.digest), held: null, divergence };
  } finally {
    await forgetRun(runId, context);
    await deleteFolder(runFolder(context, runId).socketFolder);
    await deleteFolder(own);
  }
}

function storeAt(dir: string): BlobStore {
  const encode = (text: string) => new TextEncoder().encode(text);
  return createBlobStore({ files, dir, sha256, encode, uniqueName: `replay-${process.pid}` });
}

/** Reads both, writes the first only: what neither has yet has its place there. */
export function layered(own: BlobStore, stored: BlobStore): BlobStore {
  const holderOf = (digest: string) => (!own.has(digest) && stored.has(digest) ? stored : own);
  return {
    put: own.put,
    has: (digest) => own.has(digest) || stored.has(digest),
    get: (digest) => holderOf(digest).get(digest),
    pathOf: (digest) => holderOf(digest).pathOf(digest),
  };
}
