/** Repeats a look until it is closed. After a failure it tries again, and complains once while the cause is the same. */
import type { Pacing } from "@aedev/host/retry-pacing";
import { complain } from "../logging/complain.ts";

/** `failing`: the words before a failure's cause. */
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
