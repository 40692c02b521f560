/**
 * The one file that a stranger can verify: both signed statements, the public key, the manifest and the bundle's blobs, as canonical JSON in
 * one form, so that there is no byte in it that nothing speaks for. Judges' raw answers stand in it by digest only.
 */
import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { type BundleManifest, bundleManifestSchema, canonicalJson, Fault, sha256Schema } from "@aedev/core/wire";
import { z } from "zod";
import { parseBoundedJson, type Unreadable } from "./bounded-json.ts";
import { bytesOfBase64, type Envelope, envelopeSchema } from "./envelope.ts";

/** Larger than any bundle within the shipped limits, smaller than what a string can hold. */
export const fileBytesMax = 256 * 1024 * 1024;
/** What evidence needs at most, with room: names, digests and the few lists of a statement. */
const bounds = { depthMax: 16, commasMax: 20_000 };
export const blobsMax = 32;

const exportedSchema = z.strictObject({
  /** The bytes of each entry in base64, by their SHA-256; an entry that two names share stands once. */
  blobs: z.record(sha256Schema, z.string()),
  decision: envelopeSchema.nullable(),
  evidence: envelopeSchema,
  format: z.literal("aedev-evidence/1"),
  manifest: bundleManifestSchema,
  /** SubjectPublicKeyInfo in base64. */
  public_key: z.string().max(200),
});
type Exported = z.infer<typeof exportedSchema>;

export interface Measured {
  readonly sizeBytes: number;
  readonly sha256: string;
}

export function measuredBytes(bytes: Buffer | null): Measured | null {
  return bytes === null ? null : { sizeBytes: bytes.length, sha256: hash("sha256", bytes) };
}

/** What is verified, wherever it comes from. */
export interface SignedBundle {
  readonly evidence: Envelope;
  /** Null where the gate had not decided yet, or whoever handed it on left it out: nothing else in the file tells which. */
  readonly decision: Envelope | null;
  readonly manifest: BundleManifest;
  /** The key that came with it; null where only the verifier's own keys count. */
  readonly publicKey: Buffer | null;
  /** The digests that it brings bytes for. */
  readonly digests: ReadonlySet<string>;
  /** The bytes under a digest, not compared with it yet; null where there are none. */
  bytesOf(digest: string): Buffer | null;
  /** Size and SHA-256 of the same bytes, without holding them all; null where there are none. */
  measure(digest: string): Measured | null;
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

/** The file's bytes. Throws a Fault where there is none, it is not a plain file, or larger than allowed. */
export function readExportedFile(path: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new Fault("NO-FILE", `${path} can't be read`, { cause, hint: "aedev evidence export <task> --output FILE" });
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Fault("NO-FILE", `${path} is not a file`);
    if (stat.size > fileBytesMax)
      throw new Fault("FILE-TOO-LARGE", `${path} has ${stat.size} bytes; evidence has at most ${fileBytesMax}`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The bundle of a file's bytes, or what is wrong with their form, with the part of the file where that shows. */
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
  // Two byte sequences can be one text where one of them is not UTF-8.
  if (canonical !== text || !isUtf8(bytes)) {
    const at = firstDifference(Buffer.from(canonical), bytes);
    return { kind: "form", part: partAt(bytes, at), what: `not in canonical form from byte ${at} on` };
  }
  return bundleOf(parsed.data, bodies);
}

/** The file's one text. A body that is base64 stands in it as it is: to escape what needs no escape would cost more than all else here. */
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
  if (publicKey === null) return { kind: "form", part: "public_key", what: "it is not base64 in its one form" };
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

/** The top-level part that a byte stands in: parts stand in the order of their names, and none of their texts holds another's name. */
function partAt(bytes: Buffer, at: number | null): string {
  if (at === null) return "file";
  const before = Object.keys(exportedSchema.shape).map((name) => ({ name, start: bytes.indexOf(`"${name}":`) }));
  const last = before
    .filter(({ start }) => start !== -1 && start <= at)
    .sort((left, right) => right.start - left.start)[0];
  return last?.name ?? "file";
}
