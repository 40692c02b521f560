/** Replays a recorded run (`aedev task replay`): same sandbox and code, a recording instead of the model. Appends no event and cleans up. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  type ExecutionSettings,
  type HoldCode,
  progressOf,
  progressText,
  type RunCoder,
  runIdSchema,
} from "@aedev/contracts";
import { runCoderSchema } from "@aedev/contracts/work";
import { type BlobStore, createBlobStore } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { forgetRun } from "./coder/forget-run.ts";
import { performRunCoder } from "./coder/run-coder.ts";
import type { RunnerContext } from "./engine/context.ts";
import { readJournal } from "./gateway/journal.ts";
import { importJournal } from "./gateway/journal-export.ts";
import { openReplay } from "./gateway/replay.ts";
import { openContext } from "./open-context.ts";
import { deleteFolder, runFolder } from "./tree/run-folder.ts";

export interface ReplayOptions {
  home: string;
  settings: ExecutionSettings;
  /** The run's original work; ids, nonce and generation are the replay's own. */
  work: Omit<RunCoder, "kind" | "work_id" | "nonce" | "generation" | "run_id">;
  /** The journal's blob, or a folder written by `exportJournal`. */
  recording: { journalDigest: string } | { exportFolder: string };
  progress?: (text: string) => void;
}

export interface Replayed {
  /** Null if the replay ended in a hold. */
  tree: string | null;
  patch: Uint8Array | null;
  /** Digest of the replay's changes as a patch, even if it ended in a hold; null if there are none. */
  patch_digest: string | null;
  /** Number of recorded answers, and how many of them the coder asked for. */
  answers: { readonly recorded: number; readonly used: number };
  held: { code: HoldCode; detail: string | null } | null;
  /** The first request that the recording has no answer for; null if there is none. */
  divergence: string | null;
}

/** Throws, before anything runs, a Fault that names a missing or changed blob, or the Faults of a run's preflight. */
export async function replayRun(options: ReplayOptions): Promise<Replayed> {
  const { home } = options;
  const runId = runIdSchema.parse(`r-replay${randomBytes(5).toString("hex")}`);
  const stored = createBlobStore(homeLayout(home).blobs);
  const { exchanges, blobs } =
    "journalDigest" in options.recording
      ? { exchanges: readJournal(options.recording.journalDigest, stored), blobs: stored }
      : importJournal(options.recording.exportFolder);
  const replay = openReplay(exchanges, blobs);
  const own = join(homeLayout(home).run, `${runId}.blobs`);
  const noModel = {
    anthropic_base_url: "http://replay.invalid",
    allow_api_key: false,
    claude_login: null,
    secrets: {},
  };
  const context: RunnerContext = {
    ...openContext(
      { ...options.settings, ...noModel, home, generation: 1 },
      {
        progress: (_runId, step) => options.progress?.(progressText(progressOf(step))),
        refusal: (_runId, what) => options.progress?.(what),
        salvaged: () => undefined,
      },
    ),
    blobs: layered(createBlobStore(own), stored),
    credential: () => null,
    noteLimit: (_credential, resetsAt) => resetsAt,
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
    const seen = {
      divergence: replay.divergence(),
      answers: replay.answers(),
      patch_digest: result.patch?.digest ?? null,
    };
    if (result.outcome === "held")
      return { ...seen, tree: null, patch: null, held: { code: result.code, detail: result.detail } };
    return { ...seen, tree: result.tree, patch: context.blobs.get(result.patch.digest), held: null };
  } finally {
    await forgetRun(runId, context);
    await deleteFolder(runFolder(context, runId).socketFolder);
    await deleteFolder(own);
  }
}

/** A store that reads from both stores and writes only to the first. */
export function layered(own: BlobStore, stored: BlobStore): BlobStore {
  const holderOf = (digest: string) => (!own.has(digest) && stored.has(digest) ? stored : own);
  return {
    put: own.put,
    has: (digest) => own.has(digest) || stored.has(digest),
    get: (digest) => holderOf(digest).get(digest),
    pathOf: (digest) => holderOf(digest).pathOf(digest),
  };
}
