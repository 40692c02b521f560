/** Shrinks a failing episode: removes faults that it does not need, and missions, as long as it still fails. */
import { type EpisodeOptions, runEpisode } from "./episode.ts";

const triesMax = 40;

/** The smallest failing episode found; the violated invariant may differ. */
export async function shrinkEpisode(failing: EpisodeOptions): Promise<EpisodeOptions> {
  let smallest = failing;
  let tries = 0;
  const fails = async (options: EpisodeOptions) => {
    tries += 1;
    return tries <= triesMax && (await runEpisode(options)).violations.length > 0;
  };
  for (const fault of failing.faults) {
    const without = { ...smallest, faults: smallest.faults.filter((other) => other !== fault) };
    if (await fails(without)) smallest = without;
  }
  for (let less = Math.floor(smallest.missions / 2); less > 0; less = Math.floor(less / 2))
    while (smallest.missions > less) {
      const fewer = { ...smallest, missions: smallest.missions - less };
      if (!(await fails(fewer))) break;
      smallest = fewer;
    }
  return smallest;
}
