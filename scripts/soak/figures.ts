/** Judges a soak's samples: each figure with its bound, the reason for the bound, and whether it holds. Pure. */
import { atMost, type Figure, median } from "../bench/figure.ts";
import type { Sample } from "./sample.ts";

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
/** Caches fill and code is compiled in the first third of the soak, at most an hour. In an hour's soak the daemon's memory rose for 40 minutes only. */
const warmUpSecondsMax = 3_600;
/** Memory is compared by the medians of this many equal parts of the time, so that the garbage of a few samples hardly counts. */
const memoryParts = 12;
/** Student's t for 95 %, with two degrees of freedom fewer than parts. */
const tOfParts = 2.228;

/** Bounds with their reasons. */
const bounds = {
  memory: {
    slope: 16,
    rise: 28,
    why: "16 MiB per hour are 2.6 GiB in a week without a restart; a rise of up to 28 MiB may be garbage that was not collected yet",
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

/** The outcomes of the missions. */
export interface MissionCounts {
  readonly submitted: number;
  readonly landed: number;
  /** Missions that ended otherwise, or not at all. */
  readonly failed: number;
}

/** `why`: the reason for the bound. */
export type SoakFigure = Figure & { readonly why: string };

/** A value and its time in seconds. */
type Point = readonly [at: number, value: number];

export interface Soaked {
  readonly samples: readonly Sample[];
  readonly missions: MissionCounts;
  /** The number of missions that had ended at each sample. */
  readonly endedAt: readonly number[];
  /** True if there was a Docker engine. */
  readonly engine: boolean;
  /** The home's containers once everything has ended; null if the engine did not say. */
  readonly containersLeft: number | null;
}

/** The length of the warm-up. `seconds`: the length of the soak. */
export function warmUpSeconds(seconds: number): number {
  return Math.min(warmUpSecondsMax, Math.round(seconds / 3));
}

/** The least-squares line through the points, with the standard error of its slope; null if there are too few. */
export function lineOf(points: readonly Point[]): { slope: number; error: number } | null {
  const n = points.length;
  if (n < 3) return null;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return null;
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (n - 2) / spread) };
}

/** Whether the soak showed that nothing grows: false if a bound is exceeded; null if none is, but something was not measured. */
export function verdictOf(figures: readonly Figure[]): boolean | null {
  if (figures.some(({ ok }) => ok === false)) return false;
  return figures.every(({ ok }) => ok === true) ? true : null;
}

export function figuresOf({ samples, missions, endedAt, engine, containersLeft }: Soaked): SoakFigure[] {
  const warm = warmUpSeconds(samples.at(-1)?.at_s ?? 0);
  const counted = samples.flatMap((sample, place) =>
    sample.at_s >= warm ? [{ ...sample, ended: endedAt[place] ?? 0 }] : [],
  );
  const series = (key: string) =>
    counted.flatMap(({ at_s, figures }) => (figures?.[key] === undefined ? [] : [[at_s, figures[key]] as const]));
  const processes = ["daemon", "execution", "judgement"];
  const isAnswered = samples.some(({ figures }) => figures !== null);
  const containers = figureOf("containers left at the end", {
    value: containersLeft,
    limit: 0,
    text: String,
    why: "a container of no mission is an orphan",
  });
  return [
    ...processes.map((name) => memoryFigure(name, series(`aedev_process_resident_memory_bytes{process="${name}"}`))),
    ...processes.map((name) => descriptorFigure(name, series(`aedev_process_open_descriptors{process="${name}"}`))),
    figureOf("write-ahead file, largest", {
      value: highest(series("aedev_log_wal_bytes")),
      limit: bounds.wal.bytes,
      text: mebibytes,
      why: bounds.wal.why,
    }),
    figureOf("event-loop delay p99, median sample", {
      value: middle(series('aedev_event_loop_delay_seconds{quantile="0.99"}')),
      limit: bounds.delay.seconds,
      text: milliseconds,
      why: bounds.delay.why,
    }),
    figureOf("event-loop delay, longest", {
      value: highest(series('aedev_event_loop_delay_seconds{quantile="1"}')),
      limit: bounds.longest.seconds,
      text: milliseconds,
      why: bounds.longest.why,
    }),
    ...(engine ? [containers] : []),
    diskFigure(counted),
    figureOf("processes that ended", {
      value: isAnswered ? restarts(samples) : null,
      limit: 0,
      text: String,
      why: "nothing here ends one; a restart would also hide what it leaked",
    }),
    figureOf("scrapes without an answer", {
      value: samples.length === 0 ? null : samples.filter(({ figures }) => figures === null).length,
      limit: 0,
      text: String,
      why: "the daemon runs all the time",
    }),
    figureOf("missions that did not land", {
      value: missions.submitted === 0 ? null : missions.failed,
      limit: 0,
      text: String,
      detail: `of ${missions.submitted}`,
      why: "each change should land without a person",
    }),
  ];
}

/** Over a short time, uncollected garbage looks like a leak or hides one. If the slope's interval leaves that open, the figure counts as not measured. */
function memoryFigure(name: string, points: readonly Point[]): SoakFigure {
  const { slope, rise, why } = bounds.memory;
  const target = `≤ ${slope} MiB/h; exceeded if it also rises by more than ${rise} MiB`;
  const figure = { name: `memory of ${name}, slope`, target, why };
  const line = points.length < memoryParts ? null : lineOf(partsOf(points));
  if (line === null) return { ...figure, measured: "-", ok: null };
  const perHour = (bytesPerSecond: number) => (bytesPerSecond * 3_600) / mebibyte;
  const [measured, margin] = [perHour(line.slope), tOfParts * perHour(line.error)];
  const risen = (measured * ((points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0))) / 3_600;
  const isExceeded = measured - margin > slope && risen > rise;
  return {
    ...figure,
    measured: `${measured.toFixed(1)} ± ${margin.toFixed(1)} MiB/h (rise ${risen.toFixed(1)} MiB, median ${mebibytes(middle(points) ?? 0)})`,
    ok: measured + margin <= slope ? true : isExceeded ? false : null,
  };
}

/** The median time and value of each part. */
function partsOf(points: readonly Point[]): Point[] {
  return Array.from({ length: memoryParts }, (_, part) => {
    const start = (edge: number) => Math.floor((edge * points.length) / memoryParts);
    const own = points.slice(start(part), start(part + 1));
    return [median(own.map(([at]) => at)), median(own.map(([, value]) => value))];
  });
}

/** Compares the median of the last third with that of the first. */
function descriptorFigure(name: string, points: readonly Point[]): SoakFigure {
  const third = Math.ceil(points.length / 3);
  const [first, last] = [middle(points.slice(0, third)), middle(points.slice(-third))];
  return figureOf(`descriptors of ${name}, rise`, {
    value: first === null || last === null ? null : last - first,
    limit: bounds.descriptors.rise,
    text: String,
    detail: `${first} to ${last}`,
    why: bounds.descriptors.why,
  });
}

function diskFigure(counted: readonly (Sample & { readonly ended: number })[]): SoakFigure {
  const [first, last] = [counted[0], counted.at(-1)];
  const missions = (last?.ended ?? 0) - (first?.ended ?? 0);
  return figureOf("disk of the home for each mission", {
    value: missions === 0 ? null : ((last?.home_bytes ?? 0) - (first?.home_bytes ?? 0)) / missions,
    limit: bounds.disk.bytesPerMission,
    text: mebibytes,
    detail: `now ${mebibytes(last?.home_bytes ?? 0)}`,
    why: bounds.disk.why,
  });
}

/** The number of daemons and planes that started after the first sample. */
function restarts(samples: readonly Sample[]): number {
  const changes = (values: readonly (number | undefined)[]) =>
    values.filter((value, place) => place > 0 && value !== values[place - 1]).length;
  const answered = samples.filter(({ figures }) => figures !== null);
  const generations = ["execution", "judgement"].map((plane) =>
    changes(answered.map(({ figures }) => figures?.[`aedev_plane_generation{plane="${plane}"}`])),
  );
  return generations.reduce((sum, count) => sum + count, changes(samples.map(({ daemon_pid }) => daemon_pid)));
}

function figureOf(
  name: string,
  {
    why,
    ...options
  }: { value: number | null; limit: number; text: (value: number) => string; detail?: string; why: string },
): SoakFigure {
  return { ...atMost(name, options), why };
}

function highest(points: readonly Point[]): number | null {
  return points.length === 0 ? null : Math.max(...points.map(([, value]) => value));
}

function middle(points: readonly Point[]): number | null {
  return points.length === 0 ? null : median(points.map(([, value]) => value));
}

function mebibytes(bytes: number): string {
  return Math.abs(bytes) >= gibibyte ? `${(bytes / gibibyte).toFixed(2)} GiB` : `${(bytes / mebibyte).toFixed(2)} MiB`;
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1_000).toFixed(0)} ms`;
}
