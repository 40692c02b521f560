/** Planting over a real home: what a planted bundle has of its past one and what not, that none comes twice, and what is said where nothing fits. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandBody, JudgeWork, PlantedKind } from "@aedev/core";
import { verdictOf } from "@aedev/core/testing";
import { bundleManifestSchema, families } from "@aedev/core/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { presentPromptDigest } from "../../src/canary/judge-setup.ts";
import { createPlanter, type Planter } from "../../src/canary/planter.ts";
import type { Control } from "../../src/loop/control.ts";
import { judgeOrder } from "../../src/loop/judge-order.ts";
import { productRoot } from "../../src/process/product-root.ts";
import { readDocument } from "../../src/work/read-blobs.ts";
import { openControl, submit } from "../approval/asked-home.ts";
import { seeded } from "./invented-code.ts";
import { landTask, layGround, registerGround, sealCandidate, temporaryHome } from "./past-work.ts";

type PlantWork = Extract<JudgeWork, { kind: "PlantCanary" }>;
type Planted = Extract<CommandBody, { kind: "PlantCanary" }>;

const { home, remove } = temporaryHome();
const random = seeded(7);
let control: Control & AsyncDisposable;
let planter: Planter;

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
  const body = await planter.plant(work(kind), control.log.state);
  if (body.kind !== "PlantCanary") throw new Error(`${body.kind} is no planting`);
  return body;
}
const manifestOf = (digest: string) => readDocument(control, digest, bundleManifestSchema);

beforeAll(async () => {
  const opened = await openControl(home, {});
  control = { ...opened, judgePromptDigest: presentPromptDigest(productRoot) };
  planter = createPlanter(control, (below) => Math.floor(random() * below));
  await expect(plant("known-bad")).rejects.toThrow(
    "no past bundle with green checks was shown to judges; run a mission first",
  );
  const ground = layGround(home, 3, random);
  const base = await registerGround(control, ground);
  for (const candidate of ground.candidates.slice(0, 2)) {
    const isFirst = candidate === ground.candidates[0];
    const taskId = await sealCandidate(control, candidate, { base, random });
    const bundle_digest = control.log.state.tasks[taskId]?.evidence?.bundle.digest ?? "";
    // What is judged at this moment is not planted in.
    if (isFirst) await expect(plant("known-bad")).rejects.toThrow("run a mission first");
    for (const family of ["openai", "gemini"] as const)
      await submit(control, {
        kind: "RecordVerdict",
        task_id: taskId,
        verdict: { ...verdictOf(family, "pass"), bundle_digest },
      });
    // Judged and not landed: nobody knows that it is good.
    if (isFirst) await expect(plant("known-good")).rejects.toThrow("made of a change that landed");
    await landTask(control, taskId);
  }
}, 120_000);
afterAll(async () => {
  await control[Symbol.asyncDispose]();
  remove();
});

describe("a planted bundle", () => {
  it("has every entry of its past one, another patch and tree, and nothing of its ids", async () => {
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

  it("lies where real ones lie, in the same form, and is in no statement", async () => {
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

  it("is ordered in the form of real work, under a task that nobody has", async () => {
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

  it("is planted once: each is another patch, until no place is left", async () => {
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
    expect(why).toContain("every place for known-good in the past changes of this home is planted already");
    expect(patches.size).toBe(Object.keys(control.log.state.canaries).length);
    expect(patches.size).toBeGreaterThan(1);
  }, 120_000);
});
