/** Judging the samples of a soak: a leak of each kind is found in an hour of samples, an hour without a leak passes, and an unmeasured figure is never good. */
import { expect, it } from "vitest";
import { figuresOf, lineOf, type SoakFigure, verdictOf, warmUpSeconds } from "../scripts/soak/figures.ts";
import type { Sample } from "../scripts/soak/sample.ts";

const mebibyte = 1024 ** 2;
const everySeconds = 10;
const hourSamples = 360;
const memoryOf = (name: string) => `aedev_process_resident_memory_bytes{process="${name}"}`;
const descriptorsOf = (name: string) => `aedev_process_open_descriptors{process="${name}"}`;
const p99 = 'aedev_event_loop_delay_seconds{quantile="0.99"}';
const longest = 'aedev_event_loop_delay_seconds{quantile="1"}';

type Figures = Record<string, number>;

/** A calm hour: memory swings with the collector and has grown in the warm-up, and nothing else moves. `change`: what differs at a share of the hour. */
function soaked(change: (share: number) => Figures | null = () => ({}), more: Partial<Sample> = {}) {
  const samples = Array.from({ length: hourSamples }, (_, place): Sample => {
    const at_s = place * everySeconds;
    const memory = (150 + (at_s < 120 ? at_s / 4 : 30) + (place % 12)) * mebibyte;
    const own = change(place / hourSamples);
    const figures: Figures = {
      ...Object.fromEntries(
        ["daemon", "execution", "judgement"].flatMap((name) => [
          [memoryOf(name), memory],
          [descriptorsOf(name), 40 + (place % 3)],
        ]),
      ),
      ...{ aedev_log_wal_bytes: 4 * mebibyte, [p99]: 0.02, [longest]: 0.4 },
      ...{ 'aedev_plane_generation{plane="execution"}': 1, 'aedev_plane_generation{plane="judgement"}': 1 },
      ...own,
    };
    return {
      at_s,
      daemon_pid: 7,
      figures: own === null ? null : figures,
      home_bytes: 1e7 + place * 1e5,
      load: 1,
      ...more,
    };
  });
  const endedAt = samples.map((_, place) => Math.floor(place / 3));
  return { samples, missions: { submitted: 120, landed: 120, failed: 0 }, endedAt, engine: true, containersLeft: 0 };
}

const exceeded = (figures: readonly SoakFigure[]) =>
  figures.flatMap(({ name, ok }) => (ok === true ? [] : [`${name}: ${ok}`]));

it("a soak finds nothing in a calm hour", () => {
  const figures = figuresOf(soaked());
  expect(exceeded(figures)).toEqual([]);
  expect(verdictOf(figures)).toBe(true);
});

it.each<[what: string, name: string, leak: (share: number) => Figures | null]>([
  [
    "60 MiB an hour",
    "memory of execution, slope",
    (share) => ({ [memoryOf("execution")]: (150 + 60 * share) * mebibyte }),
  ],
  [
    "ten descriptors",
    "descriptors of daemon, rise",
    (share) => ({ [descriptorsOf("daemon")]: 40 + Math.floor(15 * share) }),
  ],
  [
    "a reader that keeps the log's write-ahead file open",
    "write-ahead file, largest",
    (share) => ({ aedev_log_wal_bytes: 20 * share * mebibyte }),
  ],
  ["an event loop that is always late", "event-loop delay p99, median sample", () => ({ [p99]: 0.2 })],
  [
    "an event loop that stood still once",
    "event-loop delay, longest",
    (share) => ({ [longest]: share === 0.5 ? 6 : 0.1 }),
  ],
  [
    "a plane that ended",
    "processes that ended",
    (share) => ({ 'aedev_plane_generation{plane="judgement"}': share < 0.4 ? 1 : 2 }),
  ],
  ["a daemon that did not answer", "scrapes without an answer", (share) => (share === 0.25 ? null : {})],
])("a soak finds %s", (_what, name, leak) => {
  expect(exceeded(figuresOf(soaked(leak)))).toEqual([`${name}: false`]);
});

it("a soak finds remaining containers and missions, and a home that grows too much", () => {
  const calm = soaked();
  expect(exceeded(figuresOf({ ...calm, containersLeft: 1 }))).toEqual(["containers left at the end: false"]);
  const missions = { ...calm.missions, failed: 1 };
  expect(exceeded(figuresOf({ ...calm, missions }))).toEqual(["missions that did not land: false"]);
  const samples = calm.samples.map((sample, place) => ({ ...sample, home_bytes: place * mebibyte }));
  expect(exceeded(figuresOf({ ...calm, samples }))).toEqual(["disk of the home for each mission: false"]);
});

it("a soak calls no unmeasured figure good", () => {
  const { samples, ...calm } = soaked(() => null);
  const figures = figuresOf({ ...calm, samples, containersLeft: null });
  expect(figures.filter(({ ok }) => ok === null).map(({ measured }) => measured)).toEqual(Array(11).fill("-"));
  const none = { submitted: 0, landed: 0, failed: 0 };
  expect(figuresOf({ ...calm, samples: [], missions: none, containersLeft: null }).map(({ ok }) => ok)).toEqual(
    Array(14).fill(null),
  );
});

it("a soak has no good verdict while a figure is unmeasured, except containers without an engine", () => {
  const [calm, missions] = [soaked(), { submitted: 0, landed: 0, failed: 0 }];
  expect(verdictOf(figuresOf({ ...calm, containersLeft: null }))).toBe(null);
  expect(verdictOf(figuresOf({ ...calm, engine: false, containersLeft: null }))).toBe(true);
  expect(verdictOf(figuresOf({ ...calm, missions }))).toBe(null);
  expect(verdictOf(figuresOf({ ...calm, missions, containersLeft: 1 }))).toBe(false);
});

it("a soak calls memory unmeasured while the time is too short to tell garbage from a leak", () => {
  const memoryOk = (perHour: number, swing: number, count = hourSamples) => {
    const { samples, ...calm } = soaked((share) => ({
      [memoryOf("daemon")]: (150 + perHour * share + swing * Math.sin(40 * share)) * mebibyte,
    }));
    return figuresOf({ ...calm, samples: samples.slice(0, count) }).map(({ ok }) => ok)[0];
  };
  const tenMinutes = 60;
  expect(memoryOk(0, 12, tenMinutes)).toBe(null);
  expect(memoryOk(50, 0, tenMinutes)).toBe(null);
  expect(memoryOk(35, 0)).toBe(null);
  // The controls.
  expect(memoryOk(0, 3)).toBe(true);
  expect(memoryOk(80, 3)).toBe(false);
});

it("a soak fits the line of least squares with its error, and leaves out a third, at most an hour", () => {
  expect(
    lineOf([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
  ).toEqual({ slope: 2, error: 0 });
  const { slope, error } = lineOf([
    [0, 0],
    [1, 3],
    [2, 0],
    [3, 3],
  ]) ?? { slope: 0, error: 0 };
  expect(slope).toBeCloseTo(0.6);
  // The remaining squares sum up to 7.2: √(7.2 / 2 / 5).
  expect(error).toBeCloseTo(0.849, 3);
  expect([
    lineOf([
      [0, 1],
      [1, 3],
    ]),
    lineOf([
      [1, 1],
      [1, 2],
      [1, 3],
    ]),
  ]).toEqual([null, null]);
  expect([warmUpSeconds(90), warmUpSeconds(3_600), warmUpSeconds(36_000)]).toEqual([30, 1_200, 3_600]);
});
