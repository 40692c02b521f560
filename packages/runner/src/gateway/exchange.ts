/** Carries out one exchange. Contract: it is durable before the sandbox gets an answer's last bytes; every failure settles its reservation. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { budgetDetail } from "@aedev/contracts";
import { allowedResponseHeaders } from "./admission.ts";
import { eachPiece } from "./answer/pieces.ts";
import { openRecording, type Recording } from "./answer/recording.ts";
import { createSecretHoldback } from "./answer/secret-holdback.ts";
import { failureOfAnswer, failureOfConnection, type PassingFailure, pauseBeforeRetry } from "./ask-upstream-again.ts";
import type { GatewayState } from "./gateway.ts";
import type { Reservation } from "./meter.ts";
import type { ModelAnswer } from "./model-source.ts";
import type { RunEnding } from "./run-ending.ts";
import { generates, type ModelRequest, type UsageCounter } from "./wire/wire.ts";

interface Outcome {
  status: number | null;
  headers: Record<string, string>;
  recording: Recording;
  sizeBytes: number;
  complete: boolean;
  counter: UsageCounter | null;
}

/** A request of the sandbox. `answered`: called once the model has answered it. */
export interface SandboxCall {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly answered: () => void;
}

export async function forwardExchange(state: GatewayState, request: ModelRequest, client: SandboxCall): Promise<void> {
  const { meter } = state;
  const bodyBytes = Buffer.byteLength(request.body);
  const reserved = meter.estimate({ ...request, billing: state.source.billing, bodyBytes });
  const lacking = meter.reserve(reserved);
  if (lacking !== null) return endByBudget(state, lacking, client.outgoing);
  if (!state.record(bodyBytes)) {
    meter.settle({ reserved, counts: null, final: false, free: true, countsAsRequest: false, bodyBytes: null });
    state.refuse(client.outgoing, { status: 429, reason: "the run's recording is full" });
    return;
  }
  const abort = new AbortController();
  const leave = () => abort.abort();
  client.outgoing.on("close", leave);
  state.open.add(abort);
  try {
    const beganAt = state.pacing.now();
    for (let tries = 1; ; tries += 1) {
      const pauseMs = await askOnce(state, { request, client, reserved, abort, tries, beganAt });
      if (pauseMs === null) return;
      await state.pacing.sleep(pauseMs, abort.signal);
      if (abort.signal.aborted) return giveUp(state, request, reserved);
    }
  } finally {
    client.outgoing.off("close", leave);
    state.open.delete(abort);
  }
}

/** Ends an exchange whose sandbox went away between two tries, when nothing can cost anything. */
function giveUp(state: GatewayState, { path }: ModelRequest, reserved: Reservation): void {
  const countsAsRequest = generates(path);
  state.meter.settle({ reserved, counts: null, final: false, free: true, countsAsRequest, bodyBytes: null });
}

interface Try {
  request: ModelRequest;
  client: SandboxCall;
  reserved: Reservation;
  abort: AbortController;
  /** The number of this try. */
  tries: number;
  beganAt: number;
}

/** Sends one request upstream. Returns null if the sandbox has its answer; otherwise the pause before the next try, and the sandbox has seen nothing. */
async function askOnce(state: GatewayState, options: Try): Promise<number | null> {
  const { request, client, reserved, abort, tries, beganAt } = options;
  const recording = openRecording(state.blobs);
  const outcome: Outcome = { status: null, headers: {}, recording, sizeBytes: 0, complete: false, counter: null };
  const number = state.journal.open({
    path: request.path,
    model: request.model,
    reserved_tokens: reserved.tokens,
    ...(reserved.nanoDollars === 0 ? {} : { reserved_nano_usd: reserved.nanoDollars }),
    billing: reserved.billing,
    body: request.body,
  });
  let held: Buffer = Buffer.alloc(0);
  let failure: PassingFailure | null = null;
  const pauseAfter = (found: PassingFailure | null) =>
    found === null || abort.signal.aborted ? null : pauseBeforeRetry(found, { tries, beganAt }, state.pacing);
  let pauseMs: number | null = null;
  try {
    const asking = state.source.ask(request, { headers: client.incoming.headers, signal: abort.signal });
    // Done while the request is on its way, so that progress lines don't delay the model.
    if (tries === 1) state.noteRequest(request);
    const answer = await asking;
    failure = failureOfAnswer(answer, state.pacing.now());
    pauseMs = pauseAfter(failure);
    if (pauseMs === null) held = await relay(state, { answer, outcome, client: client.outgoing, abort });
    else {
      outcome.status = answer.status;
      answer.body.destroy();
    }
    outcome.complete = true;
  } catch (thrown) {
    // Only a connection that failed before the answer's head is tried again; `relay` throws no such error.
    if (outcome.status === null) {
      failure = failureOfConnection(thrown);
      pauseMs = pauseAfter(failure);
    }
    // Otherwise the sandbox sees a broken answer, which its CLI retries; the record shows it.
    if (pauseMs === null) state.noteFailure(abort.signal.aborted);
  }
  if (pauseMs === null || failure === null) {
    await settle(state, { request, outcome, reserved, number, failure });
    finish(state, { outcome, held, number, client: client.outgoing, request });
    if (outcome.complete && outcome.status === 200) client.answered();
    return null;
  }
  return (await setAside(state, { ...options, outcome, number, failure, pauseMs })) ? pauseMs : null;
}

/** Records a try that will be repeated. It is no request of the coder's, but charged if it may have cost something. False: no budget is left. */
async function setAside(
  state: GatewayState,
  options: Try & { outcome: Outcome; number: number; failure: PassingFailure; pauseMs: number },
): Promise<boolean> {
  const { reserved, failure, pauseMs, client, tries } = options;
  if (!failure.free)
    state.meter.settle({ reserved, counts: null, final: false, free: false, countsAsRequest: false, bodyBytes: null });
  await closeRecord(state, { ...options, again: failure.free ? "free" : "charged" });
  state.noteRetry(`the model's endpoint ${failure.what}; try ${tries + 1} in ${(pauseMs / 1000).toFixed(1)} s`);
  const lacking = failure.free ? null : state.meter.reserve(reserved);
  if (lacking !== null) endByBudget(state, lacking, client.outgoing);
  return lacking === null;
}

function endByBudget(state: GatewayState, unit: "tokens" | "usd", client: ServerResponse): void {
  const reason = unit === "tokens" ? "the run's token budget is used up" : "the run's dollar budget is used up";
  state.refuse(client, { status: 429, reason });
  state.endRun(budgetEnding(state, unit));
}

/** The ending for an exhausted budget. It names any budget but the run's own, because raising a different one would not help. */
function budgetEnding({ limits }: GatewayState, unit: "tokens" | "usd"): RunEnding {
  const { token_budget, token_resets_at = null, spend } = limits;
  const [budget, resumesAt] =
    unit === "usd" && spend !== undefined ? [spend.budget, spend.resets_at] : [token_budget, token_resets_at];
  return { code: "HOLD-BUDGET", detail: budgetDetail(unit, budget), resumesAt };
}

/** Streams the answer and returns its tail: at least one byte, and all bytes that could be the start of the secret. */
async function relay(
  state: GatewayState,
  options: { answer: ModelAnswer; outcome: Outcome; client: ServerResponse; abort: AbortController },
): Promise<Buffer> {
  const { answer, outcome, client, abort } = options;
  const encoding = answer.headers["content-encoding"];
  if ((answer.status >= 300 && answer.status < 400) || answer.status < 200 || (encoding && encoding !== "identity")) {
    abort.abort();
    state.report(`the upstream answered ${answer.status}${encoding ? ` ${encoding}` : ""}: not forwarded`);
    throw new Error("the upstream's answer is not a model's answer");
  }
  const headers = allowedResponseHeaders(state.wire, answer.headers);
  const { secret: value } = state.source;
  if (value !== null && Object.values(headers).some((text) => text.includes(value))) leaked(state, abort);
  outcome.status = answer.status;
  outcome.headers = headers;
  const secret = state.source.secret === null ? null : Buffer.from(state.source.secret);
  const holdback = createSecretHoldback(secret);
  const counter = state.wire.createCounter(headers["content-type"] ?? "");
  outcome.counter = counter;
  await eachPiece(answer.body, (piece) => {
    outcome.sizeBytes += piece.length;
    if (!state.record(piece.length) || outcome.sizeBytes > state.limits.response_bytes) {
      abort.abort();
      state.endRun({ code: "HOLD-BUDGET", detail: "bytes", resumesAt: null });
      throw new Error("the answer is larger than allowed");
    }
    const parts = holdback.pass(piece);
    if (parts === null) leaked(state, abort);
    if (parts.length > 0 && !client.headersSent) client.writeHead(answer.status, headers);
    // Records only bytes that are sent, so not even the start of a credential is recorded. One turn of the event loop leads to one write.
    let disk: Promise<void> | null = null;
    for (const part of parts) {
      client.write(part);
      disk = outcome.recording.take(part);
    }
    counter.take(piece);
    return disk === null ? behind(client, abort.signal) : disk.then(() => behind(client, abort.signal) ?? undefined);
  });
  if (outcome.status >= 200 && outcome.status < 300 && !client.headersSent)
    client.writeHead(answer.status, outcome.headers);
  const rest = holdback.rest();
  await outcome.recording.take(rest);
  return rest;
}

function leaked(state: GatewayState, abort: AbortController): never {
  abort.abort();
  state.report("the upstream's answer contained the credential: not forwarded");
  throw new Error("the answer contained the credential");
}

/** A promise to wait for if the sandbox falls behind. It asks the socket, because the response emits no `drain` for data written at once. */
function behind({ socket }: ServerResponse, signal: AbortSignal): Promise<void> | null {
  return socket?.writableNeedDrain === true ? drained(socket, signal) : null;
}

async function settle(
  state: GatewayState,
  options: {
    request: ModelRequest;
    outcome: Outcome;
    reserved: Reservation;
    number: number;
    failure: PassingFailure | null;
  },
): Promise<void> {
  const { outcome, number, reserved, request, failure } = options;
  const isUnsent = outcome.status === null && failure?.free === true;
  const counts = outcome.counter?.counts() ?? null;
  const final = outcome.counter?.isFinal() ?? false;
  state.meter.settle({
    reserved,
    counts,
    final: final || request.maxTokens === 0,
    // An unsent request or a complete error answer costs nothing; a connection that broke off may have cost something.
    free: isUnsent || (outcome.complete && outcome.status !== null && outcome.status >= 400),
    countsAsRequest: generates(request.path),
    bodyBytes: request.pictureTokens === 0 ? Buffer.byteLength(request.body) : null,
  });
  await closeRecord(state, { outcome, number, again: null, isUnsent });
}

async function closeRecord(
  state: GatewayState,
  options: { outcome: Outcome; number: number; again: "free" | "charged" | null; isUnsent?: boolean },
): Promise<void> {
  const { outcome, number, again, isUnsent = false } = options;
  const { counter, headers } = outcome;
  state.journal.close({
    number,
    status: outcome.status,
    headers,
    response: await outcome.recording.end(headers["content-type"] ?? "application/octet-stream"),
    complete: outcome.complete,
    usage: counter?.counts() ?? null,
    usage_is_final: counter?.isFinal() ?? false,
    ...(again === null ? {} : { again }),
    ...(isUnsent ? { free: true } : {}),
  });
}

function finish(
  state: GatewayState,
  options: { outcome: Outcome; held: Buffer; number: number; client: ServerResponse; request: ModelRequest },
): void {
  const { outcome, held, number, client, request } = options;
  if (!outcome.complete || outcome.status === null) {
    if (client.headersSent) client.destroy();
    else state.answerError(client, { status: 502, reason: "the model's endpoint did not answer" });
    return;
  }
  state.noteEnd({ number, status: outcome.status, counts: outcome.counter?.counts() ?? null });
  if (!client.headersSent) client.writeHead(outcome.status, outcome.headers);
  client.end(held);
  const head = outcome.recording.head();
  if (outcome.status === 200) {
    const answer = state.wire.read(outcome.headers["content-type"] ?? "", head);
    state.progress.answer(answer.blocks);
    if (generates(request.path)) state.noteAnswer({ model: request.model, ...answer });
  }
  const resumesAt = state.wire.usageLimitEnd({
    status: outcome.status,
    headers: outcome.headers,
    body: head.toString("utf8", 0, Math.min(head.length, 64 * 1024)),
    nowMs: Date.now(),
  });
  if (resumesAt !== null) state.endRun({ code: "HOLD-USAGE-LIMIT", detail: null, resumesAt });
}

function drained(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error("the sandbox went away"));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    socket.once("drain", () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
  });
}
