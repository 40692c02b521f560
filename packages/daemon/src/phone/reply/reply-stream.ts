/** Listens to the reply topic on ntfy's stream, without an open port here. It continues where it stopped and reconnects after a growing pause. */

import { setTimeout as delay } from "node:timers/promises";
import { Fault } from "@aedev/contracts";
import { retryAfterMs } from "@aedev/host/retry-pacing";
import { complain } from "../../logging/complain.ts";
import { refusedStatus, unreachableServer } from "../ntfy/guarded-fetch.ts";
import { pauseMsOf, tooMany } from "../ntfy/push-pause.ts";
import { boundedLines } from "./bounded-lines.ts";
import type { ReadReply, ReplyReader } from "./read-replies.ts";
import type { ReplyCursor } from "./reply-cursor.ts";

/** A line has a message's text and the headers that its sender chose; a tap is never longer than this. */
const lineBytesMax = 32 * 1024;
/** ntfy sends a keepalive every 45 s. */
const silenceMsMax = 120_000;
const pauseMsMin = 500;
const pauseMsMax = 60_000;
/** After a connection that lasted this long, the pause is short again. */
const steadyMs = 30_000;
/** How often one message may fail before it is skipped. */
const triesMax = 3;

export interface ReplyStreamOptions {
  readonly url: string;
  readonly topic: string;
  readonly credential: () => string | null;
  readonly reader: ReplyReader;
  readonly cursor: ReplyCursor;
  /** How far back to read without a cursor; older tokens have expired. */
  readonly firstReplayMs: number;
  readonly onTap: (tap: NonNullable<ReadReply["tap"]>) => void;
  readonly silenceMs?: number;
}
export interface ReplyStream {
  /** Null while it listens, else why it does not. */
  problem(): string | null;
  close(): Promise<void>;
}

export function openReplyStream(options: ReplyStreamOptions): ReplyStream {
  const { reader, cursor, onTap } = options;
  const closing = new AbortController();
  let problem: string | null = "not connected yet";
  let pauseMs = pauseMsMin;
  let failing = { line: "", count: 0 };
  // A separate pause, because the server counts listeners apart from messages.
  const refusals: { count: number; askedMs: number | null } = { count: 0, askedMs: null };

  async function listen(): Promise<void> {
    while (!closing.signal.aborted) {
      const openedAt = performance.now();
      try {
        await follow();
        problem = "the server ended the stream";
      } catch (error) {
        if (closing.signal.aborted) break;
        problem = error instanceof Error ? error.message : String(error);
        if (!(error instanceof Fault)) complain(`reply topic: ${problem}`);
      }
      cursor.save();
      if (performance.now() - openedAt >= steadyMs) pauseMs = pauseMsMin;
      const { count: answers, askedMs: asked } = refusals;
      const pausedMs = answers === 0 ? 0 : pauseMsOf({ reason: "busy", answers, asked }, Date.now());
      await delay(Math.max(pauseMs, pausedMs), undefined, { signal: closing.signal }).catch(ignoreAbort);
      pauseMs = Math.min(pauseMs * 2, pauseMsMax);
    }
    cursor.save();
  }

  /** One connection, until it ends. */
  async function follow(): Promise<void> {
    const silent = new AbortController();
    const watch = setTimeout(() => silent.abort(), options.silenceMs ?? silenceMsMax);
    try {
      const response = await connect(AbortSignal.any([closing.signal, silent.signal]));
      problem = null;
      for await (const line of boundedLines(
        noteChunks(response, () => watch.refresh()),
        lineBytesMax,
      ))
        await take(line);
    } catch (error) {
      if (silent.signal.aborted)
        throw new Fault("push-unreachable", "no data from the reply topic within the time limit", { retry: true });
      throw error;
    } finally {
      clearTimeout(watch);
    }
  }

  async function connect(signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const credential = options.credential();
    const since = cursor.last() ?? `${Math.ceil(options.firstReplayMs / 1000)}s`;
    let response: Response;
    try {
      response = await fetch(`${options.url}/${options.topic}/json?since=${since}`, {
        headers: credential === null ? {} : { authorization: `Bearer ${credential}` },
        redirect: "manual",
        signal,
      });
    } catch (cause) {
      throw unreachableServer(cause);
    }
    refusals.count = response.status === tooMany ? refusals.count + 1 : 0;
    refusals.askedMs = retryAfterMs(response.headers.get("retry-after"), Date.now());
    if (response.status === 200 && response.body !== null) return response.body;
    await response.body?.cancel();
    throw refusedStatus(response.status);
  }

  async function take(line: string): Promise<void> {
    if (failing.line === line && failing.count >= triesMax) return;
    const { id, tap } = await reader.read(line).catch((error: unknown) => {
      failing = { line, count: failing.line === line ? failing.count + 1 : 1 };
      throw error;
    });
    if (id !== null) cursor.advance(id);
    if (tap !== null) {
      cursor.save();
      onTap(tap);
    }
  }

  const listening = listen();
  return {
    problem: () => problem,
    async close() {
      closing.abort();
      await listening;
    },
  };
}

async function* noteChunks(chunks: AsyncIterable<Uint8Array>, onChunk: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      onChunk();
      yield chunk;
    }
  } catch (cause) {
    throw unreachableServer(cause);
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}
