/** Nights of the control plane in virtual time: no invariant fails, and each planted bug is found by one. */

import { describe, expect, it } from "vitest";
import { isNight } from "../support/is-night.ts";
import { type EpisodeOptions, runEpisode } from "./episode.ts";
import { plantedBugs, plantedMissions } from "./planted-bugs.ts";
import { shrinkEpisode } from "./shrink.ts";
import { faults } from "./world.ts";

const missions = 30;
/** Together 20,000 missions by night, and 6,000 by day. */
const nights = isNight ? 167 : 50;
const firstSeeds = [0, 1, 2, 3].map((part) => 1 + part * nights);
const timeout = isNight ? 3_600_000 : 300_000;

describe("a simulated night", () => {
  it.each(firstSeeds)(
    "loses nothing, does nothing twice and lands nothing that is not proven, whatever goes wrong (from seed %i)",
    {
      timeout,
    },
    async (first) => {
      const sum = { missions: 0, landed: 0, crashes: 0, events: 0 };
      const began = process.cpuUsage();
      for (let seed = first; seed < first + nights; seed += 1) {
        const store = seed % 20 === 0 ? "sqlite" : "memory";
        const { violations, landed, crashes, events } = await runEpisode({ seed, missions, faults, store });
        expect({ seed, violations }).toEqual({ seed, violations: [] });
        sum.missions += missions;
        for (const [key, value] of Object.entries({ landed, crashes, events })) sum[key as "landed"] += value;
      }
      const { user, system } = process.cpuUsage(began);
      process.stdout.write(
        `simulation: ${JSON.stringify({ ...sum, processor_ms: Math.round((user + system) / 1000) })}\n`,
      );
      // They are nights in which much happens.
      expect(sum.landed).toBeGreaterThan(sum.missions / 2);
      expect(sum.crashes).toBeGreaterThan(nights);
    },
  );

  it("follows from its seed, and from nothing else", async () => {
    for (const store of ["memory", "sqlite"] as const) {
      const options: EpisodeOptions = { seed: 5, missions: 10, faults, store };
      const [one, again, other] = [
        await runEpisode(options),
        await runEpisode(options),
        await runEpisode({ ...options, seed: 6 }),
      ];
      expect(again).toEqual(one);
      expect(other.digest).not.toBe(one.digest);
    }
  });

  it("is the same on the log in memory and on SQLite's", async () => {
    // A second daemon is noticed at another moment.
    const others = faults.filter((fault) => fault !== "second-daemon");
    for (const seed of [1, 2, 3, 4, 5]) {
      const options = { seed, missions, faults: others };
      const inMemory = await runEpisode({ ...options, store: "memory" });
      expect(await runEpisode({ ...options, store: "sqlite" })).toEqual(inMemory);
      expect(inMemory.events).toBeGreaterThan(200);
    }
  });
});

describe("a planted bug", () => {
  it.each(Object.entries(plantedBugs))("is found: %s", async (_name, { bug, seed, finds }) => {
    const options: EpisodeOptions = { seed, missions: plantedMissions, faults, store: "memory" };
    const { violations } = await runEpisode({ ...options, bug });
    expect(violations.join("\n")).toContain(finds);
    expect(await runEpisode(options)).toMatchObject({ violations: [] });
  });

  it("is shown by a smaller night", async () => {
    const { bug, seed } = plantedBugs["one run too many is started"] as (typeof plantedBugs)[string];
    const failing: EpisodeOptions = { seed, missions: plantedMissions, faults, store: "memory", bug };
    const smaller = await shrinkEpisode(failing);
    expect(smaller.missions).toBeLessThan(plantedMissions);
    expect(smaller.faults.length).toBeLessThan(faults.length);
    expect((await runEpisode(smaller)).violations).not.toEqual([]);
  });
});
