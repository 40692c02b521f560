/** Nights of the control plane in virtual time: no invariant fails, and each planted bug is found by one. The other half of the nights is in a file of its own, which runs beside this one. */

import { describe, expect, it } from "vitest";
import { describeNights } from "./describe-nights.ts";
import { type EpisodeOptions, runEpisode } from "./episode.ts";
import { plantedBugs, plantedMissions } from "./planted-bugs.ts";
import { shrinkEpisode } from "./shrink.ts";
import { faults } from "./world.ts";

const missions = 30;

describeNights(1);

describe("a simulated night", () => {
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
