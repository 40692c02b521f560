/**
 * Complete missions with real evidence in a real home, thousands of them in little time: blobs, manifests, signatures and events are as control makes them, but
 * findings and commits are given. The caller sets the size of a run's files, so that sizes mean something.
 */
import { randomBytes } from "node:crypto";
import { type Blob, type BundleManifest, canonicalJson, changeDigest, requiredEvidenceNames } from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import {
  captured,
  checked,
  clear,
  environment,
  gated,
  life,
  sealed,
  startLanding,
  startRun,
  tree,
  verdictOf,
} from "@aedev/core/testing";
import type { BlobStore } from "@aedev/host/blob-store";
import { blobId } from "@aedev/host/git/blob-id";
import { sha256 } from "@aedev/host/sha256";
import { showToJudges } from "../../packages/daemon/src/control/show-to-judges.ts";
import { signDecision, signEvidence } from "../../packages/daemon/src/evidence/sign-statement.ts";
import type { EventLog } from "../../packages/daemon/src/log/event-log.ts";
import { happenings, idOf, ofMission } from "../../packages/daemon/test/log/lives.ts";

/** `held`: the gate holds it; `cancelled`: it is held first. */
export type MissionEnd = "landed" | "held" | "cancelled";

export interface SealedMission {
  readonly taskId: string;
  readonly runId: string;
  readonly end: MissionEnd;
  /** Digest of its sealed manifest; the entries' digests follow. */
  readonly bundle: string;
  readonly entries: readonly string[];
  /** Digests of everything that its run, its judges and control stored about it. */
  readonly stored: readonly string[];
  /** The digests among them that stay for ever: its texts, the manifest and the signed statements. */
  readonly kept: readonly string[];
}

interface SealedHome {
  readonly home: string;
  readonly log: EventLog;
  readonly blobs: BlobStore;
  /** Throws if the command is refused. */
  readonly submit: (body: CommandBody) => Promise<unknown>;
}

interface MissionPlan {
  /** Makes unique ids for each mission. */
  readonly number: number;
  readonly end: MissionEnd;
  /** Bytes that its run recorded. */
  readonly recordingBytes: number;
  /** Until when a landed change's outcome is watched (ISO 8601 UTC); absent if it is not. */
  readonly watchUntil?: string;
  /** True if a draft was made before approval, with a recording of the same size. */
  readonly hasDraft?: boolean;
  /** What it is about, and the commit that landed on main; default: those of the story. */
  readonly about?: { readonly repository: string; readonly title: string; readonly commit: string };
}

/** The repository that a home has before its first mission. */
export const registration = life["registered"] as CommandBody;

export async function addSealedMission(home: SealedHome, plan: MissionPlan): Promise<SealedMission> {
  const { number, end } = plan;
  const made = createMission(home, number);
  const specified = await specify(made, plan);
  const sealedNow = await runAndSeal(made, plan, specified);
  await decideOn(made, plan, sealedNow);
  if (end === "cancelled") await home.submit({ kind: "CancelTask", task_id: made.taskId });
  if (end === "landed") await land(made, plan);
  const { bundle, entries } = sealedNow;
  return {
    taskId: made.taskId,
    runId: idOf("r", number),
    end,
    bundle: bundle.digest,
    entries,
    stored: [...made.stored],
    kept: [...made.kept],
  };
}

type Mission = ReturnType<typeof createMission>;
const draftsFrom = 5_000_000;
const baseCommit = "b".repeat(40);

/** The helpers for each step of a mission: its blobs are noted, and its commands get its ids. */
function createMission({ home, log, blobs: store, submit }: SealedHome, number: number) {
  const stored = new Set<string>();
  const kept = new Set<string>();
  const blobs: BlobStore = {
    ...store,
    put(bytes, mediaType) {
      const blob = store.put(bytes, mediaType);
      stored.add(blob.digest);
      return blob;
    },
  };
  const taskId = idOf("t", number);
  return {
    ...{ number, taskId, stored, kept, submit },
    control: { home, log, blobs },
    task: () => log.state.tasks[taskId] as TaskState,
    json: (value: unknown) => blobs.put(canonicalJson(value), "application/json"),
    text: (value: string) => blobs.put(value, "text/plain"),
    recording: (bytes: number) => blobs.put(randomBytes(bytes), "application/octet-stream"),
    keep(blob: Blob) {
      kept.add(blob.digest);
      return blob;
    },
    /** A command of the story with other fields. */
    step: (body: CommandBody | undefined, more: object = {}) =>
      submit({ ...ofMission(number, body as CommandBody), ...more } as CommandBody),
  };
}

async function specify(
  mission: Mission,
  { number, about, hasDraft = false, recordingBytes }: MissionPlan,
): Promise<Blob> {
  const { step, keep, json, text, recording } = mission;
  const specification = keep(json({ number, text: "Close the hole: half(4) returns 2, and a test shows it." }));
  const clarified_spec = keep(text(`# Mission ${number}\n\nClose the hole: half(4) returns 2, and a test shows it.\n`));
  const { commit: _commit, ...of } = about ?? { commit: null };
  await step(life["submitted"], { specification, clarified_spec, clarity: clear, ...of });
  if (hasDraft) {
    const run_id = idOf("r", draftsFrom + number);
    await step(happenings["ask for a draft"], { run_id });
    const drafted = { journal: recording(recordingBytes), prompt: text(`draft of ${number}`) };
    await step(happenings["end the draft"], { run_id, ...drafted });
  }
  await step(life["approved"]);
  return specification;
}

interface Sealed {
  readonly bundle: Blob;
  readonly entries: readonly string[];
  readonly change_digest: string;
  readonly policy: Blob;
}

async function runAndSeal(
  mission: Mission,
  { number, recordingBytes }: MissionPlan,
  specification: Blob,
): Promise<Sealed> {
  const { step, keep, json, text, recording, control } = mission;
  const policy = json({ policy: "of all missions" });
  await step(startRun, { policy, prompt: text(`prompt of ${number}`) });
  const { patch: patchText, report } = changeOf(number);
  const patch = control.blobs.put(patchText, "text/x-patch");
  const recorded = { journal: recording(recordingBytes), transcript: recording(recordingBytes) };
  await step(captured, { result: { ...Object(captured).result, patch, ...recorded } });
  const known = { specification, patch, environment: json(environment), "path-report": json(report) };
  const names = requiredEvidenceNames.map((name): [string, Blob] => [
    name,
    Object(known)[name] ?? json({ name, number }),
  ]);
  const manifest: BundleManifest = { schema: 1, parent: null, entries: Object.fromEntries(names) };
  await step(checked, { result: { outcome: "checked", tree, manifest } });
  const bundle = keep(json(manifest));
  showToJudges(control, bundle, manifest);
  const digests = { specification: specification.digest, patch: patch.digest, policy: policy.digest };
  const evidence = {
    ...{ run_id: idOf("r", number) as never, base_commit: baseCommit, tree, bundle },
    ...{ change_digest: changeDigest(digests, sha256), content_digest: sha256(patchText) },
    ...{ checks_status: "green" as const, judgeable: true, inherits: false },
  };
  const statement = keep(signEvidence(mission.task(), { ...evidence, manifest }, control));
  await step(sealed(), { ...evidence, statement });
  const entries = Object.values(manifest.entries).map(({ digest }) => digest);
  return { bundle, entries, change_digest: evidence.change_digest, policy };
}

async function decideOn(mission: Mission, { number, end }: MissionPlan, { bundle, change_digest, policy }: Sealed) {
  const { taskId, text, keep, control, submit } = mission;
  for (const family of ["openai", "gemini"] as const) {
    const answer = text(`what ${family} answered on ${number}`);
    const verdict = { ...verdictOf(family, "pass"), bundle_digest: bundle.digest, answer };
    await submit({ kind: "RecordVerdict", task_id: taskId, verdict });
  }
  const about = { bundle_digest: bundle.digest, change_digest, policy_digest: policy.digest };
  const body = gated(end === "landed" ? "merge" : "hold", {
    ...about,
    ...(end === "landed" ? {} : { hold_code: "HOLD-RISK-HIGH" }),
  }) as Extract<CommandBody, { kind: "DecideGate" }>;
  const { shares: _shares, statement: _statement, ...decision } = body.decision;
  const statement = keep(signDecision(mission.task(), { ...decision, judges: [] }, control));
  await submit({ ...body, task_id: taskId, hold_id: idOf("h", number), decision: { ...body.decision, statement } });
}

async function land({ step, keep, text, control }: Mission, { number, watchUntil, about }: MissionPlan): Promise<void> {
  const message = keep(text(`Close the hole ${number}\n`));
  const { position, hash } = control.log.head;
  const commit = about === undefined ? {} : { commit: about.commit };
  await step(startLanding, { message, log_head: { position, hash }, ...commit });
  await step(life["landed"], { ...commit, ...(watchUntil === undefined ? {} : { watch_until: watchUntil }) });
}

/** One added file, as a patch and as control's path report on it. */
function changeOf(number: number): { patch: string; report: object } {
  const path = `src/half-${number}.js`;
  const lines = ["export function half(value) {", `  return value / 2; // ${number}`, "}"];
  const id = blobId([Buffer.from(`${lines.join("\n")}\n`)], 40);
  const none = "0".repeat(40);
  const head = `diff --git a/${path} b/${path}\nnew file mode 100644\nindex ${none}..${id}\n--- /dev/null\n+++ b/${path}\n`;
  const file = {
    ...{ path, status: "added", old_mode: "000000", new_mode: "100644", old_id: none, new_id: id },
    ...{ added_lines: lines.length, deleted_lines: 0, binary: false },
  };
  return {
    patch: `${head}@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join("")}`,
    report: { files: [file], renames: [], forbidden: [], unsafe: [], never_by_itself: [] },
  };
}
