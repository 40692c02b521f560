/** The recorded source: answers of a journal in order, one lane per path and model, with no upstream at all. Broken and retried answers are left out: the retry that succeeded stands for them. */
import { Readable } from "node:stream";
import { type BlobStore, Fault } from "@aedev/core/wire";
import type { Exchange } from "./journal.ts";
import type { ModelSource } from "./model-source.ts";

export interface Replay extends ModelSource {
  /** What was asked for beyond the recording; null where nothing was. */
  divergence(): string | null;
}

/** Reads every answer at once, so that a missing or changed blob is a Fault naming it before anything runs. */
export function openReplay(exchanges: readonly Exchange[], blobs: Pick<BlobStore, "get">): Replay {
  const lanes = new Map<string, { status: number; headers: Record<string, string>; body: Buffer }[]>();
  for (const { path, model, request, response, status, headers, complete } of exchanges) {
    blobs.get(request);
    if (response === null) continue;
    const body = Buffer.from(blobs.get(response));
    if (status === null || !complete || status === 429 || status >= 500) continue;
    const lane = `${path} ${model}`;
    lanes.set(lane, [...(lanes.get(lane) ?? []), { status, headers, body }]);
  }
  let divergence: string | null = null;
  return {
    secret: null,
    divergence: () => divergence,
    end: () => lanes.clear(),
    async ask(request) {
      const next = lanes.get(`${request.path} ${request.model}`)?.shift();
      if (next === undefined) {
        divergence ??= `the recording has no further answer of ${request.path} by ${request.model}`;
        throw new Fault("REPLAY-DIVERGED", divergence);
      }
      return { status: next.status, headers: next.headers, body: Readable.from([next.body]) };
    },
  };
}
