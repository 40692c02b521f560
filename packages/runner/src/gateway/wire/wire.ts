/**
 * The port for a format of model requests. The gateway admits, meters, records and replays; what the bytes mean is the wire's. Contract of every wire: its
 * functions are pure and never throw, whatever a sandbox or an endpoint sends; what `parse` returns holds nothing that was not checked; counts that an answer
 * lacks are unknown, not zero.
 *
 * Folder: the formats of model requests, one folder each, and what they share.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { GatewayLimits, Usage } from "@aedev/contracts";
import type { Credential } from "../../engine/context.ts";

export interface Wire {
  /** The endpoint's path that a sandbox's target names, spelled exactly; null if it may not use the target. */
  pathOf(target: string): string | null;
  /** The request to forward, or why it is refused. */
  parse(path: string, text: string, limits: GatewayLimits): ModelRequest | RefusedRequest;
  /** Path with query, and all headers, of the request to the endpoint. */
  upstream(path: string, call: UpstreamCall): { readonly path: string; readonly headers: Record<string, string> };
  /** Headers of this wire's answers that the sandbox and the journal may see, beside those of every wire. */
  readonly answerHeaders: readonly string[];
  /** A refusal of the gateway as the sandbox's CLI reads it. */
  errorBody(refusal: { readonly status: number; readonly reason: string }): string;
  /** A counter for one answer: server-sent events, or one JSON document. */
  createCounter(contentType: string): UsageCounter;
  /** When a usage limit that lasts hours ends (ISO 8601); null if the answer is none. `nowMs`: the time of the answer. */
  usageLimitEnd(answer: AnswerHead & { readonly nowMs: number }): string | null;
  /** Text and tool calls of a whole answer, in order, at most 64, and whether the model's turn is over. Unreadable parts are skipped. */
  read(contentType: string, bytes: Buffer): ModelAnswerRead;
  /** The results of the coder's tools that a checked body brings for the first time. */
  newResults(body: string): readonly ToolResult[];
  /** The conversation in a checked body. */
  conversation(body: string): Conversation;
}

export interface RefusedRequest {
  readonly kind: "refused";
  readonly reason: string;
}

export interface ModelRequest {
  path: string;
  model: string;
  /** Zero for a request that only counts tokens: it generates nothing and costs nothing. */
  maxTokens: number;
  /** True if a block is to be cached for an hour, which costs more. */
  cachesAnHour: boolean;
  /** Estimated tokens of its images and documents. */
  pictureTokens: number;
  /** The body, serialized again. */
  body: string;
}

/** What the headers of a request are made of. `headers`: the sandbox's own. */
export interface UpstreamCall {
  readonly headers: IncomingHttpHeaders;
  readonly bodyBytes: number;
  readonly credential: Credential;
}

interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The first 64 KiB. */
  readonly body: string;
}

export type TokenCounts = Omit<Usage, "requests" | "models">;

export interface UsageCounter {
  take(bytes: Buffer): void;
  /** The counts so far; null if there are none yet. */
  counts(): TokenCounts | null;
  /** True once the answer's last count has arrived. */
  isFinal(): boolean;
}

export type AnswerBlock =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool"; readonly id: string; readonly name: string; readonly input: unknown };

export interface ModelAnswerRead {
  readonly blocks: readonly AnswerBlock[];
  readonly endsTurn: boolean;
}

/** The result of one tool call, which `id` names. */
export interface ToolResult {
  readonly id: string;
  readonly isError: boolean;
  /** A text or a list of the wire's own parts. */
  readonly content: unknown;
}

export interface Conversation {
  /** The entries in order. `results`: the ids of the tool calls whose results the entry has. */
  readonly entries: readonly { readonly isModels: boolean; readonly results: readonly string[] }[];
  /** The body with texts of a person after the results of the entries at these places. */
  withTexts(texts: ReadonlyMap<number, readonly string[]>): string;
}

/** Whether a request at this path generates something, which only counting tokens does not. */
export function generates(path: string): boolean {
  return !/count_?tokens$/i.test(path);
}
