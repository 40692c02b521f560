/** Verifies evidence from a file, which needs no home, or of a task in this home. The answer names the trusted key. */
import type { KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { evidencePublicKey } from "../evidence/evidence-key.ts";
import { parseExported, readExportedFile, type SignedBundle } from "../evidence/exported-file.ts";
import type { DecisionPredicate, EvidencePredicate } from "../evidence/statement.ts";
import { type Step, verifyBundle } from "../evidence/verify-bundle.ts";
import { fingerprintOf, parsePublicKey, publicKeyOf } from "../home/key-pair.ts";
import { checkLogHead, readSigned } from "./evidence-of-home.ts";

/** Which key was trusted: the given one, this home's, or only the one in the file. */
export type KeySource = "given" | "home" | "file";

export interface EvidenceReport {
  readonly ok: boolean;
  readonly key: { readonly source: KeySource; readonly fingerprint: string } | null;
  readonly bundle_digest: string | null;
  readonly steps: readonly Step[];
  readonly problem: Step | null;
  readonly evidence: EvidencePredicate | null;
  readonly decision: DecisionPredicate | null;
}

/** `home` may be missing. If it has an evidence key, that key is trusted before the file's. */
export interface Means {
  readonly home: string;
  /** Path of a public key in PEM. */
  readonly keyFile?: string;
  /** Reads the lines of a patch of any size. */
  readonly readPatch?: boolean;
}

export function verifyEvidenceFile(path: string, means: Means): EvidenceReport {
  return verifyExported(readExportedFile(path), means);
}

/** Never throws for a file's content. Throws a Fault if the given key is not a key. */
export function verifyExported(bytes: Buffer, means: Means): EvidenceReport {
  const given = givenKey(means);
  const parsed = parseExported(bytes);
  if (parsed.kind === "form") return brokenReport({ part: parsed.part, what: parsed.what }, null);
  const own = fileKey(parsed.bundle);
  if (own.kind === "problem") return brokenReport(own.problem, null);
  if (isForeignKey(parsed.bundle, fingerprintOf(own.key)))
    return brokenReport({ part: "public_key", what: "it is not the key that the statements name" }, null);
  if (given === null || fingerprintOf(given.key) === fingerprintOf(own.key))
    return reportOf(parsed.bundle, given ?? { source: "file", key: own.key }, means);
  // A file from another home is not broken, unless the caller named the expected key.
  if (given.source === "home") return reportOf(parsed.bundle, { source: "file", key: own.key }, means);
  const what = `it does not match the given key, whose fingerprint is ${fingerprintOf(own.key)}`;
  return brokenReport({ part: "public_key", what }, given);
}

/** The task's evidence in the home, and the log head that the decision names. */
export async function verifyEvidenceTask(taskId: string, means: Means): Promise<EvidenceReport> {
  const key = givenKey(means);
  if (key === null) throw new Fault("signing-key", "keys/evidence.pub is missing", { hint: "aedev init" });
  const { bundle } = await readSigned(means.home, taskId);
  const report = reportOf(bundle, key, means);
  const head = report.ok ? await checkLogHead(means.home, report) : null;
  if (head === null) return report;
  return head.ok ? { ...report, steps: [...report.steps, head.step] } : { ...report, ok: false, problem: head.step };
}

interface ChosenKey {
  readonly source: KeySource;
  readonly key: KeyObject;
}

function givenKey({ home, keyFile }: Means): ChosenKey | null {
  if (keyFile !== undefined) {
    if (!existsSync(keyFile)) throw new Fault("no-file", `there is no key at ${keyFile}`);
    return { source: "given", key: parsePublicKey(readFileSync(keyFile, "utf8"), keyFile) };
  }
  const key = evidencePublicKey(home);
  return key === null ? null : { source: "home", key };
}

function fileKey({ publicKey }: SignedBundle): { kind: "key"; key: KeyObject } | { kind: "problem"; problem: Step } {
  try {
    return { kind: "key", key: publicKeyOf(publicKey ?? Buffer.alloc(0), "the public key") };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: "problem", problem: { part: "public_key", what: error.message } };
  }
}

/** If both statements name the same key and the file has another, somebody changed the key, not a statement. */
function isForeignKey({ evidence, decision }: SignedBundle, fingerprint: string): boolean {
  const named = [evidence, decision ?? evidence].map(({ signatures }) => signatures[0].keyid);
  return named[0] === named[1] && named[0] !== fingerprint;
}

function reportOf(bundle: SignedBundle, { source, key }: ChosenKey, { readPatch = false }: Means): EvidenceReport {
  const reading = readPatch ? { patchBytesMax: Number.POSITIVE_INFINITY } : {};
  const { steps, problem, evidence, decision, bundle_digest } = verifyBundle(bundle, key, reading);
  const fingerprint = fingerprintOf(key);
  return { ok: problem === null, key: { source, fingerprint }, bundle_digest, steps, problem, evidence, decision };
}

function brokenReport(problem: Step, key: ChosenKey | null): EvidenceReport {
  return {
    ok: false,
    key: key === null ? null : { source: key.source, fingerprint: fingerprintOf(key.key) },
    bundle_digest: null,
    steps: [],
    problem,
    evidence: null,
    decision: null,
  };
}
