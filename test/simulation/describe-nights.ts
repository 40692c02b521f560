/** Simulated nights, as tests: 3,000 missions by day; two files run 10,020 each by night, at the same time. */
import { describe, expect, it } from "vitest";
import { isNight } from "../support/is-night.ts";
import { runEpisode } from "./episode.ts";
import { faults } from "./world.ts";

const missionsOfNight = 30;
const nightsOfTest = isNight ? 167 : 50;
export const nightsOfHalf = 2 * nightsOfTest;
const timeout = 600_000;

/** `first`: the first night's seed. */
export function describeNights(first: number): void {
  describe("a simulated night", () => {
    it.each([first, first + nightsOfTest])(
      "loses nothing, does nothing twice, lands nothing that is not proven and exceeds no budget, whatever goes wrong (from seed %i)",
      { timeout },
      async (from) => {
        const sum = { missions: 0, landed: 0, crashes: 0, events: 0 };
        const began = process.cpuUsage();
        for (let seed = from; seed < from + nightsOfTest; seed += 1) {
          const store = seed % 20 === 0 ? "sqlite" : "memory";
          const { violations, landed, crashes, events } = await runEpisode({
            seed,
            missions: missionsOfNight,
            faults,
            store,
          });
          expect({ seed, violations }).toEqual({ seed, violations: [] });
          sum.missions += missionsOfNight;
          for (const [key, value] of Object.entries({ landed, crashes, events })) sum[key as "landed"] += value;
        }
        const { user, system } = process.cpuUsage(began);
        process.stdout.write(
          `simulation: ${JSON.stringify({ ...sum, processor_ms: Math.round((user + system) / 1000) })}\n`,
        );
        // These nights are eventful. Parts of a plan that has stopped never land.
        expect(sum.landed).toBeGreaterThan(0.4 * sum.missions);
        expect(sum.crashes).toBeGreaterThan(nightsOfTest);
      },
    );
  });
}
