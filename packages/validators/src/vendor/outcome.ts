/**
 * The outcome of asking a model, the same for every family: the judge's text, or why there is none. Contract: asking never throws.
 *
 * Folder: asking OpenAI, compatible endpoints and Gemini.
 */
import type { JudgeUsage } from "@aedev/contracts";
import { notingRetryAfter } from "./outbound.ts";

export type JudgeOutcome =
  | { kind: "answered"; text: string; usage: JudgeUsage }
  /**
   * `detail`: as in a verdict. `text`: the model's text, if there was any. `retryAfter`: that header of the vendor's answer. `lost`: the request may
   * have reached the vendor and been billed, although no answer came.
   */
  | { kind: "failed"; detail: string; text: string | null; usage: JudgeUsage; retryAfter?: string | null; lost?: true };

export interface JudgeRequest {
  system: string;
  user: string;
  model: string;
  /** Null: the vendor's own address. */
  baseUrl: string | null;
  key: string;
  timeoutMs: number;
  answerTokens: number;
}
/** Makes one request and never repeats it, so that each try is counted. */
export type AskJudge = (question: JudgeRequest) => Promise<JudgeOutcome>;

export const noJudgeUsage: JudgeUsage = { input_tokens: 0, output_tokens: 0 };

/** A vendor's counts. Cached and reasoning tokens are parts of the input or output, and never exceed them. */
export function judgeUsageOf(counts: { input: number; output: number; cached: number; reasoning: number }): JudgeUsage {
  const cached = Math.min(counts.cached, counts.input);
  const reasoning = Math.min(counts.reasoning, counts.output);
  return {
    input_tokens: counts.input,
    output_tokens: counts.output,
    ...(cached === 0 ? {} : { cached_input_tokens: cached }),
    ...(reasoning === 0 ? {} : { reasoning_tokens: reasoning }),
  };
}

export function failed(
  detail: string,
  usage: JudgeUsage = noJudgeUsage,
  text: string | null = null,
): Extract<JudgeOutcome, { kind: "failed" }> {
  return { kind: "failed", detail, text, usage };
}

/** Runs `ask` under a deadline that covers connecting, headers and body, and turns everything it throws into an outcome. */
export async function withinDeadline(
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<JudgeOutcome>,
): Promise<JudgeOutcome> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const noted = { header: null };
  try {
    return await notingRetryAfter(noted, () => ask(deadline.signal));
  } catch (thrown) {
    const detail = deadline.signal.aborted ? "timeout" : detailOf(thrown);
    const wasAnswered = !deadline.signal.aborted && statusOf(thrown) !== undefined;
    return { ...failed(detail), retryAfter: noted.header, ...(wasAnswered ? {} : { lost: true as const }) };
  } finally {
    clearTimeout(timer);
  }
}

/** The detail of an error. Both clients put an HTTP status on their errors, and pass on the parser's error if a body is not JSON. The message is never used: it may quote a header. */
function detailOf(thrown: unknown): string {
  const status = statusOf(thrown);
  if (status === 429 && thrown instanceof Error && "code" in thrown && thrown.code === "insufficient_quota")
    return "quota";
  if (status !== undefined) return `http_${status}`;
  return thrown instanceof SyntaxError ? "invalid_json" : "unreachable";
}

function statusOf(thrown: unknown): number | undefined {
  const status = thrown instanceof Error && "status" in thrown ? thrown.status : undefined;
  return typeof status === "number" && status >= 100 && status <= 999 ? status : undefined;
}

/** Adds the vendor's usual path to an address without a path, so that a host and port are enough. */
export function withPath(address: string, usualPath: string): string {
  const trimmed = address.replace(/\/+$/, "");
  return new URL(trimmed).pathname === "/" ? `${trimmed}${usualPath}` : trimmed;
}
