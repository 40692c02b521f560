/** The reason with which a run ends, and the cleaning of a coder's question. */
import { describe, expect, it } from "vitest";
import { plainQuestion } from "../../src/coder/leftovers.ts";
import { type Observed, outcomeOf } from "../../src/coder/outcome.ts";

const blob = { digest: "a".repeat(64), size_bytes: 1, media_type: "text/x-diff" };
const fine: Observed = {
  endReason: null,
  stuck: null,
  exitCode: 0,
  outOfMemory: false,
  gatewayEnding: null,
  lastAnswer: 200,
  question: null,
  breaks: null,
  captured: { tree: "b".repeat(40), patch: blob, isEmpty: false, finding: null, notes: null },
  usage: { input_tokens: 1, output_tokens: 1, cache_read_tokens: 0, cache_write_tokens: 0, requests: 1 },
  environment: {
    image: "i",
    image_id: "i",
    engine_version: "1",
    coder_version: "1",
    prepare_cache_key: null,
    model: "m",
  },
  journal: blob,
  transcript: null,
  heard: 0,
  session: null,
};
const limit = { code: "HOLD-USAGE-LIMIT", detail: null, resumesAt: "2026-01-01T00:00:00.000Z" } as const;

describe("outcomeOf", () => {
  it("captures a run that ended on its own with a change", () => {
    expect(outcomeOf(fine)).toMatchObject({ outcome: "captured", tree: "b".repeat(40), exit_code: 0 });
  });

  it.each<[Partial<Observed>, object]>([
    [
      { endReason: "timeout", exitCode: 137 },
      { code: "HOLD-CODER-TIMEOUT", exit_code: 124, patch: blob },
    ],
    [
      { endReason: "stuck", exitCode: 137, stuck: { kind: "no-traffic", for_ms: 900_000 } },
      {
        code: "HOLD-NO-PROGRESS",
        detail: "no request to the model for 900 seconds",
        patch: blob,
        stuck: { kind: "no-traffic" },
      },
    ],
    [
      { endReason: "engine", exitCode: 143 },
      { code: "HOLD-DOCKER-UNAVAILABLE", exit_code: 143, retry_free: false, patch: blob },
    ],
    [
      { endReason: "bytes", exitCode: 137 },
      { code: "HOLD-BUDGET", detail: "bytes" },
    ],
    [{ endReason: "disk", exitCode: 137 }, { code: "HOLD-DISK-LOW" }],
    [{ endReason: "files" }, { code: "HOLD-BUDGET", detail: "files" }],
    [
      { endReason: "gateway", exitCode: 137, gatewayEnding: limit },
      { code: "HOLD-USAGE-LIMIT", resumes_at: limit.resumesAt },
    ],
    [{ exitCode: 1 }, { code: "HOLD-CODER-FAILED", detail: "exit_1" }],
    [
      { exitCode: 1, lastAnswer: 401 },
      { code: "HOLD-CODER-FAILED", detail: "api_401" },
    ],
    [
      { exitCode: 1, lastAnswer: "unreachable" },
      { code: "HOLD-CODER-UNAVAILABLE", detail: "unreachable", patch: blob },
    ],
    [
      { exitCode: 1, lastAnswer: 529 },
      { code: "HOLD-CODER-UNAVAILABLE", detail: "api_529", patch: blob },
    ],
    [
      { exitCode: 1, lastAnswer: 429 },
      { code: "HOLD-CODER-FAILED", detail: "api_429" },
    ],
    [
      { exitCode: 137, outOfMemory: true, lastAnswer: 500 },
      { code: "HOLD-CODER-FAILED", detail: "exit_137 (out of memory)" },
    ],
    [
      { exitCode: 137, outOfMemory: true },
      { code: "HOLD-CODER-FAILED", detail: "exit_137 (out of memory)" },
    ],
    [{ exitCode: 137 }, { code: "HOLD-DOCKER-UNAVAILABLE", detail: "the sandbox was killed (exit_137)" }],
    [{ exitCode: 255 }, { code: "HOLD-DOCKER-UNAVAILABLE" }],
    [
      { exitCode: 255, lastAnswer: 400 },
      { code: "HOLD-CODER-FAILED", detail: "api_400" },
    ],
    [{ exitCode: null }, { code: "HOLD-DOCKER-UNAVAILABLE", detail: "the sandbox was killed (exit_unknown)" }],
    [{ question: "why?" }, { code: "HOLD-QUESTION", detail: "why?" }],
    [
      {
        captured: {
          tree: "b".repeat(40),
          patch: blob,
          isEmpty: false,
          finding: { code: "HOLD-FORBIDDEN-PATH", detail: ".git" },
          notes: null,
        },
      },
      { code: "HOLD-FORBIDDEN-PATH", detail: ".git", patch: blob },
    ],
    [
      { captured: { tree: "b".repeat(40), patch: blob, isEmpty: true, finding: null, notes: null } },
      { code: "HOLD-NO-PROGRESS", patch: null },
    ],
  ])("holds for %j", (other, expected) => {
    expect(outcomeOf({ ...fine, ...other })).toMatchObject({ outcome: "held", ...expected });
  });

  it("reports the tests that a question is about, and no tests with any other hold", () => {
    const breaks = ["splits at commas"];
    expect(outcomeOf({ ...fine, question: "why?", breaks })).toMatchObject({ code: "HOLD-QUESTION", breaks });
    expect(outcomeOf({ ...fine, question: "why?" })).not.toHaveProperty("breaks");
    const cut = outcomeOf({ ...fine, endReason: "timeout", question: "why?", breaks });
    expect(cut).toMatchObject({ code: "HOLD-CODER-TIMEOUT" });
    expect(cut).not.toHaveProperty("breaks");
  });
});

describe("plainQuestion", () => {
  it("is one plain line without links, control characters or direction marks", () => {
    expect(plainQuestion('{"question":"a\\u202eb\\u001b]8;;x\\n https://x.example/y www.evil.example ok?"}')).toBe(
      "a b ]8;;x [link left out] [link left out] ok?",
    );
    expect([...plainQuestion(JSON.stringify("é".repeat(400)))]).toHaveLength(300);
    expect(plainQuestion("not JSON?")).toBe("not JSON?");
    expect(plainQuestion("")).toBe("(the question can't be read)");
  });

  it("takes hardly any time, whatever the file contains", () => {
    for (const unit of ["a.", "a-", "www.", "x://", " ", "\u202e", "[", "\ud83d\ude00"]) {
      const began = performance.now();
      const question = plainQuestion(`Which? ${unit.repeat((1024 * 1024) / unit.length)}`);
      expect(performance.now() - began, JSON.stringify(unit)).toBeLessThan(1_000);
      expect(question.startsWith("Which?")).toBe(true);
      expect([...question].length).toBeLessThanOrEqual(300);
    }
  });
});
