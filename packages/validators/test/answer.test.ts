/** The decision on a judge's answer: one table of answers, for both families, in the order of the checks. */

import { parsePatch } from "@aedev/host/patch/read-patch";
import { expect, test } from "vitest";
import { decideVerdict } from "../src/answer.ts";
import { readGenerated } from "../src/vendor/gemini.ts";
import { readCompletion } from "../src/vendor/openai.ts";
import { failed } from "../src/vendor/outcome.ts";
import { passing, patchText, sealed, verdictNonce } from "./fixture.ts";

const { manifest, blob } = sealed();
const expected = {
  nonce: verdictNonce,
  bundleDigest: blob.digest,
  criterionIds: ["c1", "c2"],
  manifest,
  patch: parsePatch(patchText),
  minConfidencePermille: 500,
};
const pass = passing(blob.digest);
const [first, second] = pass.criteria;
const citing = (citation: object) => ({ ...pass, criteria: [{ ...first, citations: [citation] }, second] });
const defect = (severity: string) => ({ severity, file: "elsewhere.js", line: 99, text: "wrong" });

const families = {
  openai: (text: string) =>
    readCompletion({ choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: text } }] }),
  gemini: (text: string) =>
    readGenerated({ candidates: [{ finishReason: "STOP", content: { role: "model", parts: [{ text }] } }] }),
};
const answers: [string, unknown, string, string | null][] = [
  ["a clean pass", pass, "pass", null],
  ["a pass with a low defect", { ...pass, defects: [defect("low")] }, "pass", null],
  ["a fail", { ...pass, verdict: "fail", criteria: [{ ...first, result: "not_met" }, second] }, "fail", null],
  ["a fail whose defect is imprecise", { ...pass, verdict: "fail", defects: [defect("high")] }, "fail", null],
  ["a fail that names no criterion", { ...pass, verdict: "fail", criteria: [] }, "fail", null],
  ["the judge's own inconclusive", { ...pass, verdict: "inconclusive" }, "inconclusive", "verdict"],
  [
    "a pass with a criterion not met",
    { ...pass, criteria: [{ ...first, result: "not_met" }, second] },
    "inconclusive",
    "verdict",
  ],
  [
    "a pass with an unclear criterion",
    { ...pass, criteria: [{ ...first, result: "unclear" }, second] },
    "inconclusive",
    "verdict",
  ],
  ["a pass with a missing criterion", { ...pass, criteria: [first] }, "inconclusive", "verdict"],
  ["a pass with a criterion twice", { ...pass, criteria: [first, first] }, "inconclusive", "verdict"],
  [
    "a pass with one criterion too many",
    { ...pass, criteria: [first, second, { ...first, id: "c3" }] },
    "inconclusive",
    "verdict",
  ],
  [
    "a pass with an unknown criterion",
    { ...pass, criteria: [first, { ...second, id: "c9" }] },
    "inconclusive",
    "verdict",
  ],
  ["a pass with a critical defect", { ...pass, defects: [defect("critical")] }, "inconclusive", "verdict"],
  ["a pass with an unknown severity", { ...pass, defects: [defect("blocker")] }, "inconclusive", "verdict"],
  ["a pass with a medium defect", { ...pass, defects: [defect("Medium")] }, "pass", null],
  [
    "a pass without a citation",
    { ...pass, criteria: [{ ...first, citations: [] }, second] },
    "inconclusive",
    "citation",
  ],
  [
    "a fail without a citation",
    { ...pass, verdict: "fail", criteria: [{ ...first, citations: [] }, second] },
    "fail",
    null,
  ],
  ["a pass without confidence", { ...pass, confidence: 0 }, "inconclusive", "confidence"],
  ["a pass below the floor of confidence", { ...pass, confidence: 0.499 }, "inconclusive", "confidence"],
  ["a pass at the floor of confidence", { ...pass, confidence: 0.5 }, "pass", null],
  ["a fail without confidence", { ...pass, verdict: "fail", confidence: 0 }, "fail", null],
  [
    "two verdicts",
    JSON.stringify(pass).replace('"verdict"', '"verdict":"fail","verdict"'),
    "inconclusive",
    "invalid_json",
  ],
  [
    "two verdicts, one escaped",
    JSON.stringify(pass).replace('"verdict"', '"\\u0076erdict":"fail","verdict"'),
    "inconclusive",
    "invalid_json",
  ],
  ["a code fence", `\`\`\`json\n${JSON.stringify(pass)}\n\`\`\``, "inconclusive", "invalid_json"],
  ["text after the answer", `${JSON.stringify(pass)} Sure.`, "inconclusive", "invalid_json"],
  ["two answers", JSON.stringify(pass) + JSON.stringify(pass), "inconclusive", "invalid_json"],
  ["another nonce", { ...pass, nonce: "00".repeat(16) }, "inconclusive", "nonce"],
  ["a fail with another nonce", { ...pass, verdict: "fail", nonce: "" }, "inconclusive", "nonce"],
  ["another digest", { ...pass, bundle_digest: "00".repeat(32) }, "inconclusive", "digest"],
  ["another nonce and digest", { ...pass, nonce: "", bundle_digest: "" }, "inconclusive", "nonce"],
  ["a line the patch does not show", citing({ file: "index.js", line: 9000 }), "inconclusive", "citation"],
  ["a file the patch does not touch", citing({ file: "other.js", line: 11 }), "inconclusive", "citation"],
  ["an entry the bundle does not have", citing({ evidence: "toString" }), "inconclusive", "citation"],
  [
    "a fail with an invented citation",
    { ...citing({ evidence: "rumour" }), verdict: "fail" },
    "inconclusive",
    "citation",
  ],
  ["a citation with the other form's keys null", citing({ file: null, line: null, evidence: "patch" }), "pass", null],
  ["a citation of no form", citing({}), "inconclusive", "invalid_json"],
  [
    "a citation of both forms",
    citing({ file: "index.js", line: 11, evidence: "patch" }),
    "inconclusive",
    "invalid_json",
  ],
  ["an unknown key", { ...pass, note: "hello" }, "inconclusive", "invalid_json"],
  ["an unknown verdict", { ...pass, verdict: "approve" }, "inconclusive", "invalid_json"],
  ["confidence over one", { ...pass, confidence: 7 }, "inconclusive", "invalid_json"],
  ["text that is no JSON", "pass", "inconclusive", "invalid_json"],
  ["nothing", "", "inconclusive", "invalid_json"],
];

for (const [family, outcomeOf] of Object.entries(families))
  for (const [title, answer, verdict, detail] of answers)
    test(`${family}: ${title} is ${detail ?? verdict}`, () => {
      const text = typeof answer === "string" ? answer : JSON.stringify(answer);
      expect(decideVerdict(outcomeOf(text), expected)).toEqual({ verdict, detail });
    });

const good = JSON.stringify(pass);
const envelopes: [string, ReturnType<typeof readCompletion>, string][] = [
  [
    "openai refusal field",
    readCompletion({ choices: [{ message: { content: good, refusal: "I can't" } }] }),
    "refused",
  ],
  [
    "openai filter",
    readCompletion({ choices: [{ finish_reason: "content_filter", message: { content: good } }] }),
    "refused",
  ],
  [
    "openai cut answer",
    readCompletion({ choices: [{ finish_reason: "length", message: { content: good } }] }),
    "invalid_json",
  ],
  ["openai no choice", readCompletion({ choices: [] }), "invalid_json"],
  ["openai plain text body", readCompletion("hello"), "invalid_json"],
  ["openai empty body", readCompletion(undefined), "invalid_json"],
  ["gemini blocked prompt", readGenerated({ promptFeedback: { blockReason: "SAFETY" } }), "refused"],
  [
    "gemini safety",
    readGenerated({ candidates: [{ finishReason: "SAFETY", content: { parts: [{ text: good }] } }] }),
    "refused",
  ],
  [
    "gemini new reason",
    readGenerated({ candidates: [{ finishReason: "NEWS", content: { parts: [{ text: good }] } }] }),
    "refused",
  ],
  [
    "gemini cut",
    readGenerated({ candidates: [{ finishReason: "MAX_TOKENS", content: { parts: [{ text: good }] } }] }),
    "invalid_json",
  ],
  [
    "gemini only thoughts",
    readGenerated({ candidates: [{ content: { parts: [{ text: good, thought: true }] } }] }),
    "invalid_json",
  ],
  ["gemini no candidate", readGenerated({}), "invalid_json"],
  ["gemini list", readGenerated([]), "invalid_json"],
  ["a status", failed("http_429"), "http_429"],
  ["a deadline", failed("timeout"), "timeout"],
  ["no connection", failed("unreachable"), "unreachable"],
];
for (const [title, outcome, detail] of envelopes)
  test(`${title} is inconclusive with ${detail}`, () => {
    expect(decideVerdict(outcome, expected)).toEqual({ verdict: "inconclusive", detail });
    expect(decideVerdict(families.openai(good), expected).verdict).toBe("pass");
  });

test("counts tokens as the clients report them, and zero if they report none", () => {
  const choices = [{ message: { content: good } }];
  expect(readCompletion({ choices, usage: { prompt_tokens: 7, completion_tokens: 3 } }).usage).toEqual({
    input_tokens: 7,
    output_tokens: 3,
  });
  expect(readCompletion({ choices, usage: { prompt_tokens: -1 } }).usage).toEqual({
    input_tokens: 0,
    output_tokens: 0,
  });
  const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 2, thoughtsTokenCount: 4 };
  expect(readGenerated({ usageMetadata }).usage).toEqual({ input_tokens: 5, output_tokens: 6, reasoning_tokens: 4 });
});
