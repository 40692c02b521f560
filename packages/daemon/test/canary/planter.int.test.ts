/** Planting in a real home: what a planted bundle shares with its past bundle, that no patch is planted twice, and the reason if nothing fits. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleManifestSchema, families, judgedEvidenceNames } from "@aedev/contracts";
import type { CommandBody, JudgeWork, PlantedKind } from "@aedev/core";
import { verdictOf } from "@aedev/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateAudit } from "../../src/canary/audit-estimate.ts";
import { presentPromptDigest } from "../../src/canary/judge-setup.ts";
import { createPlanter, type Planter } from "../../src/canary/planter.ts";
import type { Control } from "../../src/control/control.ts";
import { readDocument } from "../../src/control/read-blobs.ts";
import { judgeOrder } from "../../src/planes/judge-order.ts";
import { openControl, submit } from "../phone/approval/asked-home.ts";
import { type InventedChange, seeded } from "./invented-code.ts";
import {
  landTask,
  makePastWork,
  type PastWork,
  registerRepository,
  sealCandidate,
  temporaryHome,
} from "./past-work.ts";

type PlantWork = Extract<JudgeWork, { kind: "PlantCanary" }>;
type Planted = Extract<CommandBody, { kind: "PlantCanary" }>;

const { home, remove } = temporaryHome();
const random = seeded(7);
let control: Control & AsyncDisposable;
let planter: Planter;
let pastWork: PastWork;
let base: string;

/** Code that none of our parsers follows, with more places for defects than one planting tries. */
function withDeepCode(change: InventedChange): InventedChange {
  const lines = Array.from({ length: 900 }, (_, at) => (at % 10 === 0 ? "() => { if (a === b) go((" : "(("));
  const ends = lines.map((line) => (line === "((" ? "))" : ")) }")).toReversed();
  return { ...change, after: { ...change.before, "lib/deep.js": `${[...lines, "a", ...ends].join("\n")}\n` } };
}

const work = (planted: PlantedKind): PlantWork => ({
  kind: "PlantCanary",
  plane: "control",
  work_id: "PlantCanary/x",
  task_id: null,
  audit_id: null,
  beside: null,
  planted,
});
async function plant(kind: PlantedKind): Promise<Planted> {
  const body = await planter.plant(work(kind));
  if (body.kind !== "PlantCanary") throw new Error(`${body.kind} is no planting`);
  return body;
}
const manifestOf = (digest: string) => readDocument(control, digest, bundleManifestSchema);

beforeAll(async () => {
  const opened = await openControl(home, {});
  control = { ...opened, judgePromptDigest: presentPromptDigest() };
  planter = createPlanter(control, (below) => Math.floor(random() * below));
  await expect(plant("known-bad")).rejects.toThrow(
    "no bundle with green checks has been shown to judges yet; run a mission first",
  );
  pastWork = makePastWork(home, 3, random, (change, number) => (number === 2 ? withDeepCode(change) : change));
  base = await registerRepository(control, pastWork);
  for (const candidate of pastWork.candidates.slice(0, 2)) {
    const isFirst = candidate === pastWork.candidates[0];
    const taskId = await sealCandidate(control, candidate, { base, random });
    const bundle_digest = control.log.stateWith({ tasks: [taskId] }).tasks[taskId]?.evidence?.bundle.digest ?? "";
    // A change that is being judged is not planted in.
    if (isFirst) await expect(plant("known-bad")).rejects.toThrow("run a mission first");
    for (const family of ["openai", "gemini"] as const)
      await submit(control, {
        kind: "RecordVerdict",
        task_id: taskId,
        verdict: { ...verdictOf(family, "pass"), bundle_digest },
      });
    // The change was judged but has not landed, so nobody knows that it is good.
    if (isFirst) await expect(plant("known-good")).rejects.toThrow("needs a change that landed");
    await landTask(control, taskId);
  }
}, 120_000);
afterAll(async () => {
  await control[Symbol.asyncDispose]();
  remove();
});

describe("a planted bundle", () => {
  it("a planted bundle has every entry of the past bundle, another patch and tree, and none of its ids", async () => {
    const body = await plant("known-bad");
    const [planted, past] = [manifestOf(body.bundle.digest), manifestOf(body.source.bundle_digest)];
    expect(Object.keys(planted.entries).sort()).toEqual(Object.keys(past.entries).sort());
    for (const name of ["patch", "tree", "specification", "test-matrix", "path-report"] as const)
      expect(planted.entries[name]?.digest, name).not.toBe(past.entries[name]?.digest);
    for (const name of ["base-commit", "environment", "secret-report"] as const)
      expect(planted.entries[name]?.digest, name).toBe(past.entries[name]?.digest);
    expect(planted.entries.patch?.media_type).toBe(past.entries.patch?.media_type);
    expect(planted.parent).toBeNull();
  });

  it("a planted bundle is stored where real bundles are, in the same form, and is in no statement", async () => {
    const body = await plant("known-bad");
    const folder = (digest: string) => join(home, "bundles", digest);
    const names = (digest: string) =>
      readdirSync(folder(digest))
        .map((name) => (name === "manifest.json" ? name : name.replace(/./g, "x")))
        .sort();
    expect(names(body.bundle.digest)).toEqual(names(body.source.bundle_digest));
    expect(JSON.parse(readFileSync(join(folder(body.bundle.digest), "manifest.json"), "utf8"))).toMatchObject({
      schema: 1,
    });
    expect(Object.keys(body).filter((key) => /sign|statement/.test(key))).toEqual([]);
    expect(JSON.stringify(manifestOf(body.bundle.digest))).not.toMatch(/canary|planted|known/);
    expect(existsSync(join(folder(body.bundle.digest), body.canary_id))).toBe(false);
  });

  it("a planted bundle is ordered in the form of real work, under an unused task id", async () => {
    const body = await plant("known-good");
    const verdict_nonce = body.verdict_nonces.openai ?? "";
    const order = judgeOrder(
      { task_id: "t-0123456789abcdef", family: "openai", bundle: body.bundle, verdict_nonce },
      control,
    );
    expect(order.work_id).toBe(`JudgeEvidence/${body.bundle.digest}/openai`);
    expect(JSON.stringify(order)).not.toContain(body.canary_id);
    expect(Object.keys(body.verdict_nonces).sort()).toEqual(
      families.filter((family) => family !== "compatible").toSorted(),
    );
  });

  it("each planted bundle has another patch, until no place is left", async () => {
    const patches = new Set<string>();
    let why = "";
    for (let number = 0; number < 60 && why === ""; number += 1) {
      try {
        const body = await plant("known-good");
        await submit(control, body);
        patches.add(manifestOf(body.bundle.digest).entries.patch?.digest ?? "");
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
    }
    expect(why).toContain("every place for known-good in this home's past changes is already used");
    expect(patches.size).toBe(control.log.views.canaries().length);
    expect(patches.size).toBeGreaterThan(1);
  }, 120_000);

  it("a planted bundle is a new question only to a judge that was added since or gave no answer", async () => {
    const { models } = control.configuration;
    const say = async (family: "openai" | "gemini", change: Partial<ReturnType<typeof verdictOf>>) => {
      for (const { canary_id, bundle, verdicts, verdict_nonces } of control.log.views.canaries())
        if (verdict_nonces[family] !== undefined && !verdicts.some((verdict) => verdict.family === family))
          await submit(control, {
            kind: "RecordCanaryVerdict",
            canary_id,
            verdict: {
              ...verdictOf(family, "pass"),
              model: models[family] ?? "",
              prompt_digest: control.judgePromptDigest,
              bundle_digest: bundle.digest,
              ...change,
            },
          });
    };
    const asksOf = async (change: Partial<typeof models>) => {
      const configuration = { ...control.configuration, models: { ...models, ...change } };
      const body = await createPlanter({ ...control, configuration }).plant(work("known-good"));
      return body.kind === "PlantCanary" ? Object.keys(body.verdict_nonces) : [];
    };
    const fill = async () => {
      // Its own planter also knows patches that another test planted and did not keep.
      const fresh = createPlanter(control);
      for (let isLeft = true; isLeft; ) {
        const next = await fresh.plant(work("known-good")).catch(() => null);
        if (next !== null) await submit(control, next);
        isLeft = next !== null;
      }
    };
    await fill();
    await say("openai", {});
    await say("gemini", { verdict: "inconclusive", detail: "http_500" });
    expect(await asksOf({})).toEqual(["gemini"]);
    const body = await plant("known-good");
    expect(Object.keys(body.verdict_nonces)).toEqual(["gemini"]);
    await submit(control, body);
    await fill();
    await say("openai", {});
    await say("gemini", {});
    await expect(asksOf({})).rejects.toThrow("is already used");
    expect(await asksOf({ gemini: "another" })).toEqual(["gemini"]);
    expect(await asksOf({ openai: "another", gemini: "another" })).toEqual(["openai", "gemini"]);
  }, 120_000);

  it("if a blob of a past change is missing or corrupt, whether read early or late, other past changes are used", async () => {
    const sourceOf = async () => {
      const body = await createPlanter(control).plant(work("known-bad"));
      return body.kind === "PlantCanary" ? body.source.bundle_digest : "";
    };
    const [first, second] = control.log.views.plantableTasks(200).map(({ evidence }) => evidence?.bundle.digest ?? "");
    for (const name of ["patch", "usage"] as const) {
      const path = control.blobs.pathOf(manifestOf(first ?? "").entries[name]?.digest ?? "");
      const bytes = readFileSync(path);
      for (const spoil of [() => rmSync(path), () => writeFileSync(path, "spoiled")]) {
        spoil();
        for (let times = 0; times < 2; times += 1) expect(await sourceOf()).toBe(second);
        rmSync(path, { force: true });
        writeFileSync(path, bytes);
      }
    }
    const [canary] = control.log.views.canaries();
    const manifest = control.blobs.pathOf(canary?.bundle.digest ?? "");
    const kept = readFileSync(manifest);
    rmSync(manifest);
    expect([first, second]).toContain(await sourceOf());
    expect(estimateAudit(1, control).calls).toBeGreaterThan(0);
    writeFileSync(manifest, kept);
    const sources = new Set<string>();
    for (let times = 0; times < 20 && sources.size < 2; times += 1) sources.add(await sourceOf());
    expect(sources).toEqual(new Set([first, second]));
  }, 120_000);

  it("the estimated cost of a canary counts every entry that judges read", () => {
    const sizes = control.log.views.plantableTasks(20).map(({ evidence }) => {
      const { entries } = readDocument(control, evidence?.bundle.digest ?? "", bundleManifestSchema);
      expect(entries.environment?.size_bytes).toBeGreaterThan(0);
      return judgedEvidenceNames.reduce((sum, name) => sum + (entries[name]?.size_bytes ?? 0), 0);
    });
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const { calls, input_tokens } = estimateAudit(1, control);
    expect(input_tokens).toBe(Math.round((calls * (mean + 4_000)) / 4));
  });

  it("if nothing can be built in a past change, however many places it has, others are used", async () => {
    const candidate = pastWork.candidates[2];
    if (candidate === undefined) throw new Error("three changes were invented");
    const taskId = await sealCandidate(control, candidate, { base, random });
    const deep = control.log.stateWith({ tasks: [taskId] }).tasks[taskId]?.evidence?.bundle.digest ?? "";
    for (const family of ["openai", "gemini"] as const)
      await submit(control, {
        kind: "RecordVerdict",
        task_id: taskId,
        verdict: { ...verdictOf(family, "pass"), bundle_digest: deep },
      });
    // No source was planted in yet, so each comes first in turn.
    const sources: string[] = [];
    for (let times = 0; times < 12; times += 1) {
      const body = await createPlanter(control).plant(work("known-bad"));
      if (body.kind === "PlantCanary") sources.push(body.source.bundle_digest);
    }
    expect(sources).toHaveLength(12);
    expect(sources).not.toContain(deep);
  }, 120_000);
});
