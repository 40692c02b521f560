/** What `aedev gc` deletes, on a home with sealed evidence: nothing that can be needed, and what events name only with an event that says so. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ids } from "@aedev/core/testing";
import { removeUnused } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { describe, expect, it } from "vitest";
import { signHead } from "../../src/home/signed-head.ts";
import { exportEvidence } from "../../src/reader/evidence-of-home.ts";
import { evidenceOf, verifyLog } from "../../src/reader/offline.ts";
import { verifyEvidenceTask } from "../../src/reader/verify-evidence.ts";
import { type CollectedHome, collectGarbage } from "../../src/retention/collect.ts";
import { type CollectionPlan, planCollection } from "../../src/retention/plan.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

const dayMs = 86_400_000;
const retention = {
  everyMs: null,
  blobsMs: 30 * dayMs,
  preparedMs: 30 * dayMs,
  preparedBytesMax: 12,
  logsMs: 30 * dayMs,
};

const planOf = ({ home }: SignedHome, days: number, blobsMs: number | null = retention.blobsMs) =>
  planCollection(home, { retention: { ...retention, blobsMs }, nowMs: Date.now() + days * dayMs });

function target(signed: SignedHome, submit?: CollectedHome["submit"]): CollectedHome {
  const { home, blobs } = signed;
  return {
    home,
    blobs,
    state: signed.state,
    submit:
      submit ??
      (async (body) => {
        await signed.submit(body);
        return null;
      }),
  };
}

const blobsOf = ({ home }: SignedHome) =>
  readdirSync(homeLayout(home).blobs, { recursive: true, encoding: "utf8" }).filter((path) => path.includes("/"));

async function sealedHome(): Promise<SignedHome> {
  const signed = await openSignedHome();
  await signed.seal();
  await signed.decide();
  return signed;
}

describe("evidence", () => {
  it("evidence of an ended task expires with an event and verifies as expired; what is missing without one is lost", async () => {
    const signed = await sealedHome();
    const { home } = signed;
    const verify = () => verifyEvidenceTask(ids.task, { home });
    const everything = blobsOf(signed).length;
    const { specification } = signed.task();
    // What has not ended is needed, however old it is.
    expect(await planOf(signed, 4_000)).toMatchObject({ expired: [], unused: [] });
    await signed.submit({ kind: "CancelTask", task_id: ids.task });
    expect(await planOf(signed, 20)).toMatchObject({ expired: [] });
    expect(await planOf(signed, 4_000, null)).toMatchObject({ expired: [], unused: [] });
    const plan = await planOf(signed, 40);
    expect(plan.expired.length).toBeGreaterThan(5);
    const [again = ""] = plan.expired;
    const [asWritten, putAgain] = [new Date(), new Date(Date.now() + 39 * dayMs)];
    utimesSync(signed.blobs.pathOf(again), putAgain, putAgain);
    expect((await planOf(signed, 40)).expired).toEqual(plan.expired.slice(1));
    utimesSync(signed.blobs.pathOf(again), asWritten, asWritten);
    expect(blobsOf(signed).length).toBe(everything);

    const refusal = { kind: "refused", code: "log-untrusted", reason: "planted" } as const;
    expect(
      await collectGarbage(
        target(signed, async () => refusal),
        plan,
      ),
    ).toEqual(refusal);
    expect(plan.expired.every((digest) => signed.blobs.has(digest))).toBe(true);
    expect(await verify()).toMatchObject({ ok: true });

    expect(await collectGarbage(target(signed), plan)).toMatchObject({
      dry_run: false,
      expired: { count: plan.expired.length, size_bytes: plan.expired_bytes },
    });
    expect(plan.expired.filter((digest) => signed.blobs.has(digest))).toEqual([]);
    signHead(home, signed.control.log, new Date().toISOString());
    const report = await verify();
    expect(report.problem).toBe(null);
    const today = new Date().toISOString().slice(0, 10);
    expect(report.steps.filter(({ what }) => what.includes(`expired on ${today}`)).length).toBeGreaterThan(5);
    expect(verifyLog({ home, blobs: true })).toMatchObject({
      ok: true,
      warnings: [expect.stringMatching(/\d+ blobs expired on/)],
    });
    await expect(exportEvidence({ home, taskId: ids.task })).rejects.toMatchObject({ code: "blob-expired" });
    expect(() => evidenceOf({ home, taskId: ids.task })).toThrow(/expired on/);
    expect(await planOf(signed, 40)).toMatchObject({ expired: [], unused: [] });

    rmSync(signed.blobs.pathOf(specification.digest));
    expect(verifyLog({ home, blobs: true })).toMatchObject({
      ok: false,
      problems: [expect.stringContaining(`${specification.digest} is missing`)],
    });
    await signed.close();
  });

  it("evidence that is missing without an event is broken, and so is expired evidence that was changed", async () => {
    const signed = await sealedHome();
    const { home } = signed;
    const { digest } = evidenceOf({ home, taskId: ids.task }).manifest.entries["test-changes"] ?? { digest: "" };
    const bytes = readFileSync(signed.blobs.pathOf(digest));
    rmSync(signed.blobs.pathOf(digest));
    expect(await verifyEvidenceTask(ids.task, { home })).toMatchObject({
      ok: false,
      problem: { part: "blob test-changes" },
    });
    writeFileSync(signed.blobs.pathOf(digest), bytes);
    await signed.submit({ kind: "CancelTask", task_id: ids.task });
    await collectGarbage(target(signed), await planOf(signed, 40));
    expect(await verifyEvidenceTask(ids.task, { home })).toMatchObject({ ok: true });
    mkdirSync(join(homeLayout(home).blobs, digest.slice(0, 2)), { recursive: true });
    writeFileSync(signed.blobs.pathOf(digest), "other bytes");
    expect(await verifyEvidenceTask(ids.task, { home })).toMatchObject({ ok: false });
    await signed.close();
  });
});

describe("what nothing refers to", () => {
  it("an unused blob is deleted after a week, unless it was stored again since it was found", async () => {
    const signed = await openSignedHome();
    const { blobs } = signed;
    const [old, again] = ["nobody knows this", "this comes back"].map((text) => blobs.put(text, "text/plain").digest);
    expect((await planOf(signed, 0)).unused).toEqual([]);
    expect((await planOf(signed, 6)).unused).toEqual([]);
    const plan = await planOf(signed, 8);
    expect(plan.unused.length).toBe(2);
    const late = new Date(plan.made_at_ms + 1000);
    utimesSync(blobs.pathOf(`${again}`), late, late);
    expect(await collectGarbage(target(signed), plan)).toMatchObject({ unused: { count: 1 } });
    expect([blobs.has(`${old}`), blobs.has(`${again}`)]).toEqual([false, true]);
    expect(Buffer.from(blobs.get(`${again}`)).toString("utf8")).toBe("this comes back");
    await signed.close();
  });

  it("an unused blob is restored if its removal was interrupted, and what was written meanwhile is kept", async () => {
    const signed = await openSignedHome();
    const { digest } = signed.blobs.put("needed", "text/plain");
    const path = signed.blobs.pathOf(digest);
    const before = Date.now() - 1_000;
    expect(removeUnused(path, before)).toBe(false);
    writeFileSync(`${path}.removed`, "needed");
    rmSync(path);
    const plan = await planOf(signed, 0);
    expect(plan.removed.length).toBe(1);
    await collectGarbage(target(signed), plan);
    expect(Buffer.from(signed.blobs.get(digest)).toString("utf8")).toBe("needed");
    expect(existsSync(`${path}.removed`)).toBe(false);
    await signed.close();
  });

  it("unused files (caches, run logs, bundles, mirrors) are deleted by age, but no file of open work", async () => {
    const signed = await sealedHome();
    const layout = homeLayout(signed.home);
    const hex = "a".repeat(64);
    const bundle = signed.task().evidence?.bundle.digest ?? "";
    const paths = {
      prepared: join(layout.prepared, `${hex}.tar`),
      log: layout.runLog("r-bbbbbbbbbbbbbbbb"),
      bundle: join(layout.bundles, hex),
      mirror: layout.mirror("gone"),
      ownLog: layout.runLog(ids.run),
      ownBundle: join(layout.bundles, bundle),
      ownMirror: layout.mirror("repo"),
      daemonLog: layout.planeLog("daemon"),
    };
    for (const path of [paths.bundle, paths.mirror, paths.ownBundle]) mkdirSync(path, { recursive: true });
    for (const path of [paths.prepared, paths.log, paths.ownLog, paths.daemonLog]) writeFileSync(path, "bytes");
    const kindsOf = ({ files }: CollectionPlan) => files.map(({ kind }) => kind).toSorted();
    expect(kindsOf(await planOf(signed, 0))).toEqual([]);
    expect(kindsOf(await planOf(signed, 2))).toEqual(["bundle", "mirror"]);
    // Prepared dependencies are deleted earlier if together they are too large, but never the last used one or one that may be in use.
    const later = join(layout.prepared, `${"b".repeat(64)}.tar`);
    writeFileSync(later, "more bytes");
    utimesSync(paths.prepared, new Date(0), new Date(0));
    expect((await planOf(signed, 0)).files).toMatchObject([{ kind: "prepared", path: paths.prepared }]);
    utimesSync(paths.prepared, new Date(), new Date());
    expect((await planOf(signed, 0)).files).toEqual([]);
    rmSync(later);
    const plan = await planOf(signed, 31);
    expect(kindsOf(plan)).toEqual(["bundle", "log", "mirror", "prepared"]);
    await collectGarbage(target(signed), plan);
    const { prepared, log, bundle: folder, mirror, ...kept } = paths;
    expect([prepared, log, folder, mirror].filter((path) => existsSync(path))).toEqual([]);
    expect(Object.values(kept).filter((path) => !existsSync(path))).toEqual([]);
    await signed.close();
  });
});
