/** Looks at something again and again until it is closed. A failure is tried again, and told once as long as it is the same. It knows no message. */
import type { Pacing } from "@aedev/host/retry-pacing";
import { complain } from "../logging/complain.ts";

/** `failing`: what is said before the cause of a failure. */
export function lookRepeatedly(options: {
  look: () => Promise<void>;
  everyMs: number;
  failing: string;
  pacing: Pick<Pacing, "sleep">;
}): { close(): Promise<void> } {
  const { look, everyMs, failing, pacing } = options;
  const closing = new AbortController();
  let problem: string | null = null;
  const running = (async () => {
    while (!closing.signal.aborted) {
      try {
        await look();
        problem = null;
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        if (said !== problem) complain(`${failing}: ${said}`);
        problem = said;
      }
      await pacing.sleep(everyMs, closing.signal);
    }
  })();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
