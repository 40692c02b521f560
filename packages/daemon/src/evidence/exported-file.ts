/** The format of exported evidence: one file of canonical JSON, every byte covered by a check. Judges' raw answers appear only as digests. */
import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { type BundleManifest, bundleManifestSchema, canonicalJson, Fault, sha256Schema } from "@aedev/contracts";
import { z } from "zod";
import { parseBoundedJson, type Unreadable } from "./bounded-json.ts";
import { bytesOfBase64, type Envelope, envelopeSchema } from "./envelope.ts";

/** Larger than any bundle within the default limits, smaller than the longest string. */
export const fileBytesMax = 256 * 1024 * 1024;
/** What evidence needs, with a margin: names, digests and the few lists of a statement. */
const bounds = { depthMax: 16, commasMax: 20_000 };
const blobsMax = 32;

const exportedSchema = z.strictObject({
  /** The entries' bytes in base64, by SHA-256; an entry with two names is stored once. */
  blobs: z.record(sha256Schema, z.string()),
  decision: envelopeSchema.nullable(),
  evidence: envelopeSchema,
  format: z.literal("aedev-evidence/1"),
  manifest: bundleManifestSchema,
  /** SubjectPublicKeyInfo in base64. */
  public_key: z.string().max(200),
});
type Exported = z.infer<typeof exportedSchema>;

export interface MeasuredFile {
  readonly sizeBytes: number;
  readonly sha256: string;
}

export function measuredBytes(bytes: Buffer | null): MeasuredFile | null {
  return bytes === null ? null : { sizeBytes: bytes.length, sha256: hash("sha256", bytes) };
}

/** The data to verify, from a file or a home. */
export interface SignedBundle {
  readonly evidence: Envelope;
  /** Null if the gate had not decided, or somebody removed the decision: the file can't tell which. */
  readonly decision: Envelope | null;
  readonly manifest: BundleManifest;
  /** The key that came with it; null if only the verifier's own keys count. */
  readonly publicKey: Buffer | null;
  /** The digests whose bytes it has. */
  readonly digests: ReadonlySet<string>;
  /** The bytes under a digest, not yet checked against it; null if there are none. */
  bytesOf(digest: string): Buffer | null;
  /** Size and SHA-256 of those bytes, computed in constant memory; null if there are none. */
  measure(digest: string): MeasuredFile | null;
  /** The day on which a blob of this home expired; null: it has not. Missing: the bundle is not from a home. */
  readonly expiredOn?: (digest: string) => string | null;
}

export function exportedText(bundle: SignedBundle & { readonly publicKey: Buffer }): string {
  const bodies = new Map([...bundle.digests].map((digest) => [digest, bundle.bytesOf(digest)]));
  const file: Exported = {
    blobs: Object.fromEntries([...bodies].map(([digest, bytes]) => [digest, bytes?.toString("base64") ?? ""])),
    decision: bundle.decision,
    evidence: bundle.evidence,
    format: "aedev-evidence/1",
    manifest: bundle.manifest,
    public_key: bundle.publicKey.toString("base64"),
  };
  return canonicalText(file, bodies);
}

/** The file's bytes. Throws a Fault if it is missing, irregular or too large. */
export function readExportedFile(path: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new Fault("no-file", `${path} can't be read`, { cause, hint: "aedev evidence export <task> --output FILE" });
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Fault("no-file", `${path} is not a file`);
    if (stat.size > fileBytesMax)
      throw new Fault("file-too-large", `${path} is ${stat.size} bytes; evidence is at most ${fileBytesMax}`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The bundle in a file's bytes, or what is wrong with which part of the format. */
export function parseExported(
  bytes: Buffer,
): { kind: "bundle"; bundle: SignedBundle } | { kind: "form"; part: string; what: string } {
  if (bytes.length > fileBytesMax) return { kind: "form", part: "file", what: `larger than ${fileBytesMax} bytes` };
  const json = parseBoundedJson(bytes, bounds);
  if (json.kind === "unreadable") return { kind: "form", part: partAt(bytes, json.at), what: unreadableText(json) };
  const parsed = exportedSchema.safeParse(json.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.map(String) ?? [];
    const keys = issue?.code === "unrecognized_keys" ? ` ${issue.keys.slice(0, 3).join(", ")}` : "";
    return {
      kind: "form",
      part: path[0] ?? "file",
      what: `${path.join(".") || "file"}: ${issue?.message ?? ""}${keys}`,
    };
  }
  const bodies = new Map(Object.entries(parsed.data.blobs).map(([digest, body]) => [digest, bytesOfBase64(body)]));
  const text = bytes.toString("utf8");
  const canonical = canonicalText(parsed.data, bodies);
  // Different bytes can decode to the same text if some are not valid UTF-8.
  if (canonical !== text || !isUtf8(bytes)) {
    const at = firstDifference(Buffer.from(canonical), bytes);
    return { kind: "form", part: partAt(bytes, at), what: `not canonical from byte ${at} on` };
  }
  return bundleOf(parsed.data, bodies);
}

/** The file's canonical text. Base64 needs no escaping, which would be the most expensive step, so it is inserted as it is. */
function canonicalText({ blobs, ...rest }: Exported, bodies: ReadonlyMap<string, Buffer | null>): string {
  const texts = Object.keys(blobs)
    .sort()
    .map((digest) => {
      const body = blobs[digest] ?? "";
      return `"${digest}":${bodies.get(digest) == null ? canonicalJson(body) : `"${body}"`}`;
    });
  return `{"blobs":{${texts.join(",")}},${canonicalJson(rest).slice(1)}\n`;
}

function bundleOf(file: Exported, bodies: ReadonlyMap<string, Buffer | null>): ReturnType<typeof parseExported> {
  const publicKey = bytesOfBase64(file.public_key);
  if (publicKey === null) return { kind: "form", part: "public_key", what: "not canonical base64" };
  const digests = new Set(bodies.keys());
  if (digests.size > blobsMax) return { kind: "form", part: "blobs", what: `more than ${blobsMax} blobs` };
  const { evidence, decision, manifest } = file;
  const bytesOf = (digest: string) => bodies.get(digest) ?? null;
  const measure = (digest: string) => measuredBytes(bytesOf(digest));
  return { kind: "bundle", bundle: { evidence, decision, manifest, publicKey, digests, bytesOf, measure } };
}

function unreadableText({ why, at }: Unreadable): string {
  return at === null ? why : `${why} at byte ${at}`;
}

function firstDifference(left: Buffer, right: Buffer): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) if (left[at] !== right[at]) return at;
  return length;
}

/** The top-level part that contains this byte. Parts are sorted by name, and none contains another's name. */
function partAt(bytes: Buffer, at: number | null): string {
  if (at === null) return "file";
  const before = Object.keys(exportedSchema.shape).map((name) => ({ name, start: bytes.indexOf(`"${name}":`) }));
  const last = before
    .filter(({ start }) => start !== -1 && start <= at)
    .sort((left, right) => right.start - left.start)[0];
  return last?.name ?? "file";
}
