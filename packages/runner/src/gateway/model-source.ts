/** The port for a gateway's answers: the fixed upstream or a recording, so that a replay runs the same code as a live run. */
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Billing } from "@aedev/contracts";
import type { ModelRequest } from "./wire/wire.ts";

export interface ModelAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
}

export interface ModelSource {
  /** Resolves with the head of the answer; rejects if there is none. Aborting `signal` ends the body too. */
  ask(request: ModelRequest, options: { headers: IncomingHttpHeaders; signal: AbortSignal }): Promise<ModelAnswer>;
  /** A value that must never enter the sandbox; null if there is none. */
  secret: string | null;
  /** How the answers are paid. */
  billing: Billing;
  end(): void;
}
