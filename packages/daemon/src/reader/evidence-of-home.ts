/** Reads a task's signed evidence from a home, with the daemon up or down, to verify it there or export it to one file. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Blob, bundleManifestSchema, Fault, secretReportSchema } from "@aedev/contracts";
import type { TaskState } from "@aedev/core";
import type { BlobStore } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { measureFile } from "@aedev/host/measure-file";
import { readDocument } from "../control/read-blobs.ts";
import { envelopeSchema } from "../evidence/envelope.ts";
import { evidenceFingerprint, evidencePublicKey } from "../evidence/evidence-key.ts";
import { exportedText, type SignedBundle } from "../evidence/exported-file.ts";
import { type Step, type Verified, verifyBundle } from "../evidence/verify-bundle.ts";
import { blobStore } from "../home/blobs.ts";
import { expiredSinceSealed } from "../home/expired-blobs.ts";
import { publicKeyBytes } from "../home/key-pair.ts";
import { openLogReader } from "./log-reader.ts";
import { openOffline, taskWithState } from "./open-offline.ts";

/** Throws a Fault `unknown-task`, `no-evidence` or `not-signed`. */
export async function readSigned(home: string, taskId: string): Promise<{ task: TaskState; bundle: SignedBundle }> {
  using offline = openOffline(home);
  const { task } = taskWithState(offline, taskId);
  const blobs = blobStore(home);
  const expiredOn = expiredSinceSealed(home, { taskId, blobs });
  return { task, bundle: { ...signedBundleOf(task, blobs), expiredOn } };
}

/** Returns the bytes as stored; the caller hashes them. */
export function signedBundleOf({ task_id, evidence, gate }: TaskState, blobs: BlobStore): SignedBundle {
  const hint = `aedev task show ${task_id}`;
  if (evidence === null) throw new Fault("no-evidence", `task ${task_id} has no sealed evidence yet`, { hint });
  const envelope = (blob: Blob) => readDocument({ blobs }, blob.digest, envelopeSchema);
  const manifest = readDocument({ blobs }, evidence.bundle.digest, bundleManifestSchema);
  return {
    evidence: envelope(evidence.statement),
    decision: gate === null ? null : envelope(gate.statement),
    manifest,
    publicKey: null,
    digests: new Set(Object.values(manifest.entries).map(({ digest }) => digest)),
    bytesOf: (digest) => (blobs.has(digest) ? readFileSync(blobs.pathOf(digest)) : null),
    measure: (digest) => (blobs.has(digest) ? measureFile(blobs.pathOf(digest)) : null),
  };
}

/** Throws unless the home's log has the decision's log head at the position that the decision names. */
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
    ? `it has the head that the decision names, at position ${position}`
    : `its event at position ${position} does not match the event that the decision names`;
  return { ok, step: { part: "log", what } };
}

/** Takes verified bytes. What no judge may see must not be exported either. */
function refuseSecrets({ manifest, bytesOf }: SignedBundle, taskId: string): void {
  const report = manifest.entries["secret-report"];
  const bytes = report === undefined ? null : bytesOf(report.digest);
  if (bytes !== null && secretReportSchema.parse(JSON.parse(bytes.toString("utf8"))).findings.length === 0) return;
  throw new Fault(
    "evidence-secret",
    `the change of task ${taskId} contains a possible secret, or was never scanned for secrets`,
    {
      hint: `aedev evidence show ${taskId} --entry secret-report`,
    },
  );
}

/** Refuses an export without all bytes, because nobody could verify it. */
function refuseExpired({ digests, measure, expiredOn }: SignedBundle, taskId: string): void {
  for (const digest of digests) {
    const day = measure(digest) === null ? (expiredOn?.(digest) ?? null) : null;
    if (day !== null)
      throw new Fault("blob-expired", `bytes of the evidence expired on ${day} (retention.blobs)`, {
        hint: `aedev evidence verify ${taskId}`,
      });
  }
}

export interface ExportedEvidence {
  readonly text: string;
  readonly sha256: string;
  readonly bundle_digest: string;
  readonly fingerprint: string;
  readonly has_decision: boolean;
}

/** The file's text. Throws a Fault `evidence-broken` rather than export unverifiable evidence, and `evidence-secret` rather than export a secret. */
export async function exportEvidence({ home, taskId }: { home: string; taskId: string }): Promise<ExportedEvidence> {
  const { bundle } = await readSigned(home, taskId);
  const key = evidencePublicKey(home);
  const fingerprint = evidenceFingerprint(home);
  if (key === null || fingerprint === null)
    throw new Fault("signing-key", "keys/evidence.pub is missing", { hint: "aedev init" });
  const { problem, bundle_digest } = verifyBundle(bundle, key);
  if (problem !== null)
    throw new Fault("evidence-broken", `${problem.part}: ${problem.what}`, { hint: `aedev evidence verify ${taskId}` });
  refuseExpired(bundle, taskId);
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
