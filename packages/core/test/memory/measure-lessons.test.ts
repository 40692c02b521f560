/** In a scripted world the report tells a lesson that helps, one that harms and one that does nothing apart; how often it errs is counted over 50 worlds. */
import { describe, expect, it } from "vitest";
import { differenceOfMeans, differenceOfShares } from "../../src/memory/difference.ts";
import { lessonsInForce } from "../../src/memory/memory.ts";
import { memoryReport } from "../../src/memory/memory-report.ts";
import { harmful, helpful, idle, openWorld, type World } from "./world.ts";

const seeds = Array.from({ length: 50 }, (_, at) => at + 1);

function reportOf({ history, state }: World) {
  const active = lessonsInForce(state.repositories["repo"] ?? {}).map(({ lesson_id }) => lesson_id);
  const isInForce = ({ lesson_id }: { lesson_id: (typeof active)[number] }) => active.includes(lesson_id);
  const { all, lessons } = memoryReport(history, { repository: "repo", position: 1, isInForce });
  const of = (id: string) => {
    const found = lessons.find(({ lesson_id }) => lesson_id === id);
    if (found === undefined) throw new Error(`no lesson ${id}`);
    return found;
  };
  return { all, helps: of(helpful.lesson_id), harms: of(harmful.lesson_id), idle: of(idle.lesson_id) };
}

describe("a report about lessons", () => {
  const rates = (effect: number) => {
    const reports = seeds.map((seed) => {
      const world = openWorld(seed, { effect });
      world.runUntil(200);
      return reportOf(world);
    });
    const count = (is: (report: (typeof reports)[number]) => boolean) => reports.filter(is).length;
    return {
      helpsFound: count(({ helps }) => helps.shows === "helps"),
      harmsFound: count(({ harms }) => harms.shows === "harms" && harms.remove === "harms"),
      wrongSign: count(({ helps, harms }) => helps.shows === "harms" || harms.shows === "helps"),
      idleHarms: count(({ idle: one }) => one.shows === "harms"),
      idleHelps: count(({ idle: one }) => one.shows === "helps"),
      covered: count(
        ({ helps: { success } }) =>
          (success.difference?.lower ?? 1) <= effect && (success.difference?.upper ?? 0) >= effect,
      ),
    };
  };

  it("tells the three apart at 200 runs in most of 50 worlds, and never takes the helpful one for harmful", () => {
    const found = rates(0.3);
    expect(found.wrongSign).toBe(0);
    expect(found.helpsFound).toBeGreaterThanOrEqual(40);
    expect(found.harmsFound).toBeGreaterThanOrEqual(40);
    expect(found.idleHarms).toBeLessThanOrEqual(4);
    expect(found.idleHelps).toBeLessThanOrEqual(4);
    expect(found.covered).toBeGreaterThanOrEqual(44);
  });

  it("shows a small effect rarely, and still errs as rarely about the lesson that does nothing", () => {
    const found = rates(0.05);
    expect(found.helpsFound).toBeLessThan(25);
    expect(found.idleHarms + found.idleHelps).toBeLessThanOrEqual(6);
  });

  it("says that there are too few trials before there are, and proposes nothing for removal then", () => {
    const world = openWorld(1, { effect: 0.3 });
    world.runUntil(40);
    const { harms } = reportOf(world);
    expect(harms).toMatchObject({ shows: "too-few-trials", remove: null });
    expect(harms.success.difference).not.toBeNull();
  });

  it("proposes a lesson without a shown effect for removal after 400 trials, not before", () => {
    const world = openWorld(3, { effect: 0.3 });
    world.runUntil(200);
    expect(reportOf(world).idle.remove).toBeNull();
    world.runUntil(1200);
    const { idle: one } = reportOf(world);
    expect(one.trials.given + one.trials.left_out).toBeGreaterThanOrEqual(400);
    expect(one).toMatchObject({ shows: "no-difference", remove: "useless" });
    expect(reportOf(world).all.trials.left_out).toBeGreaterThan(20);
  });

  it("leaves nothing out if the share is 0, and then compares nothing", () => {
    const world = openWorld(1, { effect: 0.3, holdout: 0 });
    world.runUntil(150);
    const { helps } = reportOf(world);
    expect(helps.trials.left_out).toBe(0);
    expect(helps).toMatchObject({ shows: "too-few-trials", success: { difference: null } });
  });
});

describe("a difference", () => {
  it("of shares is that of Newcombe's own examples (1998, table II, method 10)", () => {
    const rounded = (figure: { value: number; lower: number; upper: number } | null) =>
      figure && [figure.lower, figure.upper].map((one) => one.toFixed(4));
    expect(rounded(differenceOfShares({ hits: 56, n: 70 }, { hits: 48, n: 80 }))).toEqual(["0.0524", "0.3339"]);
    expect(rounded(differenceOfShares({ hits: 9, n: 10 }, { hits: 3, n: 10 }))).toEqual(["0.1705", "0.8090"]);
    expect(rounded(differenceOfShares({ hits: 10, n: 10 }, { hits: 0, n: 20 }))).toEqual(["0.6791", "1.0000"]);
    expect(differenceOfShares({ hits: 0, n: 0 }, { hits: 1, n: 2 })).toBeNull();
  });

  it("of means has Welch's degrees of freedom and Student's quantile", () => {
    // One side varies, the other does not: four degrees of freedom, whose 95 % point is 2.7764.
    const figure = differenceOfMeans([1, 2, 3, 4, 5], [0, 0, 0, 0, 0]);
    expect(figure?.value).toBe(3);
    expect((figure?.upper ?? 0) - 3).toBeCloseTo(2.7764 * Math.sqrt(2.5 / 5), 1);
    expect(differenceOfMeans([1, 2], [1, 2, 3, 4, 5])).toBeNull();
  });
});
