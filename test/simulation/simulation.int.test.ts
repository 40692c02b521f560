/** Nights of the control plane in virtual time: no invariant fails, and one finds each planted bug. Another file has the second half of the nights. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isNight } from "../support/is-night.ts";
import { describeNights } from "./describe-nights.ts";
import { type EpisodeOptions, runEpisode } from "./episode.ts";
import { invariants } from "./invariant-list.ts";
import type { Planted } from "./planted/planted-bug.ts";
import { plantedBugs, plantedMissions } from "./planted/planted-bugs.ts";
import { shrinkEpisode } from "./shrink.ts";
import { faults } from "./world.ts";

const missions = 30;

describeNights(1);

describe("a simulated night", () => {
  it("depends on its seed and on nothing else", async () => {
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

  it("depends on its faults too: each of them changes some night", async () => {
    const without = new Map<number, string>();
    for (const fault of faults) {
      let hasChanged = false;
      for (let seed = 1; seed <= 60 && !hasChanged; seed += 1) {
        const options = { seed, missions: 10, store: "memory" } as const;
        const calm = without.get(seed) ?? (await runEpisode({ ...options, faults: [] })).digest;
        without.set(seed, calm);
        hasChanged = (await runEpisode({ ...options, faults: [fault] })).digest !== calm;
      }
      expect({ fault, hasChanged }).toEqual({ fault, hasChanged: true });
    }
  });

  it("is the same on the log in memory and on SQLite's", async () => {
    // A second daemon is noticed at a different moment.
    const others = faults.filter((fault) => fault !== "second-daemon");
    // After crashes the entities of the state may be in another order, and with them the work of one instant.
    const withoutCrashes = others.filter((fault) => fault !== "crash");
    const nights = [
      ...(isNight ? [1, 3, 4, 6, 7] : [1, 3]).map((seed) => ({ seed, missions, faults: others })),
      ...[5, 17, 19].map((seed) => ({ seed, missions, faults: withoutCrashes })),
      { seed: 7, missions, faults: ["disk-full"] as const },
    ];
    let crashes = 0;
    for (const options of nights) {
      const inMemory = await runEpisode({ ...options, store: "memory" });
      expect(await runEpisode({ ...options, store: "sqlite" })).toEqual(inMemory);
      expect(inMemory.events).toBeGreaterThan(200);
      // Without the fault `crash`, only a full disk ends a daemon.
      if (!options.faults.some((fault) => fault === "crash")) crashes += inMemory.crashes;
    }
    expect(crashes).toBeGreaterThan(0);
  });
});

describe("a planted bug", () => {
  it.each(Object.entries(plantedBugs))("is found: %s", async (_name, planted) => {
    const { bug, seed, finds, missions = plantedMissions, store = "memory" } = planted;
    const options: EpisodeOptions = { seed, missions, faults, store };
    const { violations } = await runEpisode({ ...options, bug });
    expect(violations).toContainEqual(expect.stringMatching(new RegExp(`^${finds}: `)));
    expect(await runEpisode(options)).toMatchObject({ violations: [] });
  });

  it("breaks each invariant, and each invariant is checked", () => {
    const found = new Set(Object.values(plantedBugs).map(({ finds }) => finds));
    expect(invariants.filter((invariant) => !found.has(invariant))).toEqual([]);
    const folder = import.meta.dirname;
    const sources = readdirSync(folder).filter((name) => name !== "invariant-list.ts" && /^[a-z-]+\.ts$/.test(name));
    const code = sources.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    const said = [...code.matchAll(/violated\(\s*(?:"([^"]+)"|`([^`]+)`)/g)].map(([, plain, built]) => plain ?? built);
    // A text with a unit's name stands for all units.
    const isSaid = (invariant: string) =>
      said.some((text = "") => new RegExp(`^${text.replaceAll(/\$\{[^}]+\}/g, ".+")}$`).test(invariant));
    expect(invariants.filter((invariant) => !isSaid(invariant))).toEqual([]);
  });

  it("can be shown by a smaller night", async () => {
    const { bug, seed } = plantedBugs["one run too many is started"] as Planted;
    const failing: EpisodeOptions = { seed, missions: plantedMissions, faults, store: "memory", bug };
    const smaller = await shrinkEpisode(failing);
    expect(smaller.missions).toBeLessThan(plantedMissions);
    expect(smaller.faults.length).toBeLessThan(faults.length);
    expect((await runEpisode(smaller)).violations).not.toEqual([]);
  });
});
