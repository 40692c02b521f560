/** Probes: refused until the planes are ready, accepted only with a report of their own kind, and stopped when nobody waits. */
import { noUsage, type PlaneReport } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import type { Control } from "../../src/control/control.ts";
import { PlaneEnded } from "../../src/planes/plane.ts";
import type { Planes } from "../../src/planes/planes.ts";
import { createProbes } from "../../src/planes/probes.ts";

const control = {
  configuration: {
    runLimits: { run_timeout_ms: 1 },
    gatewayLimits: { model: "m" },
    models: { openai: "gpt", gemini: "gem" },
    addresses: { openai: null, gemini: null },
  },
  policy: () => ({ judges: { timeout_ms: 7 } }),
} as never as Control;
const envelope = { work_id: "w", nonce: "0".repeat(32), generation: 1 };
const tried: PlaneReport = {
  kind: "TryRepository",
  ...envelope,
  result: { outcome: "tried", commands: [], writable: [], refused_at_top: [] },
};
const order = {
  repository: "shop",
  baseCommit: "a".repeat(40),
  settings: { prepare: null, build: null, inputs: [], outputs: [], verify: [], tests: [], image: null },
};

interface Seen {
  readonly work: Record<string, unknown>[];
  readonly stopped: string[];
}
function planesThat(perform: () => Promise<PlaneReport>): { planes: Planes; seen: Seen } {
  const seen: Seen = { work: [], stopped: [] };
  const planes: Planes = {
    started: Promise.resolve(),
    perform: (name, work) => {
      seen.work.push({ plane: name, ...work });
      return perform();
    },
    forgetRun: () => undefined,
    stopRun: (runId) => void seen.stopped.push(runId),
    tellRun: () => undefined,
    runsUnderWay: () => [],
    processIds: () => ({ execution: null, judgement: null }),
    stop: async () => undefined,
  };
  return { planes, seen };
}

describe("a probe", () => {
  it("a probe is refused until the planes are open, and while one is away", async () => {
    const { planes } = planesThat(async () => tried);
    let opened: Planes | null = null;
    const probes = createProbes({ control, planes: () => opened });
    await expect(probes.tryRepository(order)).rejects.toMatchObject({ code: "plane-not-ready" });
    opened = planes;
    expect(await probes.tryRepository(order)).toEqual(tried.result);
    opened = planesThat(() => Promise.reject(new PlaneEnded("it ended"))).planes;
    await expect(probes.tryRepository(order)).rejects.toMatchObject({ code: "plane-not-ready" });
  });

  it("each plane gets its own probes, with fresh ids", async () => {
    const reports: PlaneReport[] = [
      { kind: "ProbeCoder", ...envelope, ok: true, detail: "hello" },
      { kind: "ProbeJudge", ...envelope, ok: false, detail: "no key" },
      tried,
      tried,
    ];
    const { planes, seen } = planesThat(async () => reports.shift() ?? tried);
    const probes = createProbes({ control, planes: () => planes });
    expect(await probes.probeCoder()).toMatchObject({ ok: true, detail: "hello" });
    expect(await probes.probeJudge("gemini")).toMatchObject({ ok: false });
    await probes.tryRepository(order);
    await probes.tryRepository(order);
    expect(seen.work).toMatchObject([
      { plane: "execution", kind: "ProbeCoder", gateway: { model: "m" } },
      { plane: "judgement", kind: "ProbeJudge", family: "gemini", model: "gem", timeout_ms: 7 },
      { plane: "execution", kind: "TryRepository", repository: "shop", base_commit: "a".repeat(40) },
      { plane: "execution", kind: "TryRepository" },
    ]);
    expect(new Set(seen.work.map(({ work_id }) => work_id)).size).toBe(4);
  });

  it("a probe spends once while the same question is under way, and again after its answer", async () => {
    const open: (() => void)[] = [];
    const { planes, seen } = planesThat(async () => {
      await new Promise<void>((resolve) => open.push(resolve));
      const { kind } = seen.work.at(-1) as { kind: "ProbeCoder" | "ProbeJudge" };
      return { kind, ...envelope, ok: true, detail: kind };
    });
    const probes = createProbes({ control, planes: () => planes });
    const asked = Array.from({ length: 20 }, () => probes.probeCoder());
    expect(seen.work.map(({ kind }) => kind)).toEqual(["ProbeCoder"]);
    open[0]?.();
    expect((await Promise.all(asked)).map(({ detail }) => detail)).toEqual(Array(20).fill("ProbeCoder"));
    const others = [probes.probeJudge("openai"), probes.probeJudge("gemini"), probes.probeCoder()];
    expect(seen.work.map(({ kind }) => kind)).toEqual(["ProbeCoder", "ProbeJudge", "ProbeJudge", "ProbeCoder"]);
    void Promise.allSettled(others);
  });

  it("a probe accepts no report of another kind", async () => {
    const { planes } = planesThat(async () => tried);
    const probes = createProbes({ control, planes: () => planes });
    await expect(probes.probeCoder()).rejects.toMatchObject({ code: "report-mismatch" });
  });

  it("a probe's run stops only when no caller waits any more", async () => {
    const held = {
      outcome: "held",
      code: "HOLD-CODER-FAILED",
      detail: null,
      resumes_at: null,
      retry_free: true,
    } as const;
    const rest = { usage: noUsage, journal: null, patch: null, exit_code: null };
    let answer: (report: PlaneReport) => void = () => undefined;
    const { planes, seen } = planesThat(() => new Promise((resolve) => (answer = resolve)));
    const probes = createProbes({ control, planes: () => planes });
    const abort = new AbortController();
    const trying = probes.tryRepository(order, abort.signal);
    expect(seen.stopped).toEqual([]);
    abort.abort();
    expect(seen.stopped).toEqual([seen.work[0]?.["run_id"]]);
    answer({ kind: "TryRepository", ...envelope, result: { ...held, ...rest } });
    expect((await trying).outcome).toBe("held");
    await expect(probes.tryRepository(order, abort.signal)).rejects.toMatchObject({ code: "given-up" });
  });
});
