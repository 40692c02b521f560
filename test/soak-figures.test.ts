/** What `pnpm soak` makes of its samples: a leak of each kind is found in an hour of samples, an hour without one passes, and what was not measured is not called good. */
import { expect, it } from "vitest";
import { type Figure, figuresOf, slopeOf, warmUpSeconds } from "../scripts/soak/figures.ts";
import type { Sample } from "../scripts/soak/sample.ts";

const mebibyte = 1024 ** 2;
const everySeconds = 10;
const hourSamples = 360;
const memoryOf = (name: string) => `aedev_process_resident_memory_bytes{process="${name}"}`;
const descriptorsOf = (name: string) => `aedev_process_open_descriptors{process="${name}"}`;
const p99 = 'aedev_event_loop_delay_seconds{quantile="0.99"}';
const longest = 'aedev_event_loop_delay_seconds{quantile="1"}';

type Figures = Record<string, number>;

/** A calm hour: memory swings with the collector and has grown in the warm-up, nothing else moves. `change`: what is different at an hour's share. */
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
  return { samples, missions: { submitted: 120, landed: 120, failed: 0 }, endedAt, containersLeft: 0 };
}

const exceeded = (figures: readonly Figure[]) =>
  figures.flatMap(({ name, ok }) => (ok === true ? [] : [`${name}: ${ok}`]));

it("finds nothing in a calm hour", () => {
  expect(exceeded(figuresOf(soaked()))).toEqual([]);
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
])("finds %s", (_what, name, leak) => {
  expect(exceeded(figuresOf(soaked(leak)))).toEqual([`${name}: false`]);
});

it("finds containers and missions that are left, and a home that grows too much", () => {
  const calm = soaked();
  expect(exceeded(figuresOf({ ...calm, containersLeft: 1 }))).toEqual(["containers left at the end: false"]);
  const missions = { ...calm.missions, failed: 1 };
  expect(exceeded(figuresOf({ ...calm, missions }))).toEqual(["missions that did not land: false"]);
  const samples = calm.samples.map((sample, place) => ({ ...sample, home_bytes: place * mebibyte }));
  expect(exceeded(figuresOf({ ...calm, samples }))).toEqual(["disk of the home for each mission: false"]);
});

it("calls nothing good that was not measured", () => {
  const { samples, ...calm } = soaked(() => null);
  const figures = figuresOf({ ...calm, samples, containersLeft: null });
  expect(figures.filter(({ ok }) => ok === null).map(({ measured }) => measured)).toEqual(Array(10).fill("-"));
  expect(exceeded(figuresOf({ ...calm, samples: [] })).length).toBeGreaterThan(0);
});

it("fits the line of least squares, and leaves at most five minutes and a third out", () => {
  expect(
    slopeOf([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
  ).toBe(2);
  expect(
    slopeOf([
      [0, 0],
      [1, 3],
      [2, 0],
      [3, 3],
    ]),
  ).toBeCloseTo(0.6);
  expect([
    slopeOf([
      [0, 1],
      [1, 3],
    ]),
    slopeOf([
      [1, 1],
      [1, 2],
      [1, 3],
    ]),
  ]).toEqual([null, null]);
  expect([warmUpSeconds(90), warmUpSeconds(3_600)]).toEqual([30, 300]);
});
