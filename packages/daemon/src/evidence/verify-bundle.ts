/**
 * Verifies a signed bundle from its bytes alone: no home, no network, no git. It trusts only what it has hashed or whose signature it has checked.
 * Folder: signing, exporting and verifying evidence.
 */
import type { KeyObject } from "node:crypto";
import { type Blob, bundleDigest, canonicalJson, changeDigest, counted, pathReportSchema } from "@aedev/contracts";
import { type PatchSection, readPatchForm } from "@aedev/host/patch/verify-patch";
import { sha256 } from "@aedev/host/sha256";
import type { z } from "zod";
import { parseBoundedJson } from "./bounded-json.ts";
import { type Envelope, openEnvelope } from "./envelope.ts";
import { type MeasuredFile, measuredBytes, type SignedBundle } from "./exported-file.ts";
import {
  type DecisionPredicate,
  decisionStatementSchema,
  type EvidencePredicate,
  evidenceStatementSchema,
} from "./statement.ts";

/** One step: `part` names the part of the file, `what` the result. */
export interface Step {
  readonly part: string;
  readonly what: string;
}
export interface Verified {
  readonly steps: readonly Step[];
  /** The step that failed; null if all passed. */
  readonly problem: Step | null;
  readonly evidence: EvidencePredicate | null;
  readonly bundle_digest: string;
  readonly decision: DecisionPredicate | null;
}

/** A signed payload is small: names, digests and reasons. */
const payloadBytesMax = 16 * 1024 * 1024;
const payloadBounds = { depthMax: 16, commasMax: 200_000 };
const reportBounds = { depthMax: 16, commasMax: 10_000_000 };

/** Larger patches are read line by line only on request, because that costs many times as much as hashing. */
const patchBytesByItself = 1024 * 1024;

/** `patchBytesMax`: the largest patch whose lines are read. Never throws for a file's content: a broken part is reported as `problem`. */
export function verifyBundle(
  bundle: SignedBundle,
  key: KeyObject,
  { patchBytesMax = patchBytesByItself }: { patchBytesMax?: number } = {},
): Verified {
  const steps: Step[] = [];
  const found = { evidence: null as EvidencePredicate | null, decision: null as DecisionPredicate | null };
  const digest = bundleDigest(bundle.manifest, sha256);
  try {
    const evidence = openStatement("evidence", { envelope: bundle.evidence, schema: evidenceStatementSchema, key });
    steps.push({ part: "evidence", what: "envelope, signature and statement are valid" });
    checkManifest(bundle, { statement: evidence, digest });
    found.evidence = evidence.predicate;
    steps.push({ part: "manifest", what: `its digest matches the subject, ${digest}` });
    steps.push({
      part: "subject",
      what: "bundle, tree and patch match the manifest; the change digest matches its parts",
    });
    const readPatch = (bundle.manifest.entries.patch?.size_bytes ?? 0) <= patchBytesMax;
    const blobs = checkBlobs(bundle, { readPatch });
    const unread = `more than ${patchBytesMax} bytes: not read line by line; use --read-patch`;
    const patchDigest = bundle.manifest.entries.patch?.digest ?? "";
    const isExpired = blobs.patch === null && (bundle.expiredOn?.(patchDigest) ?? null) !== null;
    const patch = () => (readPatch ? checkPatch(blobs) : { part: "patch", what: unread });
    steps.push(...blobs.steps, isExpired ? { part: "patch", what: "expired: its lines are not checked" } : patch());
    if (bundle.decision === null)
      steps.push({
        part: "decision",
        what: "not in the file: whether and how the gate decided is unknown",
      });
    else {
      const decision = openStatement("decision", { envelope: bundle.decision, schema: decisionStatementSchema, key });
      checkDecision(decision, evidence);
      found.decision = decision.predicate;
      steps.push({ part: "decision", what: "envelope, signature and statement are valid and agree with the evidence" });
    }
    return { steps, problem: null, ...found, bundle_digest: digest };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { steps, problem: { part: error.part, what: error.message }, ...found, bundle_digest: digest };
  }
}

/** Ends the verification; it never leaves this file. */
class Broken extends Error {
  readonly part: string;

  constructor(part: string, what: string) {
    super(what);
    this.part = part;
  }
}

function openStatement<S extends z.ZodType>(
  part: string,
  { envelope, schema, key }: { envelope: Envelope; schema: S; key: KeyObject },
): z.infer<S> {
  if (envelope.payload.length > payloadBytesMax) throw new Broken(part, "the payload is too large for a statement");
  const opened = openEnvelope(envelope, key);
  if (opened.kind === "invalid") throw new Broken(part, opened.why);
  const json = parseBoundedJson(opened.bytes, payloadBounds);
  const parsed = schema.safeParse(json.kind === "value" ? json.value : undefined);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Broken(part, `the statement does not match its schema: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  if (canonicalJson(parsed.data) !== opened.bytes.toString("utf8"))
    throw new Broken(part, "the statement is not canonical JSON");
  return parsed.data;
}

type EvidenceStatement = z.infer<typeof evidenceStatementSchema>;

function checkManifest(
  { manifest }: SignedBundle,
  { statement, digest }: { statement: EvidenceStatement; digest: string },
): void {
  const { subject, predicate } = statement;
  const [bundle, , patch] = subject;
  if (canonicalJson(manifest) !== canonicalJson(predicate.manifest))
    throw new Broken("manifest", "it does not match the signed digest");
  if (bundle.digest.sha256 !== digest) throw new Broken("subject", "the bundle digest does not match the manifest");
  const { entries } = manifest;
  if (entries.patch?.digest !== patch.digest.sha256)
    throw new Broken("subject", "the patch does not match the manifest");
  if (entries.specification?.digest !== predicate.specification.digest)
    throw new Broken("subject", "the specification does not match the manifest");
  const parts = {
    specification: predicate.specification.digest,
    patch: patch.digest.sha256,
    policy: predicate.policy_digest,
  };
  if (changeDigest(parts, sha256) !== predicate.change_digest)
    throw new Broken("subject", "the change digest does not match specification, patch and policy");
}

/** Hashed bytes for later steps; null if the bundle lacks them or they are not to be read. */
interface HashedBlobs {
  readonly steps: readonly Step[];
  readonly patch: Buffer | null;
  readonly pathReport: Buffer | null;
}

function checkBlobs(bundle: SignedBundle, { readPatch }: { readPatch: boolean }): HashedBlobs {
  const entries = Object.entries(bundle.manifest.entries);
  const wanted = new Set(entries.map(([, blob]) => blob.digest));
  const surplus = [...bundle.digests].find((digest) => !wanted.has(digest));
  if (surplus !== undefined) throw new Broken("blobs", `the blob ${surplus} is not in the manifest`);
  const kept: Record<string, Buffer | null> = {};
  const steps = entries.map(([name, blob]) => {
    const isRead = readPatch && (name === "patch" || name === "path-report");
    // Hashes the bytes that are used, because a file may change between two reads.
    if (isRead) kept[name] = bundle.bytesOf(blob.digest);
    const measured = isRead ? measuredBytes(kept[name] ?? null) : bundle.measure(blob.digest);
    const expired = measured === null ? (bundle.expiredOn?.(blob.digest) ?? null) : null;
    if (expired !== null) return { part: `blob ${name}`, what: `its bytes expired on ${expired}; ${blob.digest}` };
    checkDigest(name, blob, measured);
    return { part: `blob ${name}`, what: `${blob.size_bytes} bytes, ${blob.digest}` };
  });
  return { steps, patch: kept["patch"] ?? null, pathReport: kept["path-report"] ?? null };
}

function checkDigest(name: string, blob: Blob, measured: MeasuredFile | null): void {
  if (measured === null) throw new Broken(`blob ${name}`, "its bytes are missing or not canonical base64");
  if (measured.sizeBytes !== blob.size_bytes)
    throw new Broken(`blob ${name}`, `it is ${measured.sizeBytes} bytes, not ${blob.size_bytes}`);
  if (measured.sha256 !== blob.digest) throw new Broken(`blob ${name}`, "its bytes do not match its digest");
}

const needsBase = "whether it applies to its base can't be checked without the base";

function checkPatch({ patch, pathReport }: HashedBlobs): Step {
  if (patch === null) throw new Broken("patch", "the bundle has none");
  const form = readPatchForm(patch);
  if (form.kind === "malformed") throw new Broken("patch", form.why);
  const { sections, hunks, addedFiles } = form;
  const counts = `${counted(sections.length, "section")}, ${counted(hunks, "hunk")}, all complete; object ids match the lines of ${counted(addedFiles, "added file")}`;
  if (pathReport === null) return { part: "patch", what: `${counts}; ${needsBase}` };
  const foreign = foreignObject(sections, pathReport);
  if (foreign !== undefined) throw new Broken("patch", `the object ${foreign} is not in the path report`);
  return { part: "patch", what: `${counts}; its objects match the path report; ${needsBase}` };
}

/** An object named in the patch that the path report lacks. */
function foreignObject(sections: readonly PatchSection[], report: Buffer): string | undefined {
  const json = parseBoundedJson(report, reportBounds);
  const parsed = pathReportSchema.safeParse(json.kind === "value" ? json.value : undefined);
  if (!parsed.success) throw new Broken("blob path-report", "it does not match its schema");
  const known = new Set(parsed.data.files.flatMap(({ old_id, new_id }) => [old_id, new_id]));
  return sections
    .flatMap(({ oldId, newId }) => [oldId ?? [], newId ?? []].flat())
    .find((id) => !known.has(id) && !/^0+$/.test(id));
}

function checkDecision(decision: z.infer<typeof decisionStatementSchema>, evidence: EvidenceStatement): void {
  const { predicate, subject } = decision;
  const own = evidence.predicate;
  const differs = (what: string) => new Broken("decision", `its ${what} does not match the evidence`);
  const bundle = own.decided_on ?? evidence.subject[0].digest.sha256;
  if (predicate.bundle_digest !== bundle || subject[0].digest.sha256 !== bundle) throw differs("bundle");
  if (predicate.change_digest !== own.change_digest) throw differs("change");
  for (const name of ["mission_id", "task_id", "run_id", "repository", "policy_digest"] as const)
    if (predicate[name] !== own[name]) throw differs(name);
  if (subject[2].digest.sha256 !== evidence.subject[2].digest.sha256) throw differs("patch");
  if (own.decided_on === null && subject[1].digest.gitTree !== evidence.subject[1].digest.gitTree)
    throw differs("tree");
}
