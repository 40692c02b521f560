/** Tries an effect at GitHub that no landing waits for a few times, and returns a note if it fails. */
import { escapeLine, isFault } from "@aedev/contracts";

const triesMax = 3;
const noteCharactersMax = 400;

/** Returns no note, or one with `what` and why. `effect` looks before it acts, so it may be repeated. Throws anything but GitHub's answer. */
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
