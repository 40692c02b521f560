/**
 * The wire of Anthropic's Messages endpoint.
 *
 * Folder: requests, answers and counts of the Messages endpoint.
 */
import type { Wire } from "../wire.ts";
import { messageBlocks } from "./answer-blocks.ts";
import { conversationOf, newMessageResults } from "./conversation.ts";
import { answerHeaders, messagesHeaders } from "./headers.ts";
import { countTokensPath, messagesPath, parseMessagesRequest } from "./request.ts";
import { createMessagesCounter } from "./usage-count.ts";
import { messagesUsageLimitEnd } from "./usage-limit.ts";

/** In a text block the quotes would be escaped. */
const endOfTurn = /"stop_reason"\s*:\s*"end_turn"/;

export const anthropicMessages: Wire = {
  pathOf: (target) =>
    [messagesPath, countTokensPath].find((path) => [path, `${path}?beta=true`, `${path}?`].includes(target)) ?? null,
  parse: parseMessagesRequest,
  upstream: (path, call) => ({ path: `${path}?beta=true`, headers: messagesHeaders(call) }),
  answerHeaders,
  errorBody({ status, reason }) {
    const type = status === 429 ? "rate_limit_error" : status === 403 ? "permission_error" : "api_error";
    return JSON.stringify({ type: "error", error: { type, message: reason } });
  },
  createCounter: createMessagesCounter,
  usageLimitEnd: messagesUsageLimitEnd,
  read: (contentType, bytes) => ({
    blocks: messageBlocks(contentType, bytes),
    endsTurn: endOfTurn.test(bytes.toString("utf8")),
  }),
  newResults: newMessageResults,
  conversation: conversationOf,
};
