/**
 * Benchmarks sealing and verifying a patch of 5,000 files and 20 MB against reading and hashing the same file, alternating. Sealing is control's work on a
 * bundle's bytes: read and hash the patch, store the manifest, sign the statement. Verifying is `evidence verify` in the home.
 */

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Blob, type BundleManifest, canonicalJson, changeDigest } from "@aedev/contracts";
import { initialState, type TaskState } from "@aedev/core";
import { ids, stateAfter } from "@aedev/core/testing";
import type { BlobStore } from "@aedev/host/blob-store";
import { blobId } from "@aedev/host/git/blob-id";
import { sha256 } from "@aedev/host/sha256";
import { evidencePublicKey, makeEvidenceKey } from "../../packages/daemon/src/evidence/evidence-key.ts";
import { exportedText, type SignedBundle } from "../../packages/daemon/src/evidence/exported-file.ts";
import { signEvidence } from "../../packages/daemon/src/evidence/sign-statement.ts";
import { verifyBundle } from "../../packages/daemon/src/evidence/verify-bundle.ts";
import { blobStore } from "../../packages/daemon/src/home/blobs.ts";
import { publicKeyBytes } from "../../packages/daemon/src/home/key-pair.ts";
import { signedBundleOf } from "../../packages/daemon/src/reader/evidence-of-home.ts";
import { verifyExported } from "../../packages/daemon/src/reader/verify-evidence.ts";
import { atMost, type Figure, median } from "./figure.ts";

const files = 5_000;
const linesPerFile = 100;
const rounds = 15;
const timesMax = 3;

interface Turn {
  readonly hash: number;
  readonly store: number;
  readonly seal: number;
  readonly verify: number;
  readonly file: number;
  readonly lines: number;
}

/** The first round is not counted. */
export async function benchSealing(): Promise<Figure[]> {
  const home = mkdtempSync(join(process.cwd(), ".bench-"));
  mkdirSync(join(home, "keys"), { mode: 0o700 });
  makeEvidenceKey(home);
  try {
    const turns: Turn[] = [];
    for (let round = 0; round <= rounds; round += 1) turns.push(oneTurn(home, patchOf(round)));
    const counted = turns.slice(1);
    const value = median(counted.map(({ hash, seal, verify }) => (seal + verify) / hash));
    const ms = (name: keyof Turn) => `${median(counted.map((turn) => turn[name])).toFixed(0)} ms`;
    const parts = `seal ${ms("seal")}, verify ${ms("verify")}, SHA-256 of the file ${ms("hash")}; ${rounds} turns`;
    const beside = `also: durable store ${ms("store")}, exported file ${ms("file")}, reading its lines ${ms("lines")} more`;
    return [
      atMost("sealing and verifying 20 MB", {
        limit: timesMax,
        value,
        unit: " × SHA-256",
        detail: `${parts}; ${beside}`,
      }),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function oneTurn(home: string, patch: Buffer): Turn {
  const blobs = blobStore(home);
  const [patchBlob, store] = timed(() => blobs.put(patch, "text/x-patch"));
  const [, hash] = timed(() =>
    createHash("sha256")
      .update(readFileSync(blobs.pathOf(patchBlob.digest)))
      .digest("hex"),
  );
  const [bundle, seal] = timed(() => sealed(home, { blobs, patch: patchBlob }));
  const key = evidencePublicKey(home);
  if (key === null) throw new Error("the home has no evidence key");
  const proved = ({ problem }: { problem: { part: string; what: string } | null }) => {
    if (problem !== null) throw new Error(`${problem.part}: ${problem.what}`);
  };
  const [, verify] = timed(() => proved(verifyBundle(bundle(), key)));
  const [, whole] = timed(() => proved(verifyBundle(bundle(), key, { patchBytesMax: patch.length })));
  const text = Buffer.from(exportedText({ ...bundle(), publicKey: publicKeyBytes(key) }));
  const [, file] = timed(() => proved(verifyExported(text, { home })));
  rmSync(blobs.pathOf(patchBlob.digest));
  return { hash, store, seal, verify, file, lines: whole - verify };
}

/** Does control's work on the bytes; the findings are measured with a whole run. Returns a function that reads the bundle back. */
function sealed(home: string, { blobs, patch }: { blobs: BlobStore; patch: Blob }): () => SignedBundle {
  if (blobs.get(patch.digest).length !== patch.size_bytes) throw new Error("the patch has another size");
  const specification = blobs.put("{}", "application/json");
  const manifest: BundleManifest = { schema: 1, parent: null, entries: { patch, specification } };
  const bundle = blobs.put(canonicalJson(manifest), "application/json");
  const story = stateAfter("checked", initialState).tasks[ids.task];
  if (story?.policy == null) throw new Error("the story has no policy");
  const task: TaskState = { ...story, specification };
  const digests = { specification: specification.digest, patch: patch.digest, policy: story.policy.digest };
  const evidence = {
    ...{ run_id: ids.run as never, base_commit: "b".repeat(40), tree: "c".repeat(40), bundle },
    ...{
      change_digest: changeDigest(digests, sha256),
      content_digest: "f".repeat(64),
      checks_status: "green" as const,
    },
    ...{ judgeable: true, inherits: false },
  };
  const log = { stateWith: () => initialState, head: { position: 1, hash: "0".repeat(64) } };
  const statement = signEvidence(task, { ...evidence, manifest }, { home, blobs, log });
  return () =>
    signedBundleOf({ ...task, evidence: { ...evidence, parent: null, verdict_nonces: {}, statement } }, blobs);
}

/** Added files with their real object ids, different in every round. */
function patchOf(round: number): Buffer {
  const sections = Array.from({ length: files }, (_, file) => {
    const lines = Array.from({ length: linesPerFile }, (_, line) =>
      `const value${line} = "${round} ${file}";`.padEnd(39, "/"),
    );
    const content = `${lines.join("\n")}\n`;
    const id = blobId([Buffer.from(content)], 40);
    const head = `diff --git a/f${file}.js b/f${file}.js\nnew file mode 100644\nindex ${"0".repeat(40)}..${id}\n`;
    const body = lines.map((line) => `+${line}\n`).join("");
    return `${head}--- /dev/null\n+++ b/f${file}.js\n@@ -0,0 +1,${lines.length} @@\n${body}`;
  });
  return Buffer.from(sections.join(""));
}

function timed<T>(act: () => T): [T, number] {
  const start = performance.now();
  const value = act();
  return [value, performance.now() - start];
}
