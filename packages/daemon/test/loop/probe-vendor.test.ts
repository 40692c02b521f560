/** What follows from the probe of a vendor: its tasks continue, or the loop tries again. */
import type { PlaneReport } from "@aedev/contracts";
import { expect, it } from "vitest";
import { probeCoderVendor, probeVendor } from "../../src/loop/probe-vendor.ts";

const work = { family: "gemini", work_id: "ProbeVendor/gemini/-/0" } as const;

function probing(ok: boolean, { model = "judge" as string | null, timeoutMs = 60_000 } = {}) {
  const orders: unknown[] = [];
  const configuration = { models: { gemini: model }, addresses: { gemini: "http://127.0.0.1:1" } };
  const control = { configuration, policy: () => ({ judges: { timeout_ms: timeoutMs } }) } as never;
  const planes = {
    async perform(plane: string, order: object): Promise<PlaneReport> {
      orders.push({ plane, ...order });
      const identity = { work_id: work.work_id, nonce: "0".repeat(32), generation: 1 };
      return { kind: "ProbeVendor", ...identity, ok, detail: ok ? "available" : "http_503" };
    },
  };
  return { orders, run: () => probeVendor(work, { control, planes }) };
}

it("waiting tasks continue if the vendor answers", async () => {
  const { orders, run } = probing(true);
  expect(await run()).toEqual({ kind: "RecordVendorProbe", family: "gemini" });
  expect(orders).toEqual([
    expect.objectContaining({ plane: "judgement", kind: "ProbeVendor", family: "gemini", timeout_ms: 30_000 }),
  ]);
});

it("the probe is tried again if the vendor does not answer", async () => {
  await expect(probing(false).run()).rejects.toMatchObject({ code: "vendor-unreachable", retry: true });
});

it("no judge is probed that is no longer configured, and nothing waits for it any longer", async () => {
  const { orders, run } = probing(false, { model: null });
  expect(await run()).toEqual({ kind: "RecordVendorProbe", family: "gemini" });
  expect(orders).toEqual([]);
});

it("the execution plane probes the vendor of the coder's model, and all its tasks continue or the probe is repeated", async () => {
  const orders: unknown[] = [];
  const run = (ok: boolean) =>
    probeCoderVendor(
      { work_id: "ProbeCoderVendor/h-1" },
      {
        async perform(plane: string, order: object): Promise<PlaneReport> {
          orders.push({ plane, ...order });
          const identity = { work_id: "ProbeCoderVendor/h-1", nonce: "0".repeat(32), generation: 1 };
          return { kind: "ProbeCoderVendor", ...identity, ok, detail: ok ? null : "api_529" };
        },
      },
    );
  expect(await run(true)).toEqual({ kind: "RecordCoderVendorProbe" });
  await expect(run(false)).rejects.toMatchObject({ code: "vendor-unreachable", retry: true });
  expect(orders[0]).toEqual(
    expect.objectContaining({ plane: "execution", kind: "ProbeCoderVendor", timeout_ms: 30_000 }),
  );
});
