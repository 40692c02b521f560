/** Answers from a journal instead of an upstream: in order, one lane per path and model. A successful retry replaces broken answers. */
import { Readable } from "node:stream";
import { Fault } from "@aedev/contracts";
import type { BlobStore } from "@aedev/host/blob-store";
import type { Exchange } from "./journal.ts";
import type { ModelSource } from "./model-source.ts";

export interface Replay extends ModelSource {
  /** The first request that the recording has no answer for; null if there is none. */
  divergence(): string | null;
  /** Number of recorded answers, and how many of them were asked for. */
  answers(): { readonly recorded: number; readonly used: number };
}

/** Reads all answers first, so that a missing or changed blob is a Fault before anything runs. */
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
  const recorded = [...lanes.values()].reduce((sum, lane) => sum + lane.length, 0);
  let used = 0;
  return {
    secret: null,
    billing: "api",
    divergence: () => divergence,
    answers: () => ({ recorded, used }),
    end: () => lanes.clear(),
    async ask(request) {
      const next = lanes.get(`${request.path} ${request.model}`)?.shift();
      if (next === undefined) {
        divergence ??= `the recording has no further answer for ${request.path} from ${request.model}`;
        throw new Fault("replay-diverged", divergence);
      }
      used += 1;
      return { status: next.status, headers: next.headers, body: Readable.from([next.body]) };
    },
  };
}
