/** A probe of a judge: what each outcome of the call says about its key. */
import type { ProbeJudge } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { probeJudge } from "../src/probe-judge.ts";
import { type AskJudge, failed } from "../src/vendor/outcome.ts";

const key = "a-key-of-this-test-000";
const work: ProbeJudge = {
  kind: "ProbeJudge",
  work_id: "ProbeJudge/1",
  nonce: "0".repeat(32),
  generation: 1,
  family: "openai",
  model: "model-1",
  base_url: null,
  timeout_ms: 1000,
};
const usage = { input_tokens: 5, output_tokens: 1 };

async function probe(ask: AskJudge, secrets: Record<string, string> = { AEDEV_OPENAI_API_KEY: key }) {
  const unasked: AskJudge = () => Promise.reject(new Error("the other family was asked"));
  return probeJudge(work, {
    home: "/nonexistent",
    secrets,
    askers: { openai: ask, gemini: unasked, compatible: unasked },
  });
}

describe("probeJudge", () => {
  it("probes with one small question and the family's own key", async () => {
    const asked: unknown[] = [];
    const answer = await probe(async (question) => {
      asked.push(question);
      return { kind: "answered", text: "{}", usage };
    });
    expect(answer).toEqual({ ok: true, detail: "model-1 answered" });
    expect(asked).toEqual([expect.objectContaining({ key, model: "model-1", baseUrl: null, timeoutMs: 1000 })]);
  });

  it("counts a truncated or odd answer as an answer if the model counted tokens, but not an unrelated page", async () => {
    expect(await probe(async () => failed("invalid_json", usage))).toMatchObject({ ok: true });
    expect(await probe(async () => failed("invalid_json"))).toEqual({ ok: false, detail: "invalid_json" });
  });

  it.each(["http_401", "http_500", "timeout", "unreachable"])("reports the problem of a probe: %s", async (detail) => {
    expect(await probe(async () => failed(detail))).toEqual({ ok: false, detail });
  });

  it("asks no judge without a key or with an empty one", async () => {
    const ask: AskJudge = () => Promise.reject(new Error("must not be asked"));
    for (const secrets of [{}, { AEDEV_OPENAI_API_KEY: "" }, { AEDEV_GEMINI_API_KEY: key }])
      expect(await probe(ask, secrets as Record<string, string>)).toEqual({ ok: false, detail: "not_configured" });
  });

  it("never includes the key in a probe's result, whatever came back", async () => {
    expect(JSON.stringify(await probe(async () => failed(`http_401 ${key}`)))).not.toContain(key);
  });
});
