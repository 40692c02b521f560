/**
 * Where a gateway's answers come from: the fixed upstream, or a recording. One port with two implementations, so that a replay runs the same
 * code as a live run up to the last step.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { ModelRequest } from "./model-request.ts";

export interface ModelAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
}

export interface ModelSource {
  /** Resolves with the head of the answer; rejects where there is none. Aborting `signal` ends the body too. */
  ask(request: ModelRequest, options: { headers: IncomingHttpHeaders; signal: AbortSignal }): Promise<ModelAnswer>;
  /** A value that must never go back into the sandbox; null where there is none. */
  secret: string | null;
  end(): void;
}
