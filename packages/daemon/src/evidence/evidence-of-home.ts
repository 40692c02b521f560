/** A task's signed evidence as it lies in a home, with the daemon up or down: to verify it there, and to write it into one file. It changes nothing. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import type { TaskState } from "@aedev/core";
import { type Blob, type BlobStore, bundleManifestSchema, Fault, secretReportSchema } from "@aedev/core/wire";
import { blobStore } from "../home/blobs.ts";
import { publicKeyBytes } from "../home/key-pair.ts";
import { homeLayout } from "../home/layout.ts";
import { openLogReader } from "../log/reader.ts";
import { readDocument } from "../work/read-blobs.ts";
import { envelopeSchema } from "./envelope.ts";
import { evidenceFingerprint, evidencePublicKey } from "./evidence-key.ts";
import { exportedText, type Measured, type SignedBundle } from "./exported-file.ts";
import { type Step, type Verified, verifyBundle } from "./verify-bundle.ts";

/** Throws a Fault `unknown-task`, `NO-EVIDENCE` or `NOT-SIGNED`. */
export async function readSigned(home: string, taskId: string): Promise<{ task: TaskState; bundle: SignedBundle }> {
  using reader = openLogReader(homeLayout(home).log);
  const { tasks } = reader.read().state;
  const task = Object.hasOwn(tasks, taskId) ? tasks[taskId] : undefined;
  if (task === undefined) throw new Fault("unknown-task", `there is no task ${taskId}`, { hint: "aedev task list" });
  return { task, bundle: signedBundleOf(task, blobStore(home)) };
}

/** Contract: bytes are handed out as they lie on the disk; whoever uses them hashes them. */
export function signedBundleOf({ task_id, evidence, gate }: TaskState, blobs: BlobStore): SignedBundle {
  const hint = `aedev task show ${task_id}`;
  if (evidence === null) throw new Fault("NO-EVIDENCE", `task ${task_id} has no sealed evidence yet`, { hint });
  if (evidence.statement === null)
    throw new Fault("NOT-SIGNED", `the evidence of task ${task_id} was sealed before evidence was signed`, { hint });
  const envelope = (blob: Blob) => readDocument({ blobs }, blob.digest, envelopeSchema);
  const manifest = readDocument({ blobs }, evidence.bundle.digest, bundleManifestSchema);
  return {
    evidence: envelope(evidence.statement),
    decision: gate?.statement == null ? null : envelope(gate.statement),
    manifest,
    publicKey: null,
    digests: new Set(Object.values(manifest.entries).map(({ digest }) => digest)),
    bytesOf: (digest) => (blobs.has(digest) ? readFileSync(blobs.pathOf(digest)) : null),
    measure: (digest) => (blobs.has(digest) ? measureFile(blobs.pathOf(digest)) : null),
  };
}

const pieceBytes = 1024 * 1024;

/** Piece by piece: that is quicker than to read a large file whole, and holds no more of it than a piece. */
function measureFile(path: string): Measured {
  const sha256 = createHash("sha256");
  const piece = Buffer.allocUnsafe(pieceBytes);
  let sizeBytes = 0;
  const descriptor = openSync(path, "r");
  try {
    for (let length = readSync(descriptor, piece); length > 0; length = readSync(descriptor, piece)) {
      sha256.update(piece.subarray(0, length));
      sizeBytes += length;
    }
  } finally {
    closeSync(descriptor);
  }
  return { sizeBytes, sha256: sha256.digest("hex") };
}

/** The home's log must hold the decision's log head, where the decision says that it was. */
export async function checkLogHead(
  home: string,
  { decision }: Pick<Verified, "decision">,
): Promise<{ step: Step; ok: boolean } | null> {
  if (decision === null) return null;
  const { position, hash } = decision.log_head;
  using reader = openLogReader(homeLayout(home).log);
  const [event] = await reader.listEvents({ after: position - 1, limit: 1 });
  const ok = event?.position === position && event.hash === hash;
  const what = ok
    ? `it holds the head that the decision names, position ${position}`
    : `it has another event at position ${position} than the decision names`;
  return { ok, step: { part: "log", what } };
}

/** Contract: of verified bytes. What no judge is shown goes to no stranger. */
function refuseSecrets({ manifest, bytesOf }: SignedBundle, taskId: string): void {
  const report = manifest.entries["secret-report"];
  const bytes = report === undefined ? null : bytesOf(report.digest);
  if (bytes !== null && secretReportSchema.parse(JSON.parse(bytes.toString("utf8"))).findings.length === 0) return;
  throw new Fault(
    "EVIDENCE-SECRET",
    `the change of task ${taskId} holds what looks like a secret, or was never searched`,
    {
      hint: `aedev evidence show ${taskId} --entry secret-report`,
    },
  );
}

export interface ExportedEvidence {
  readonly text: string;
  readonly sha256: string;
  readonly bundle_digest: string;
  readonly fingerprint: string;
  readonly has_decision: boolean;
}

/** The file's text. Throws a Fault `EVIDENCE-BROKEN` rather than write what nobody could verify, `EVIDENCE-SECRET` rather than hand on a secret. */
export async function exportEvidence({ home, taskId }: { home: string; taskId: string }): Promise<ExportedEvidence> {
  const { bundle } = await readSigned(home, taskId);
  const key = evidencePublicKey(home);
  const fingerprint = evidenceFingerprint(home);
  if (key === null || fingerprint === null)
    throw new Fault("SIGNING-KEY", "keys/evidence.pub is missing", { hint: "aedev init" });
  const { problem, bundle_digest } = verifyBundle(bundle, key);
  if (problem !== null)
    throw new Fault("EVIDENCE-BROKEN", `${problem.part}: ${problem.what}`, { hint: `aedev evidence verify ${taskId}` });
  refuseSecrets(bundle, taskId);
  const text = exportedText({ ...bundle, publicKey: publicKeyBytes(key) });
  return {
    text,
    sha256: createHash("sha256").update(text).digest("hex"),
    bundle_digest,
    fingerprint,
    has_decision: bundle.decision !== null,
  };
}
