/** `aedev mission report` on homes with real evidence, the daemon down: every reference resolves, and evidence that was tampered with is not cited. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type MissionReport, missionReportSchema, pageQuerySchema } from "../packages/contracts/src/api/index.ts";
import { specificationSchema } from "../packages/contracts/src/index.ts";
import { ids, life, startLanding } from "../packages/core/src/testing/index.ts";
import { blobStore } from "../packages/daemon/src/home/blobs.ts";
import { openLogReader } from "../packages/daemon/src/reader/log-reader.ts";
import { openOffline } from "../packages/daemon/src/reader/open-offline.ts";
import { verifyEvidenceTask } from "../packages/daemon/src/reader/verify-evidence.ts";
import { reportMission } from "../packages/daemon/src/report/report-mission.ts";
import { sealEvidence } from "../packages/daemon/src/work/seal-evidence.ts";
import { openSignedHome, type SignedHome } from "../packages/daemon/test/evidence/signed-home.ts";
import { homeLayout } from "../packages/host/src/home-layout.ts";
import { sha256 } from "../packages/host/src/sha256.ts";
import { makePrivate } from "./support/copy-home.ts";
import { temporaryFolder } from "./support/git-repositories.ts";

const program = fileURLToPath(new URL("../bin/aedev", import.meta.url));
const archive = fileURLToPath(new URL("recorded/372e44a.tar.br", import.meta.url));
const hostileFile = "src/<img src=x onerror=alert(1)>.js";
const hostileTitle = "<img src=x onerror=alert(1)> \u001b]0;owned\u0007 \u202egnp.exe";
const unsafe = ["\u001b", "\u0007", "\u202e"];
const hostileMission = "m-bbbbbbbbbbbbbbbb";
let signed: SignedHome;
/** A home with hostile texts: a path of a change that no judge may see, and a title. */
let hostile: SignedHome;

beforeAll(async () => {
  signed = await openSignedHome();
  await signed.seal();
  await signed.decide();
  hostile = await openSignedHome({ "src/a.js": "exports.a = 2;\n", [hostileFile]: "exports.b = 3;\n" });
  await hostile.submit(await sealEvidence(ids.task, hostile.control));
  await hostile.decide();
  await hostile.submit({ ...life["submitted"], mission_id: hostileMission, title: hostileTitle } as never);
}, 60_000);
afterAll(() => Promise.all([signed.close(), hostile.close()]));

async function aedev(home: string, ...args: string[]) {
  const environment = { PATH: process.env.PATH, HOME: "/nonexistent", AEDEV_HOME: home };
  return execa(program, args, { env: environment, extendEnv: false, reject: false, cwd: home });
}

type Reference = MissionReport["sections"][number]["statements"][number]["evidence"][number];

/** Why a reference names nothing that the home has; null: it resolves. */
async function unresolved(home: string, reference: Reference): Promise<string | null> {
  const blobs = blobStore(home);
  const eventAt = async (position: number) => {
    using reader = openLogReader(homeLayout(home).log);
    return (await reader.listEvents({ after: position - 1, limit: 1 }))[0];
  };
  switch (reference.kind) {
    case "event":
      return (await eventAt(reference.position))?.type === reference.type ? null : "no such event";
    case "commit": {
      const event = await eventAt(reference.position);
      return JSON.stringify(event?.data ?? "").includes(reference.commit) ? null : "the event does not name the commit";
    }
    case "criterion": {
      const text = Buffer.from(blobs.get(reference.specification)).toString("utf8");
      const { criteria } = specificationSchema.parse(JSON.parse(text));
      return criteria.some(({ id }) => id === reference.id) ? null : "no such criterion";
    }
    case "evidence": {
      const { ok, bundle_digest, evidence } = await verifyEvidenceTask(reference.task_id, { home });
      if (!ok || bundle_digest !== reference.bundle) return "the bundle does not verify";
      const { entry, digest } = reference;
      if (entry === null)
        return digest === reference.bundle && sha256(blobs.get(digest)) === digest ? null : "no bundle";
      const isEntry = evidence?.manifest.entries[entry]?.digest === digest && sha256(blobs.get(digest)) === digest;
      return isEntry ? null : "no such entry";
    }
  }
}

async function expectResolved(home: string, report: MissionReport): Promise<Set<string>> {
  expect(missionReportSchema.parse(report)).toEqual(report);
  const references = report.sections.flatMap(({ statements }) => statements.flatMap(({ evidence }) => evidence));
  const each = [...new Map(references.map((one) => [JSON.stringify(one), one])).values()];
  for (const one of each) expect({ one, why: await unresolved(home, one) }).toEqual({ one, why: null });
  return new Set(each.map(({ kind }) => kind));
}

async function reportOf(missionId: string): Promise<MissionReport> {
  const { stdout, exitCode } = await aedev(signed.home, "mission", "report", missionId, "--json");
  expect(exitCode).toBe(0);
  return missionReportSchema.parse(JSON.parse(stdout));
}

it("every reference of every mission that an earlier version recorded resolves, whatever became of the mission", async () => {
  const folder = temporaryFolder();
  await execa("tar", ["-x", "-C", folder], { input: brotliDecompressSync(readFileSync(archive)) });
  const home = join(folder, "recorded/home");
  makePrivate(home);
  using offline = openOffline(home);
  const { missions } = offline.missionPage(pageQuerySchema.parse({ limit: 100 }));
  const statuses = new Set(missions.map(({ status }) => status));
  for (const status of ["awaiting_approval", "asked", "held", "landed", "cancelled", "rejected"] as const)
    expect(statuses).toContain(status);
  const kinds = new Set<string>();
  for (const { mission_id: missionId } of missions) {
    const { report } = await reportMission({ home, missionId, format: "md" });
    for (const kind of await expectResolved(home, report)) kinds.add(kind);
  }
  expect([...kinds].toSorted()).toEqual(["commit", "criterion", "event", "evidence"]);
}, 180_000);

it("a reference to something else does not resolve", async () => {
  const { task_id, bundle } = { task_id: ids.task, bundle: signed.task().evidence?.bundle.digest ?? "" };
  const wrong: Reference[] = [
    { kind: "event", position: 1, type: "ChangeLanded" },
    { kind: "event", position: 999_999, type: "ChangeLanded" },
    { kind: "commit", commit: "0".repeat(40), position: 2 },
    { kind: "criterion", id: "c9", specification: signed.task().specification.digest },
    { kind: "evidence", task_id, bundle, entry: "checks", digest: bundle },
    { kind: "evidence", task_id, bundle: "0".repeat(64), entry: null, digest: "0".repeat(64) },
  ];
  for (const one of wrong) expect({ one, why: await unresolved(signed.home, one) }).not.toEqual({ one, why: null });
});

it("hostile texts of title and path are text in all formats, with the daemon down", async () => {
  for (const [mission, written] of [
    [ids.mission, "onerror=alert(1)"],
    [hostileMission, "\\u{202e}gnp.exe"],
  ] as const) {
    const outputs = new Map<string, string>();
    for (const format of ["md", "html", "json"]) {
      const { stdout, exitCode } = await aedev(hostile.home, "mission", "report", mission, "--format", format);
      expect({ format, exitCode }).toEqual({ format, exitCode: 0 });
      expect(unsafe.filter((character) => stdout.includes(character))).toEqual([]);
      outputs.set(format, stdout);
    }
    expect(outputs.get("html")).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(outputs.get("html")).toContain(written);
    expect(outputs.get("html")).not.toMatch(/<img|<script/);
    expect(outputs.get("md")).toContain("\\< img src=x onerror=alert(1)\\>");
    expect(JSON.stringify(JSON.parse(outputs.get("json") ?? ""))).toContain("<img src=x onerror=alert(1)>");
    expect((await aedev(hostile.home, "mission", "report", mission, "--json")).stdout).toBe(outputs.get("json"));
  }
}, 60_000);

it("evidence with one changed byte is not cited, and the report says which part is broken; restored, it is cited", async () => {
  const digest = signed.task().manifest?.entries["test-matrix"]?.digest ?? "";
  const path = blobStore(signed.home).pathOf(digest);
  const bytes = readFileSync(path);
  const cited = async () => {
    const report = await reportOf(ids.mission);
    const kinds = await expectResolved(signed.home, report);
    return { cites: kinds.has("evidence"), text: JSON.stringify(report) };
  };
  expect(await cited()).toMatchObject({ cites: true, text: expect.not.stringContaining("is not valid") });
  const changed = Buffer.from(bytes);
  changed[10] = (changed[10] ?? 0) ^ 1;
  chmodSync(path, 0o600);
  writeFileSync(path, changed);
  expect(await cited()).toMatchObject({
    cites: false,
    text: expect.stringContaining("nothing is cited from it: blob test-matrix: its bytes do not match its digest"),
  });
  writeFileSync(path, bytes);
  expect(await cited()).toMatchObject({ cites: true });
}, 60_000);

it("a change that is approved and lands names who approved it, its commit, and how to take it back", async () => {
  await signed.submit({ kind: "ApproveLanding", task_id: ids.task, digest: null, way: "terminal" } as never);
  const { base_commit, tree } = signed.task();
  await signed.submit({ ...startLanding, base_commit, tree } as never);
  await signed.submit(life["landed"] as never);
  const report = await reportOf(ids.mission);
  await expectResolved(signed.home, report);
  const text = report.sections.flatMap(({ statements }) => statements.map((one) => one.text)).join("\n");
  expect(text).toContain("approved by operator in the terminal");
  expect(text).toContain(`Landed as commit ${"9".repeat(40)} on main`);
  expect(text).toContain(`aedev task revert ${ids.task}`);
});
