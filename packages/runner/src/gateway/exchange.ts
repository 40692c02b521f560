/**
 * One exchange from the admitted request to the last byte: reserve, record, forward, count, record, release. Contract: the last bytes of an
 * answer reach the sandbox only after the exchange is durable; whatever goes wrong, the reservation is settled and the record closed.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { allowedResponseHeaders } from "./admission.ts";
import type { GatewayState } from "./gateway.ts";
import type { ModelRequest } from "./model-request.ts";
import type { ModelAnswer } from "./model-source.ts";
import { createUsageCounter, type UsageCounter } from "./usage-count.ts";
import { usageLimitEnd } from "./usage-limit.ts";

interface Outcome {
  status: number | null;
  headers: Record<string, string>;
  chunks: Buffer[];
  sizeBytes: number;
  complete: boolean;
  counter: UsageCounter | null;
}

export async function forwardExchange(
  state: GatewayState,
  request: ModelRequest,
  client: { incoming: IncomingMessage; outgoing: ServerResponse },
): Promise<void> {
  const { meter, journal } = state;
  const reserved = meter.estimate(Buffer.byteLength(request.body), request.maxTokens);
  if (!meter.reserve(reserved)) {
    state.refuse(client.outgoing, { status: 429, reason: "the run's token budget is spent" });
    state.endRun({ code: "HOLD-BUDGET", detail: "tokens", resumesAt: null });
    return;
  }
  const outcome: Outcome = { status: null, headers: {}, chunks: [], sizeBytes: 0, complete: false, counter: null };
  const abort = new AbortController();
  const leave = () => abort.abort();
  const number = journal.open({
    path: request.path,
    model: request.model,
    reserved_tokens: reserved,
    body: request.body,
  });
  client.outgoing.on("close", leave);
  state.open.add(abort);
  let held: Buffer = Buffer.alloc(0);
  try {
    const asking = state.source.ask(request, { headers: client.incoming.headers, signal: abort.signal });
    // While the request is on its way: telling a person must not slow the model down.
    state.steps.take(request.body);
    const answer = await asking;
    held = await relay(state, { answer, outcome, client: client.outgoing, abort });
    outcome.complete = true;
  } catch {
    // Whatever broke the exchange, the sandbox sees a broken answer, the record says so, and its CLI retries.
    state.noteFailure(abort.signal.aborted);
  } finally {
    state.open.delete(abort);
    client.outgoing.off("close", leave);
    settle(state, { request, outcome, reserved, number });
  }
  finish(state, { outcome, held, number, client: client.outgoing });
}

/** Streams the answer on but for its tail: what could still turn out to be the start of the secret, and at least one byte. */
async function relay(
  state: GatewayState,
  options: { answer: ModelAnswer; outcome: Outcome; client: ServerResponse; abort: AbortController },
): Promise<Buffer> {
  const { answer, outcome, client, abort } = options;
  const encoding = answer.headers["content-encoding"];
  if ((answer.status >= 300 && answer.status < 400) || answer.status < 200 || (encoding && encoding !== "identity")) {
    abort.abort();
    state.report(`the upstream answered ${answer.status}${encoding ? ` ${encoding}` : ""}: not passed on`);
    throw new Error("the upstream's answer is not one of a model");
  }
  outcome.status = answer.status;
  outcome.headers = allowedResponseHeaders(answer.headers);
  outcome.counter = createUsageCounter(outcome.headers["content-type"] ?? "");
  const secret = state.source.secret === null ? null : Buffer.from(state.source.secret);
  const heldBytes = Math.max(1, (secret?.length ?? 1) - 1);
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of answer.body) {
    outcome.sizeBytes += chunk.length;
    if (outcome.sizeBytes > state.limits.response_bytes) {
      abort.abort();
      state.endRun({ code: "HOLD-BUDGET", detail: "bytes", resumesAt: null });
      throw new Error("the answer is larger than allowed");
    }
    const bytes = Buffer.concat([held, chunk]);
    if (secret !== null && bytes.includes(secret)) {
      abort.abort();
      state.report("the upstream's answer carried the credential: not passed on");
      throw new Error("the answer carried the credential");
    }
    outcome.chunks.push(chunk);
    outcome.counter.take(chunk);
    const onward = bytes.subarray(0, Math.max(0, bytes.length - heldBytes));
    held = bytes.subarray(onward.length);
    if (onward.length === 0) continue;
    if (!client.headersSent) client.writeHead(answer.status, outcome.headers);
    if (!client.write(onward)) await drained(client, abort.signal);
  }
  if (outcome.status >= 200 && outcome.status < 300 && !client.headersSent)
    client.writeHead(answer.status, outcome.headers);
  return held;
}

function settle(
  state: GatewayState,
  options: { request: ModelRequest; outcome: Outcome; reserved: number; number: number },
): void {
  const { outcome, number, reserved, request } = options;
  const counts = outcome.counter?.counts() ?? null;
  const final = outcome.counter?.isFinal() ?? false;
  state.meter.settle({
    reserved,
    counts,
    final: final || request.maxTokens === 0,
    // An error answered in full costs nothing at the vendor; a connection that never answered may have.
    free: outcome.complete && outcome.status !== null && outcome.status >= 400,
    countsAsRequest: request.path === "/v1/messages",
  });
  state.journal.close({
    number,
    status: outcome.status,
    headers: outcome.headers,
    body: Buffer.concat(outcome.chunks),
    complete: outcome.complete,
    usage: counts,
    usage_is_final: final,
  });
}

function finish(
  state: GatewayState,
  options: { outcome: Outcome; held: Buffer; number: number; client: ServerResponse },
): void {
  const { outcome, held, number, client } = options;
  if (!outcome.complete || outcome.status === null) {
    if (client.headersSent) client.destroy();
    else state.answerError(client, { status: 502, reason: "the model's endpoint did not answer" });
    return;
  }
  state.noteEnd({ number, status: outcome.status, counts: outcome.counter?.counts() ?? null });
  if (!client.headersSent) client.writeHead(outcome.status, outcome.headers);
  client.end(held);
  if (outcome.status === 200) state.steps.answer(outcome.headers["content-type"] ?? "", Buffer.concat(outcome.chunks));
  const resumesAt = usageLimitEnd({
    status: outcome.status,
    headers: outcome.headers,
    body: Buffer.concat(outcome.chunks).toString("utf8", 0, Math.min(outcome.sizeBytes, 64 * 1024)),
    nowMs: Date.now(),
  });
  if (resumesAt !== null) state.endRun({ code: "HOLD-USAGE-LIMIT", detail: null, resumesAt });
}

function drained(client: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error("the sandbox went away"));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    client.once("drain", () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
  });
}
