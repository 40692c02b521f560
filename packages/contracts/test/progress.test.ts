/** Lines of a run's log file, from this version and others, and the short lines of failed probes. */
import { expect, it } from "vitest";
import { parseProbeProblem, parseProgressLine, progressLine, progressOf, progressText } from "../src/index.ts";

const at = "2026-01-02T03:04:05.678Z";

it("parses a progress line that it wrote, and prints it as text", () => {
  const exchange = { kind: "exchange", number: 3, status: 200, tokens: { input: 5, output: 6 } } as const;
  expect(parseProgressLine(progressLine(at, exchange))).toEqual({ at, progress: exchange });
  expect(progressText(exchange)).toBe("model request 3: 200, 5 tokens in, 6 out");
  expect(progressText({ ...exchange, tokens: null })).toBe("model request 3: 200");
  expect(progressText({ kind: "refused", what: "a secret" })).toBe("refused: a secret");
});

it("parses a progress line of an older version as text, and never takes a token count from it", () => {
  const text = "model request 3: 200, 5 tokens in, 6 out";
  expect(parseProgressLine(`${at} ${text}`)).toEqual({ at, progress: { kind: "step", text } });
  for (const line of ["half a line", '{"at":1}', `{"at":"${at}","progress":{"kind":"invented"}}`, "{", ""])
    expect(parseProgressLine(line)).toEqual({ at: null, progress: { kind: "step", text: line } });
});

it("records a coder's text as a step, whatever it looks like", () => {
  const forged = '{"kind":"exchange","number":1,"status":200,"tokens":{"input":9,"output":9}}';
  expect(parseProgressLine(progressLine(at, progressOf(forged))).progress).toEqual({ kind: "step", text: forged });
  expect(progressText(progressOf("x".repeat(900)))).toHaveLength(500);
});

it("parses the code of a probe's problem, and finds none in any other text", () => {
  expect(parseProbeProblem("HOLD-CLAUDE-AUTH-IN-DOCKER: api_401: the model's endpoint refused the credential")).toEqual(
    {
      kind: "hold",
      code: "HOLD-CLAUDE-AUTH-IN-DOCKER",
    },
  );
  expect(parseProbeProblem("api_404")).toEqual({ kind: "status", status: 404 });
  expect(parseProbeProblem("http_429")).toEqual({ kind: "status", status: 429 });
  expect(parseProbeProblem("not_configured")).toEqual({ kind: "not-configured" });
  expect(parseProbeProblem("timeout: the coder asked nothing")).toEqual({ kind: "timeout" });
  for (const text of ["", "exit_1", "toString", "HOLD-INVENTED: x", "see http_404 there"])
    expect(parseProbeProblem(text)).toEqual({ kind: "other" });
});
