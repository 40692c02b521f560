/** Follows the daemon's stream of events and reports each event and whether the daemon can be reached. It keeps trying until it is stopped. */
import { setTimeout as delay } from "node:timers/promises";
import { Fault } from "@aedev/contracts";
import { stream } from "../daemon-client/daemon-link.ts";
import type { Session } from "../terminal/session.ts";

const retryMs = 500;

export interface PulseOptions {
  /** Events after this position are reported. */
  readonly after: () => number;
  readonly onEvent: () => void;
  /** `why`: what is wrong, for a person. */
  readonly onLink: (link: { readonly up: true } | { readonly up: false; readonly why: string }) => void;
  readonly signal: AbortSignal;
}

/** Resolves when the signal aborts. It waits for an absent daemon. */
export async function followPulse(session: Session, { after, onEvent, onLink, signal }: PulseOptions): Promise<void> {
  while (!signal.aborted) {
    const why = await followOnce(session, { after, onEvent, onLink, signal });
    if (signal.aborted) return;
    onLink({ up: false, why });
    await delay(retryMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Returns why the stream ended. That is not an error: the daemon may be restarting. */
async function followOnce(session: Session, { after, onEvent, onLink, signal }: PulseOptions): Promise<string> {
  try {
    const response = await stream(session, "listEvents", { after: after() });
    const stop = () => response.destroy();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    onLink({ up: true });
    try {
      for await (const _chunk of response) onEvent();
    } finally {
      signal.removeEventListener("abort", stop);
      response.destroy();
    }
    return "the daemon has ended";
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error instanceof Fault ? error.message : `the daemon has ended (${error.message})`;
  }
}
