/**
 * The model gateway of one run: an HTTP server on a unix socket, the sandbox's only way out. It admits, meters and records requests, and survives a restart.
 *
 * Folder: the model gateway.
 */

import { chmodSync, chownSync, rmSync, statSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import {
  type Blob,
  type GatewayLimits,
  type Progress,
  type RunLimits,
  type Stuck,
  tokensOf,
  type Usage,
} from "@aedev/contracts";
import type { BlobStore } from "@aedev/host/blob-store";
import { createServer } from "@aedev/host/node-http";
import { machinePacing, type Pacing } from "@aedev/host/retry-pacing";
import { admitHead } from "./admission.ts";
import { forwardExchange } from "./exchange.ts";
import { type Journal, openJournal } from "./journal.ts";
import { createMeter, type Meter } from "./meter.ts";
import type { ModelSource } from "./model-source.ts";
import { openPersonWords, type PersonWords } from "./person-words.ts";
import { createActivity, type ModelAnswerSeen } from "./progress/activity.ts";
import { createProgressLines, type ProgressLines } from "./progress/progress-lines.ts";
import { createRequestRate } from "./request-rate.ts";
import { settleEarlier } from "./resumed-usage.ts";
import { type RunEnding, stuckEnding } from "./run-ending.ts";
import { generates, type ModelRequest, type TokenCounts, type Wire } from "./wire/wire.ts";

const reportsMax = 50;
const connectionsMax = 64;

/** The part of the gateway that an exchange uses. */
export interface GatewayState {
  wire: Wire;
  limits: GatewayLimits;
  meter: Meter;
  journal: Journal;
  blobs: BlobStore;
  source: ModelSource;
  /** Takes a request on its way, with the results of the coder's tools. */
  noteRequest(request: Pick<ModelRequest, "path" | "body">): void;
  /** Takes a whole answer of the model, and ends the run if it shows that the coder is stuck. */
  noteAnswer(answer: ModelAnswerSeen): void;
  /** Lets people follow the run; no decision depends on it. */
  progress: ProgressLines;
  open: Set<AbortController>;
  /** Number of requests whose body is being read; each may use as much memory as the largest allowed body. */
  reading: number;
  /** Counts bytes to be recorded. Once they exceed the run's limit, it ends the run and returns false. */
  record(sizeBytes: number): boolean;
  /** Takes one of the minute's requests; returns false if none is left. */
  takeTurn(): boolean;
  /** Reports to the log, but only a bounded number of times. */
  report(what: string): void;
  /** Answers with an error in the endpoint's format and reports it to the log. */
  refuse(client: ServerResponse, options: { status: number; reason: string }): void;
  answerError(client: ServerResponse, options: { status: number; reason: string }): void;
  endRun(ending: RunEnding): void;
  noteEnd(exchange: { number: number; status: number; counts: TokenCounts | null }): void;
  noteFailure(aborted: boolean): void;
  /** Tells people that a request upstream is repeated. */
  noteRetry(what: string): void;
  pacing: Pacing;
}

export interface Gateway {
  usage(): Usage;
  /** The first reason to end the run; null while there is none. */
  ending(): RunEnding | null;
  /** Why the run is stuck right now; null if it makes progress. */
  stuck(): Stuck | null;
  /** The last answer's status, "unreachable" if none came, null before the first. */
  lastAnswer(): number | "unreachable" | null;
  /** The model has answered requests with all messages of persons up to this number; 0: with none. */
  heard(): number;
  /** Stops listening, ends open exchanges and seals the journal. */
  close(): Promise<Blob>;
}

export interface GatewayOptions {
  wire: Wire;
  socketPath: string;
  /** Owner of the socket; null leaves it to the process's own user. */
  owner: { uid: number; gid: number } | null;
  indexPath: string;
  limits: GatewayLimits;
  /** Absent if the run may be idle for ever. */
  clocks?: Pick<RunLimits, "no_traffic_ms" | "exit_grace_ms">;
  /** What a person says to the coder, and the file with its places; absent: nobody can say anything. */
  words?: Parameters<typeof openPersonWords>[1];
  blobs: BlobStore;
  source: ModelSource;
  refusal(what: string): void;
  /** One line per exchange, for people. */
  progress?(step: Progress | string): void;
  /** Called once, when the run must end. */
  onEnding(ending: RunEnding): void;
  /** By default the machine's own time and chance. */
  pacing?: Pacing;
}

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const journal = openJournal(options.indexPath, options.blobs);
  const meter = createMeter(options.limits);
  let ending: RunEnding | null = null;
  let lastAnswer: number | "unreachable" | null = null;
  let reports = 0;
  let recordedBytes = 0;
  const requestRate = createRequestRate(options.limits.requests_per_minute);
  settleEarlier(meter, journal.earlier);
  const activity = createActivity({ ...options.limits, ...options.clocks });
  for (const { opened, closed } of journal.earlier) {
    for (const digest of [opened.request, closed?.response])
      if (digest !== undefined && options.blobs.has(digest))
        recordedBytes += statSync(options.blobs.pathOf(digest)).size;
    if (closed?.status != null) lastAnswer = closed.status;
  }
  const state: GatewayState = {
    ...options,
    meter,
    journal,
    progress: createProgressLines((line) => options.progress?.(line)),
    noteRequest({ path, body }) {
      if (!generates(path)) return;
      const results = options.wire.newResults(body);
      state.progress.take(results);
      activity.results(results);
    },
    noteAnswer(answer) {
      const found = activity.answer(answer);
      if (found !== null) state.endRun(stuckEnding(found));
    },
    open: new Set(),
    reading: 0,
    record(sizeBytes) {
      recordedBytes += sizeBytes;
      if (recordedBytes <= options.limits.recorded_bytes) return true;
      state.endRun({ code: "HOLD-BUDGET", detail: "bytes", resumesAt: null });
      return false;
    },
    takeTurn: requestRate,
    report(what) {
      reports += 1;
      // The text may contain parts from the sandbox.
      if (reports <= reportsMax) options.refusal(what.replace(/[^\x20-\x7e]/g, "?"));
      if (reports === reportsMax) options.refusal("further refusals of this run are not reported");
    },
    refuse(client, refused) {
      state.report(`gateway: ${refused.reason}`);
      state.answerError(client, refused);
    },
    answerError: (client, refused) => answerError(options.wire, client, refused),
    endRun(why) {
      if (ending !== null) return;
      ending = why;
      options.onEnding(why);
    },
    noteEnd({ number, status, counts }) {
      lastAnswer = status;
      const tokens =
        counts === null ? null : { input: tokensOf(counts) - counts.output_tokens, output: counts.output_tokens };
      options.progress?.({ kind: "exchange", number, status, tokens });
    },
    pacing: options.pacing ?? machinePacing,
    noteRetry: (what) => options.progress?.(what),
    noteFailure(aborted) {
      if (!aborted) lastAnswer = "unreachable";
    },
  };
  const words = openPersonWords(options.wire, options.words ?? { told: [], path: "" }, (text) =>
    options.progress?.(`a person told it: ${text}`),
  );
  const server = await listen(
    { ...options, report: state.report },
    (incoming, outgoing) => void serve({ state, words }, { incoming, outgoing }),
  );
  return {
    usage: meter.usage,
    heard: words.heard,
    ending: () => ending,
    stuck: () => activity.seen(state.reading + state.open.size > 0),
    lastAnswer: () => lastAnswer,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const abort of state.open) abort.abort();
      server.closeAllConnections();
      await closed;
      while (state.open.size > 0) await new Promise((resolve) => setImmediate(resolve));
      options.source.end();
      rmSync(options.socketPath, { force: true });
      try {
        return journal.seal();
      } finally {
        journal.end();
      }
    },
  };
}

async function serve(
  { state, words }: { readonly state: GatewayState; readonly words: PersonWords },
  { incoming, outgoing }: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
): Promise<void> {
  try {
    outgoing.on("error", () => outgoing.destroy());
    // A pipelined request's answer has no socket yet, so backpressure from the sandbox would go unnoticed.
    if (outgoing.socket === null)
      return refuseUnread(state, { incoming, outgoing, reason: "a request did not wait for the previous answer" });
    const path = admitHead(state.wire, incoming);
    if (typeof path !== "string") return refuseUnread(state, { incoming, outgoing, reason: path.reason });
    if (state.reading + state.open.size >= state.limits.requests_in_flight)
      return refuseForNow(state, { incoming, outgoing, reason: "too many requests at once" });
    if (!state.takeTurn()) return refuseForNow(state, { incoming, outgoing, reason: "too many requests in a minute" });
    const text = await readBody(state, incoming);
    if (text === "broken off") {
      outgoing.destroy();
      return;
    }
    if (text === null)
      return refuseUnread(state, { incoming, outgoing, status: 413, reason: "the request is larger than allowed" });
    if (incoming.rawTrailers.length > 0)
      return state.refuse(outgoing, { status: 403, reason: "trailers are not allowed" });
    const request = state.wire.parse(path, text, state.limits);
    if ("kind" in request) return state.refuse(outgoing, { status: 403, reason: request.reason });
    const put = words.putInto(request, state.limits);
    const answered = () => words.heardBy(put.numbers);
    await forwardExchange(state, put.request, { incoming, outgoing, answered });
  } catch (error) {
    // The recording could not be written. Continuing would lose the proof, so the run ends.
    state.report(`gateway: an exchange could not be recorded: ${error instanceof Error ? error.message : "unknown"}`);
    state.endRun({ code: "HOLD-DISK-LOW", detail: "journal", resumesAt: null });
    outgoing.destroy();
  }
}

function refuseUnread(
  state: GatewayState,
  options: { incoming: IncomingMessage; outgoing: ServerResponse; reason: string; status?: number },
): void {
  options.outgoing.shouldKeepAlive = false;
  state.refuse(options.outgoing, { status: options.status ?? 403, reason: options.reason });
  options.incoming.resume();
}

function answerError(wire: Wire, client: ServerResponse, { status, reason }: { status: number; reason: string }): void {
  if (client.headersSent || client.destroyed) return;
  client.writeHead(status, {
    "content-type": "application/json",
    ...(status === 429 ? { "retry-after": "1" } : {}),
  });
  client.end(wire.errorBody({ status, reason: `aedev gateway: ${reason}` }));
}

/** Refuses a request before its body is read, so that none of it is kept. */
function refuseForNow(
  state: GatewayState,
  { incoming, outgoing, reason }: { incoming: IncomingMessage; outgoing: ServerResponse; reason: string },
): void {
  outgoing.shouldKeepAlive = false;
  state.answerError(outgoing, { status: 429, reason });
  incoming.resume();
}

/** Reads the whole body; null if it is too large. Then as much again is dropped, because a client may lose its answer if the connection closes early. */
async function readBody(state: GatewayState, incoming: IncomingMessage): Promise<string | "broken off" | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  state.reading += 1;
  try {
    for await (const chunk of incoming) {
      sizeBytes += chunk.length;
      if (sizeBytes > 2 * state.limits.request_bytes) return null;
      if (sizeBytes > state.limits.request_bytes) chunks.length = 0;
      else chunks.push(chunk);
    }
  } catch {
    // The sandbox hung up; no request was made.
    return "broken off";
  } finally {
    state.reading -= 1;
  }
  return sizeBytes > state.limits.request_bytes ? null : Buffer.concat(chunks).toString("utf8");
}

async function listen(
  options: GatewayOptions & Pick<GatewayState, "report">,
  take: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<Server> {
  const server = createServer({ maxHeaderSize: 32 * 1024, requestTimeout: 120_000, keepAliveTimeout: 60_000 }, take);
  server.maxConnections = connectionsMax;
  server.on("connect", (_request, socket) => {
    options.report("gateway: CONNECT is not a plain model call");
    socket.destroy();
  });
  server.on("upgrade", (_request, socket) => {
    options.report("gateway: an upgrade is not a plain model call");
    socket.destroy();
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  rmSync(options.socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.socketPath, resolve);
  });
  chmodSync(options.socketPath, 0o600);
  if (options.owner !== null) chownSync(options.socketPath, options.owner.uid, options.owner.gid);
  return server;
}
