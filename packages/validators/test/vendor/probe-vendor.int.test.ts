/** The probe of a judge's vendor over HTTP: one request for the list of models with the key, and never a question to a model. */
import { type Family, families } from "@aedev/contracts";
import { describe, expect, test } from "vitest";
import { probeVendorOf } from "../../src/probe-judge.ts";
import { fakeVendor } from "../plane.ts";

const key = "planted-key-of-a-probe";
const secrets = { AEDEV_OPENAI_API_KEY: key, AEDEV_GEMINI_API_KEY: key, AEDEV_COMPATIBLE_API_KEY: key };
const pathOf: Record<Family, string> = {
  openai: "/v1/models",
  gemini: "/v1beta/models?pageSize=1",
  compatible: "/v1/models",
};

function probe(family: Family, base_url: string | null, given: Record<string, string> = secrets) {
  const identity = { work_id: "ProbeVendor/1", nonce: "0".repeat(32), generation: 1 };
  const work = { kind: "ProbeVendor" as const, ...identity, family, base_url, timeout_ms: 300 };
  return probeVendorOf(work, { home: "/nonexistent", secrets: given });
}

describe.each(families)("%s", (family) => {
  test("finds a vendor available if it lists its models", async () => {
    const server = await fakeVendor((_, response) => void response.end("{}"));
    expect(await probe(family, server.url)).toEqual({ ok: true, detail: "available" });
    expect(server.requests.map(({ path, body }) => [path, body])).toEqual([[pathOf[family], ""]]);
    const header = family === "gemini" ? "x-goog-api-key" : "authorization";
    expect(server.requests[0]?.headers[header]).toContain(key);
    expect(server.requests[0]?.path).not.toContain(key);
    await server.close();
  });

  test.each([500, 503, 529, 429, 408])("finds a vendor unavailable if it answers %i", async (status) => {
    const server = await fakeVendor(
      (_, response) => void response.writeHead(status, { location: "/elsewhere" }).end("{}"),
    );
    expect(await probe(family, server.url)).toEqual({ ok: false, detail: `http_${status}` });
    expect(server.requests).toHaveLength(1);
    await server.close();
  });

  test.each([401, 403, 404, 302, 501])(
    "finds a vendor available if it answers %i, because the judge itself reports the problem, and follows no redirect",
    async (status) => {
      const server = await fakeVendor(
        (_, response) => void response.writeHead(status, { location: "/elsewhere" }).end("{}"),
      );
      expect(await probe(family, server.url)).toEqual({ ok: true, detail: "available" });
      expect(server.requests).toHaveLength(1);
      await server.close();
    },
  );

  test("finds a vendor unavailable if it drops the connection, does not answer in time, or does not exist", async () => {
    const dropping = await fakeVendor((_, response) => void response.destroy());
    expect(await probe(family, dropping.url)).toEqual({ ok: false, detail: "unreachable" });
    await dropping.close();
    expect(await probe(family, dropping.url)).toEqual({ ok: false, detail: "unreachable" });
    const silent = await fakeVendor(() => undefined);
    expect(await probe(family, silent.url)).toEqual({ ok: false, detail: "timeout" });
    await silent.close();
  });

  test("does not wait for a vendor whose key is gone, because the judge itself reports that", async () => {
    expect(await probe(family, "http://127.0.0.1:1", {})).toEqual({ ok: true, detail: "not_configured" });
  });
});

test("can't reach a judge without an address", async () => {
  expect(await probe("compatible", null)).toEqual({ ok: false, detail: "unreachable" });
});
