/** Evidence that anyone can verify: sealed, decided, exported and verified on a real home; every byte of the file is covered by a check. */

import { generateKeyPairSync, randomBytes } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalJson, Fault, noneLeftOut } from "@aedev/contracts";
import { ids } from "@aedev/core/testing";
import { homeLayout } from "@aedev/host/home-layout";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { isNight } from "../../../../test/support/is-night.ts";
import { sealEnvelope } from "../../src/evidence/envelope.ts";
import {
  evidenceFingerprint,
  evidenceKey,
  evidencePublicKey,
  makeEvidenceKey,
} from "../../src/evidence/evidence-key.ts";
import { fileBytesMax } from "../../src/evidence/exported-file.ts";
import { signDecision, signEvidence } from "../../src/evidence/sign-statement.ts";
import { fingerprintOf, parsePublicKey, publicKeyBytes } from "../../src/home/key-pair.ts";
import { exportEvidence, signedBundleOf } from "../../src/reader/evidence-of-home.ts";
import { verifyEvidenceFile, verifyEvidenceTask, verifyExported } from "../../src/reader/verify-evidence.ts";
import { sealEvidence } from "../../src/work/seal-evidence.ts";
import { openSignedHome, type SignedHome, secretWords } from "../evidence/signed-home.ts";

let signed: SignedHome;
let text: string;
/** A machine that knows nothing of the home. */
const nowhere = { home: "/nonexistent" };
const verify = (bytes: string | Buffer, keys: Parameters<typeof verifyExported>[1] = nowhere) =>
  verifyExported(Buffer.from(bytes), keys);

beforeAll(async () => {
  signed = await openSignedHome();
  await signed.seal();
  await signed.decide();
  ({ text } = await exportEvidence({ home: signed.home, taskId: ids.task }));
});
afterAll(() => signed.close());

describe("an exported file", () => {
  it("an exported file is verified without the home, and says whose key was trusted", () => {
    const report = verify(text);
    expect(report).toMatchObject({ ok: true, problem: null, key: { source: "file" } });
    expect(report.steps.map(({ part }) => part)).toEqual([
      ...["evidence", "manifest", "subject"],
      ...Object.keys(signed.task().evidence === null ? {} : (report.evidence?.manifest.entries ?? {})).map(
        (n) => `blob ${n}`,
      ),
      ...["patch", "decision"],
    ]);
    expect(report.evidence).toMatchObject({ task_id: ids.task, mission_id: ids.mission, repository: "repo" });
    expect(report.decision).toMatchObject({
      answer: signed.task().gate?.answer,
      verdicts: [
        { family: "openai", verdict: "pass" },
        { family: "gemini", verdict: "pass" },
      ],
      judges: [
        { family: "openai", planted: 0, caught: 0, lower_permille: 0, upper_permille: 1000, qualified: true },
        { family: "gemini" },
      ],
    });
    const { home } = signed;
    expect(verify(text, { home }).key).toEqual({ source: "home", fingerprint: evidenceFingerprint(home) });
    const keyFile = homeLayout(home).evidencePublicKey;
    expect(verify(text, { ...nowhere, keyFile })).toMatchObject({ ok: true, key: { source: "given" } });
  });

  it("an exported file contains only the bundle: no coder's text, no judge's raw answer, no private key", () => {
    const blobs = (JSON.parse(text) as { blobs: Record<string, string> }).blobs;
    const bodies = Object.values(blobs).map((body) => Buffer.from(body, "base64").toString());
    expect([text, ...bodies].join("\n")).not.toContain(secretWords);
    expect(text).toContain(Object.keys(blobs)[0]);
    const wanted = Object.values(verify(text).evidence?.manifest.entries ?? {}).map(({ digest }) => digest);
    expect(new Set(Object.keys(blobs))).toEqual(new Set(wanted));
    for (const { answer } of signed.task().verdicts) {
      expect(wanted).not.toContain(answer?.digest);
      expect(verify(text).decision?.verdicts.map((verdict) => verdict.answer)).toContain(answer?.digest);
    }
    const privateKey = readFileSync(homeLayout(signed.home).evidenceKey, "utf8").split("\n")[1] ?? "";
    expect(text).not.toContain(privateKey);
  });

  it("an exported file is broken by any one byte that is changed, added or removed, and the part is named", () => {
    const bytes = Buffer.from(text);
    expect(verify(bytes).ok).toBe(true);
    const positions = isNight ? everyPosition(bytes.length) : samplePositions(bytes.length, 2_400);
    const parts = new Map<string, number>();
    const kinds = Object.keys(mutations);
    let changed = 0;
    for (const [index, position] of positions.entries()) {
      for (const kind of isNight ? kinds : [kinds[index % kinds.length] ?? ""]) {
        const mutant = mutations[kind]?.(bytes, position) ?? bytes;
        if (mutant.equals(bytes)) continue;
        changed += 1;
        const { ok, problem } = verify(mutant);
        if (ok || problem === null || problem.part === "") throw new Error(`byte ${position}, ${kind}: accepted`);
        parts.set(problem.part, (parts.get(problem.part) ?? 0) + 1);
      }
    }
    console.log(
      `${changed} files with one byte changed, at ${positions.length} of ${bytes.length} positions, all refused: ${[...parts].map(([part, n]) => `${part} ${n}`).join(", ")}`,
    );
    expect(changed).toBeGreaterThanOrEqual(2_000);
    for (const part of ["blob patch", "evidence", "decision", "public_key", "manifest", "blobs"])
      expect([...parts.keys()]).toContain(part);
    expect(verify(bytes).ok).toBe(true);
  }, 600_000);

  it("an exported file no longer verifies after any structural change", () => {
    type File = Record<string, unknown> & { evidence: object; decision: object; blobs: Record<string, string> };
    const changedBy = (change: (file: File) => unknown) => {
      const file = JSON.parse(text) as File;
      return verify(`${canonicalJson(change(file) ?? file)}\n`);
    };
    expect(changedBy(() => undefined)).toMatchObject({ ok: true });
    const [first = "", second = ""] = Object.keys((JSON.parse(text) as File).blobs);
    expect(
      changedBy((file) => {
        file["more"] = 1;
      }),
    ).toMatchObject({ ok: false, problem: { part: "file" } });
    expect(
      changedBy((file) => {
        delete file.blobs[first];
      }).problem?.part,
    ).toMatch(/^blob /);
    expect(
      changedBy((file) => {
        file.blobs["0".repeat(64)] = "";
      }).problem,
    ).toMatchObject({ part: "blobs" });
    expect(
      changedBy((file) => {
        [file.blobs[first], file.blobs[second]] = [file.blobs[second] ?? "", file.blobs[first] ?? ""];
      }).problem?.part,
    ).toMatch(/^blob /);
    expect(
      changedBy((file) => {
        file.decision = file.evidence;
      }).problem,
    ).toMatchObject({ part: "decision" });
    expect(
      changedBy((file) => {
        file.evidence = file.decision;
      }).problem,
    ).toMatchObject({ part: "evidence" });
    // A file without a decision equals one exported before the gate decided.
    expect(changedBy((file) => ({ ...file, decision: null }))).toMatchObject({ ok: true, decision: null });
  });

  it("an exported file signed again with another key is valid only for a reader who trusts that key", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const file = JSON.parse(text) as { evidence: { payload: string }; decision: { payload: string } };
    const again = ({ payload }: { payload: string }, change = {}) => {
      const statement = JSON.parse(Buffer.from(payload, "base64").toString()) as { predicate: object };
      return sealEnvelope({ ...statement, predicate: { ...statement.predicate, ...change } }, privateKey);
    };
    const forged = (change: object) =>
      `${canonicalJson({ ...file, evidence: again(file.evidence), decision: again(file.decision, change), public_key: publicKeyBytes(publicKey).toString("base64") })}\n`;
    const keyFile = homeLayout(signed.home).evidencePublicKey;
    expect(verify(forged({ answer: "merge" }))).toMatchObject({ ok: true, key: { source: "file" } });
    expect(verify(forged({ answer: "merge" }), { home: signed.home }).key?.source).toBe("file");
    expect(verify(forged({}), { ...nowhere, keyFile })).toMatchObject({ ok: false, problem: { part: "public_key" } });
    expect(verify(forged({ bundle_digest: "0".repeat(64) })).problem).toMatchObject({
      part: "decision",
      what: expect.stringContaining("bundle"),
    });
    expect(verify(forged({ change_digest: "0".repeat(64) })).problem).toMatchObject({
      part: "decision",
      what: expect.stringContaining("change"),
    });
    expect(verify(forged({ task_id: "t-bbbbbbbbbbbbbbbb" })).problem).toMatchObject({ part: "decision" });
  });

  it("an exported file that is a bomb is refused unread, and other bytes are refused too", () => {
    const folder = temporaryFolder();
    const path = join(folder, "file.json");
    writeFileSync(path, text);
    expect(verifyEvidenceFile(path, nowhere).ok).toBe(true);
    truncateSync(path, fileBytesMax + 1);
    expect(() => verifyEvidenceFile(path, nowhere)).toThrow(Fault);
    expect(() => verifyEvidenceFile(folder, nowhere)).toThrow(Fault);
    expect(() => verifyEvidenceFile("/dev/zero", nowhere)).toThrow(Fault);
    expect(verify("[".repeat(5_000_000)).problem).toMatchObject({
      part: "file",
      what: expect.stringContaining("levels deep"),
    });
    expect(verify(`{${'"a":1,'.repeat(1_000_000)}"b":1}`).problem?.what).toContain("more than");
    expect(verify(text.replace('"blobs":{', `"blobs":{"${"0".repeat(64)}":"",`)).ok).toBe(false);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => !verify(Buffer.from(bytes)).ok),
      { numRuns: 200 },
    );
    expect(verify(randomBytes(100_000)).ok).toBe(false);
  });
});

describe("a task's evidence in its home", () => {
  it("a task's evidence is verified with the log head that the decision names", async () => {
    const report = await verifyEvidenceTask(ids.task, { home: signed.home });
    expect(report).toMatchObject({ ok: true, key: { source: "home" } });
    expect(report.steps.at(-1)).toMatchObject({ part: "log" });
    expect(report.decision?.log_head.position).toBeGreaterThan(1);
  });

  it("a task's evidence is not accepted under another key, and a private key is refused as the key to trust", async () => {
    const other = temporaryFolder();
    mkdirSync(join(other, "keys"));
    makeEvidenceKey(other);
    const { evidenceKey: privatePath, evidencePublicKey: keyFile } = homeLayout(other);
    const report = await verifyEvidenceTask(ids.task, { home: signed.home, keyFile });
    expect(report).toMatchObject({ ok: false, problem: { part: "evidence" } });
    await expect(verifyEvidenceTask(ids.task, { home: signed.home, keyFile: privatePath })).rejects.toThrow(
      /not a public key/,
    );
  });

  it("a task's evidence is neither verified nor exported once one of its blobs was changed", async () => {
    const { evidence } = signed.task();
    const patch = verify(text).evidence?.manifest.entries.patch?.digest ?? "";
    const path = signed.blobs.pathOf(patch);
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, -2), Buffer.from("x\n")]));
    try {
      expect(await verifyEvidenceTask(ids.task, { home: signed.home })).toMatchObject({
        ok: false,
        problem: { part: "blob patch" },
      });
      await expect(exportEvidence({ home: signed.home, taskId: ids.task })).rejects.toThrow(/blob patch/);
    } finally {
      writeFileSync(path, bytes);
    }
    expect(evidence?.statement).not.toBeNull();
    expect((await exportEvidence({ home: signed.home, taskId: ids.task })).text).toBe(text);
  });
});

describe("evidence that inherits its decision on a moved base", () => {
  it("evidence on a moved base is verified with its parent's decision, and with no other", async () => {
    const moved = await openSignedHome();
    try {
      await moved.seal();
      await moved.decide();
      const parent = moved.task().evidence?.bundle.digest ?? "";
      await moved.approveAndMove();
      const { evidence, status } = moved.task();
      expect([evidence?.inherits, status, evidence?.bundle.digest === parent]).toEqual([true, "landing", false]);
      const exported = await exportEvidence({ home: moved.home, taskId: ids.task });
      const report = verify(exported.text);
      expect(report).toMatchObject({
        ok: true,
        bundle_digest: evidence?.bundle.digest,
        evidence: { decided_on: parent, manifest: { parent } },
        decision: { bundle_digest: parent, change_digest: evidence?.change_digest },
      });
      // The first seal's statement is signed too, but about another base.
      const first = JSON.parse(text) as { decision: object };
      const file = JSON.parse(exported.text) as object;
      expect(verify(`${canonicalJson({ ...file, decision: first.decision })}\n`).ok).toBe(false);
    } finally {
      await moved.close();
    }
  });
});

describe("the tests of another run in the evidence", () => {
  const entry = (failed: string[]) => canonicalJson({ files: ["test/other.js"], passed: 1, failed, uncounted: 0 });

  it("the tests of another run keep the text of their files only if it has no secret", async () => {
    for (const [text, isKept] of [
      ["const fee = 3;", true],
      [`const token = "ghp_${"a1B2c3D4e5F6".repeat(3)}";`, false],
    ] as const) {
      const home = await openSignedHome(undefined, undefined, (blobs) => ({
        "independent-tests": blobs.put(entry(["other"]), "application/json"),
        "independent-sources": blobs.put(text, "text/plain"),
      }));
      try {
        await home.seal();
        const { blobs } = home;
        const sealed = JSON.parse(Buffer.from(blobs.get(home.task().evidence?.bundle.digest ?? "")).toString("utf8"));
        expect(Object.keys(sealed.entries).includes("independent-sources")).toBe(isKept);
        expect(sealed.entries).toHaveProperty("independent-tests");
      } finally {
        await home.close();
      }
    }
  });

  it("the tests of another run are named to judges without a secret", async () => {
    const secret = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
    const home = await openSignedHome(undefined, undefined, (blobs) => ({
      "independent-tests": blobs.put(entry(["other", `of ${secret}`]), "application/json"),
      "independent-sources": blobs.put("const fee = 3;", "text/plain"),
    }));
    try {
      await home.seal();
      const read = (digest: string) => Buffer.from(home.blobs.get(digest)).toString("utf8");
      const { entries } = JSON.parse(read(home.task().evidence?.bundle.digest ?? ""));
      expect(JSON.parse(read(entries["independent-tests"].digest)).failed).toEqual(["other", "(a name with a secret)"]);
      expect(entries).not.toHaveProperty("independent-sources");
    } finally {
      await home.close();
    }
  });

  it("a call that another run's code answers differently is counted and not shown if it has a secret", async () => {
    const one = { path: "a.js", name: "fee", change: "1", other: "2", base: null, changed_by: "both" };
    const secret = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
    const cases = [
      { ...one, input: `(${"1".repeat(400)})` },
      { ...one, input: `("${secret}")` },
      { ...one, input: "(14)", path: `lib/${secret}.js` },
      // Only its beginning would be left.
      { ...one, input: `("${"x ".repeat(145)}${secret}")` },
    ];
    const [shown] = cases;
    const home = await openSignedHome(undefined, undefined, (blobs) => ({
      "independent-tests": blobs.put(entry([]), "application/json"),
      "second-implementation": blobs.put(
        canonicalJson({
          compared: 9,
          agreed: 2,
          cases,
          more: 0,
          tests_passed: 1,
          tests_failed: [],
          left_out: noneLeftOut,
        }),
        "application/json",
      ),
    }));
    try {
      await home.seal();
      const read = (digest: string) => JSON.parse(Buffer.from(home.blobs.get(digest)).toString("utf8"));
      const { entries } = read(home.task().evidence?.bundle.digest ?? "");
      expect(read(entries["second-implementation"].digest)).toMatchObject({
        cases: [{ ...shown, input: `(${"1".repeat(298)}…` }],
        more: 3,
      });
    } finally {
      await home.close();
    }
  });

  it("the gate decides again if another run's test newly fails on a moved base, or they are no longer compared there", async () => {
    const none = { files: [], passed: 0, failed: [], uncounted: 0 };
    const notLoaded = canonicalJson({ ...none, why_none: "not-loaded" });
    for (const [before, after, inherits] of [
      [entry(["other"]), entry([]), true],
      [entry(["other"]), entry(["another"]), false],
      [entry([]), canonicalJson({ ...none, why_none: "unavailable" }), false],
      ...(isNight
        ? [
            [entry([]), entry([]), true],
            [entry([]), entry(["other"]), false],
            [entry([]), canonicalJson({ ...none, uncounted: 1, why_none: "none-counted" }), false],
            [canonicalJson({ ...none, why_none: "unavailable" }), entry([]), false],
            [notLoaded, notLoaded, true],
            [entry([]), null, false],
            [null, null, true],
          ]
        : []),
    ] as [string | null, string | null, boolean][]) {
      const home = await openSignedHome(undefined, undefined, (blobs, parent) => {
        const text = parent === null ? before : after;
        return text === null ? {} : { "independent-tests": blobs.put(text, "application/json") };
      });
      try {
        await home.seal();
        await home.decide();
        await home.approveAndMove();
        expect(home.task().evidence?.inherits).toBe(inherits);
      } finally {
        await home.close();
      }
    }
  }, 180_000);
});

describe("the folder of planted bundles", () => {
  it("the folder of planted bundles can't reach the evidence key", () => {
    const folder = fileURLToPath(new URL("../../src/canary", import.meta.url));
    const imports = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => readFileSync(join(folder, name), "utf8").match(/from "[^"]+"|import\("[^"]+"\)/g) ?? []);
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((line) => /evidence\/|key-pair/.test(line) && !/@aedev/.test(line))).toEqual([]);
  });
});

describe("the evidence key", () => {
  it("the evidence key is made once, private, and differs from the head's", () => {
    const { home } = signed;
    const layout = homeLayout(home);
    const before = readFileSync(layout.evidenceKey);
    expect(makeEvidenceKey(home)).toBe(false);
    expect(readFileSync(layout.evidenceKey)).toEqual(before);
    expect((statSync(layout.evidenceKey).mode & 0o777).toString(8)).toBe("600");
    expect(before).not.toEqual(readFileSync(layout.signingKey));
    rmSync(layout.evidencePublicKey);
    expect(evidencePublicKey(home)).toBeNull();
    expect(makeEvidenceKey(home)).toBe(false);
    expect(evidenceFingerprint(home)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("the evidence key signs nothing while others can read it", async () => {
    const { evidenceKey: path } = homeLayout(signed.home);
    chmodSync(path, 0o644);
    try {
      expect(() => evidenceKey(signed.home)).toThrow(/can be read by other users/);
    } finally {
      chmodSync(path, 0o600);
    }
    expect(evidenceKey(signed.home).type).toBe("private");
  });

  it("a lost evidence key is replaced as a pair, and its public half stays for what it signed", () => {
    const home = mkdtempSync(join(tmpdir(), "aedev-lost-key-"));
    try {
      mkdirSync(join(home, "keys"), { mode: 0o700 });
      expect(makeEvidenceKey(home)).toBe(true);
      const { evidenceKey: path, evidencePublicKey: publicPath } = homeLayout(home);
      const lost = evidenceFingerprint(home) ?? "";
      rmSync(path);
      expect(makeEvidenceKey(home)).toBe(true);
      expect(fingerprintOf(evidenceKey(home))).toBe(evidenceFingerprint(home));
      expect(evidenceFingerprint(home)).not.toBe(lost);
      const kept = `${publicPath}.${lost.slice(0, 16)}`;
      expect(fingerprintOf(parsePublicKey(readFileSync(kept, "utf8"), kept))).toBe(lost);
      // Halves of two keys, as after a partial restore: nobody could verify what they sign.
      copyFileSync(kept, publicPath);
      expect(() => evidenceKey(home)).toThrow(/does not match/);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it("the evidence key never signs a planted bundle", () => {
    const task = signed.task();
    const { evidence, gate } = task;
    if (evidence === null || gate === null) throw new Error("nothing was sealed");
    const { manifest } = signedBundleOf(task, signed.blobs);
    const control = (planted: string | null) => {
      const canaries =
        planted === null
          ? {}
          : {
              c: {
                canary_id: "c-aaaaaaaaaaaaaaaa",
                bundle: { ...evidence.bundle, digest: planted },
                planted: "known-bad",
                verdicts: [],
              },
            };
      const state = { ...signed.state(), canaries: canaries as never };
      const log = { stateWith: () => state, head: signed.control.log.head };
      return { home: signed.home, blobs: signed.blobs, log };
    };
    for (const planted of [null, "0".repeat(64)]) {
      expect(signEvidence(task, { ...evidence, manifest }, control(planted)).size_bytes).toBeGreaterThan(0);
      expect(signDecision(task, { ...gate, judges: [] }, control(planted)).size_bytes).toBeGreaterThan(0);
    }
    const planted = control(evidence.bundle.digest);
    expect(() => signEvidence(task, { ...evidence, manifest }, planted)).toThrow(/planted/);
    expect(() => signDecision(task, { ...gate, judges: [] }, planted)).toThrow(/planted/);
  });
});

function everyPosition(length: number): number[] {
  return Array.from({ length }, (_, position) => position);
}

/** All positions of a small file; for a large one, both ends and evenly spread places between, with a step that is no multiple of base64's four. */
function samplePositions(length: number, count: number): number[] {
  if (length <= count) return everyPosition(length);
  const ends = 200;
  const between = Array.from({ length: count - 2 * ends }, (_, index) =>
    Math.floor(ends + (index * (length - 2 * ends)) / (count - 2 * ends)),
  );
  const head = Array.from({ length: ends }, (_, position) => position);
  return [...new Set([...head, ...between, ...head.map((position) => length - 1 - position)])];
}

const replaced = (bytes: Buffer, position: number, byte: number) => {
  const mutant = Buffer.from(bytes);
  mutant[position] = byte;
  return mutant;
};
/** The next character of the same kind, so that the file keeps its form as far as one byte can. */
const sibling = (byte: number) => {
  const character = String.fromCharCode(byte);
  for (const alphabet of ["0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]) {
    const at = alphabet.indexOf(character);
    if (at !== -1) return alphabet.charCodeAt((at + 1) % alphabet.length);
  }
  return byte ^ 2;
};
const mutations: Record<string, (bytes: Buffer, position: number) => Buffer> = {
  sibling: (bytes, position) => replaced(bytes, position, sibling(bytes[position] ?? 0)),
  flipped: (bytes, position) => replaced(bytes, position, (bytes[position] ?? 0) ^ 1),
  space: (bytes, position) => replaced(bytes, position, 0x20),
  removed: (bytes, position) => Buffer.concat([bytes.subarray(0, position), bytes.subarray(position + 1)]),
  inserted: (bytes, position) =>
    Buffer.concat([bytes.subarray(0, position), Buffer.from(" "), bytes.subarray(position)]),
  doubled: (bytes, position) => Buffer.concat([bytes.subarray(0, position + 1), bytes.subarray(position)]),
  "high bit": (bytes, position) => replaced(bytes, position, (bytes[position] ?? 0) ^ 0x80),
};

describe("a change with a secret", () => {
  it("a change with a secret is signed and can be verified in the home, but not exported", async () => {
    const token = `ghp_${"x7Q2mZ9kLw4RtB8sVn3Yc6HdJf1GpA5eUoTi"}`;
    const leaking = await openSignedHome({ "src/a.js": `exports.a = "${token}";\n` });
    try {
      await leaking.submit(await sealEvidence(ids.task, leaking.control));
      expect(await verifyEvidenceTask(ids.task, { home: leaking.home })).toMatchObject({ ok: true });
      await expect(exportEvidence({ home: leaking.home, taskId: ids.task })).rejects.toThrow(/possible secret/);
    } finally {
      await leaking.close();
    }
    expect((await exportEvidence({ home: signed.home, taskId: ids.task })).text).toBe(text);
  });
});
