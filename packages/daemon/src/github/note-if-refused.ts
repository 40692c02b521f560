/** Effects at GitHub that no landing waits for: tried a few times, and a note if they can't be done. */
import { escapeLine, isFault } from "@aedev/contracts";

const triesMax = 3;
const noteCharactersMax = 400;

/** Calls `effect`, which looks before it acts, until it ends without a fault. Empty if it did, else one note: `what`, and why. Throws what is no answer of GitHub's, such as `RateLimited`. */
export async function noteIfRefused(what: string, effect: () => Promise<void>): Promise<string[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      await effect();
      return [];
    } catch (error) {
      if (!isFault(error, "HOLD-REMOTE-REFUSED", "HOLD-EXTERNAL-STATE-UNKNOWN")) throw error;
      if (!error.retry || tries >= triesMax) return [escapeLine(`${what}: ${error.message}`, noteCharactersMax)];
    }
  }
}
