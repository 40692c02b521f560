/** What the samples of a soak amount to: each figure with its bound, why the bound is what it is, and whether it holds. Pure. */
import type { Sample } from "./sample.ts";

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
/** The first minutes fill caches and compile code; at most a third of the soak. */
const warmUpSecondsMax = 300;

/** Bounds with their reasons. */
const bounds = {
  memory: {
    slope: 16,
    rise: 48,
    why: "16 MiB per hour are 2.6 GiB in a week without a restart; a rise of up to 48 MiB is what garbage collection swings by",
  },
  descriptors: {
    rise: 5,
    why: "what a mission leaves open adds up with every mission; connections come and go by a few",
  },
  wal: { bytes: 16 * mebibyte, why: "SQLite truncates it at 4 MiB; four times that means that a reader holds it open" },
  delay: { seconds: 0.1, why: "nobody notices an answer that is a tenth of a second late" },
  longest: { seconds: 5, why: "aedev watchdog calls a daemon that answers later hung" },
  disk: { bytesPerMission: mebibyte, why: "evidence of 10,000 such missions, without retention, is 10 GiB" },
} as const;

/** What became of the missions. */
export interface MissionCounts {
  readonly submitted: number;
  readonly landed: number;
  /** Ended otherwise, or not at all. */
  readonly failed: number;
}

export interface Figure {
  readonly name: string;
  readonly measured: string;
  readonly bound: string;
  readonly why: string;
  /** Null: it could not be measured here. */
  readonly ok: boolean | null;
}

export interface Soaked {
  readonly samples: readonly Sample[];
  readonly missions: MissionCounts;
  /** Missions that had ended at the sample of this place. */
  readonly endedAt: readonly number[];
  /** Containers of the home once everything has ended; null: the engine did not say. */
  readonly containersLeft: number | null;
}

/** Which samples are of the warm-up. `seconds`: how long the soak took. */
export function warmUpSeconds(seconds: number): number {
  return Math.min(warmUpSecondsMax, Math.round(seconds / 3));
}

/** The slope of the least-squares line through the points; null: there are too few. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number | null {
  const n = points.length;
  if (n < 3) return null;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return null;
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

export function figuresOf({ samples, missions, endedAt, containersLeft }: Soaked): Figure[] {
  const warm = warmUpSeconds(samples.at(-1)?.at_s ?? 0);
  const counted = samples.flatMap((sample, place) =>
    sample.at_s >= warm ? [{ ...sample, ended: endedAt[place] ?? 0 }] : [],
  );
  const series = (key: string) =>
    counted.flatMap(({ at_s, figures }) => (figures?.[key] === undefined ? [] : [[at_s, figures[key]] as const]));
  const processes = ["daemon", "execution", "judgement"];
  return [
    ...processes.map((name) => memoryFigure(name, series(`aedev_process_resident_memory_bytes{process="${name}"}`))),
    ...processes.map((name) => descriptorFigure(name, series(`aedev_process_open_descriptors{process="${name}"}`))),
    atMost("write-ahead file, largest", mebibytes, {
      value: highest(series("aedev_log_wal_bytes")),
      limit: bounds.wal.bytes,
      why: bounds.wal.why,
    }),
    atMost("event-loop delay p99, median sample", milliseconds, {
      value: median(valuesOf(series('aedev_event_loop_delay_seconds{quantile="0.99"}'))),
      limit: bounds.delay.seconds,
      why: bounds.delay.why,
    }),
    atMost("event-loop delay, longest", milliseconds, {
      value: highest(series('aedev_event_loop_delay_seconds{quantile="1"}')),
      limit: bounds.longest.seconds,
      why: bounds.longest.why,
    }),
    atMost("containers left at the end", String, {
      value: containersLeft,
      limit: 0,
      why: "a container of no mission is an orphan",
    }),
    diskFigure(counted),
    atMost("processes that ended", String, {
      value: restarts(samples),
      limit: 0,
      why: "nothing here ends one; a restart would also hide what it leaked",
    }),
    atMost("scrapes without an answer", String, {
      value: samples.filter(({ figures }) => figures === null).length,
      limit: 0,
      why: "the daemon runs all the time",
    }),
    {
      ...atMost("missions that did not land", String, {
        value: missions.failed,
        limit: 0,
        why: "each change should land without a person",
      }),
      measured: `${missions.failed} of ${missions.submitted}`,
    },
  ];
}

/** A slope over a few minutes is mostly noise, so that it counts only if the memory has also risen by more than that. */
function memoryFigure(name: string, points: readonly (readonly [number, number])[]): Figure {
  const slope = slopeOf(points);
  const hours = ((points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0)) / 3_600;
  const perHour = slope === null ? null : (slope * 3_600) / mebibyte;
  const rise = perHour === null ? 0 : perHour * hours;
  const about = median(valuesOf(points));
  return {
    name: `memory of ${name}, slope`,
    measured:
      perHour === null ? "-" : `${perHour.toFixed(1)} MiB/h (rise ${rise.toFixed(1)}, median ${mebibytes(about ?? 0)})`,
    bound: `≤ ${bounds.memory.slope} MiB/h or rise ≤ ${bounds.memory.rise} MiB`,
    why: bounds.memory.why,
    ok: perHour === null ? null : perHour <= bounds.memory.slope || rise <= bounds.memory.rise,
  };
}

/** The median of the last third against that of the first. */
function descriptorFigure(name: string, points: readonly (readonly [number, number])[]): Figure {
  const third = Math.ceil(points.length / 3);
  const [first, last] = [median(valuesOf(points.slice(0, third))), median(valuesOf(points.slice(-third)))];
  const value = first === null || last === null ? null : last - first;
  const figure = atMost(`descriptors of ${name}, rise`, String, {
    value,
    limit: bounds.descriptors.rise,
    why: bounds.descriptors.why,
  });
  return value === null ? figure : { ...figure, measured: `${value} (${first} to ${last})` };
}

function diskFigure(counted: readonly (Sample & { readonly ended: number })[]): Figure {
  const [first, last] = [counted[0], counted.at(-1)];
  const missions = (last?.ended ?? 0) - (first?.ended ?? 0);
  const value = missions === 0 ? null : ((last?.home_bytes ?? 0) - (first?.home_bytes ?? 0)) / missions;
  const figure = atMost("disk of the home for each mission", mebibytes, {
    value,
    limit: bounds.disk.bytesPerMission,
    why: bounds.disk.why,
  });
  return value === null
    ? figure
    : { ...figure, measured: `${mebibytes(value)} (now ${mebibytes(last?.home_bytes ?? 0)})` };
}

/** Daemons and planes that were started after the first sample. */
function restarts(samples: readonly Sample[]): number {
  const changes = (values: readonly (number | undefined)[]) =>
    values.filter((value, place) => place > 0 && value !== values[place - 1]).length;
  const answered = samples.filter(({ figures }) => figures !== null);
  const generations = ["execution", "judgement"].map((plane) =>
    changes(answered.map(({ figures }) => figures?.[`aedev_plane_generation{plane="${plane}"}`])),
  );
  return generations.reduce((sum, count) => sum + count, changes(samples.map(({ daemon_pid }) => daemon_pid)));
}

function atMost(
  name: string,
  text: (value: number) => string,
  { value, limit, why }: { value: number | null; limit: number; why: string },
): Figure {
  const measured = value === null ? "-" : text(value);
  return { name, measured, bound: `≤ ${text(limit)}`, why, ok: value === null ? null : value <= limit };
}

const valuesOf = (points: readonly (readonly [number, number])[]) => points.map(([, value]) => value);

function highest(points: readonly (readonly [number, number])[]): number | null {
  return points.length === 0 ? null : Math.max(...valuesOf(points));
}

function median(values: readonly number[]): number | null {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? null;
}

function mebibytes(bytes: number): string {
  return Math.abs(bytes) >= gibibyte ? `${(bytes / gibibyte).toFixed(2)} GiB` : `${(bytes / mebibyte).toFixed(2)} MiB`;
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1_000).toFixed(0)} ms`;
}
