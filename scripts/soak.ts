/**
 * Runs a real home for hours under a steady load of small missions, with scripted model vendors and, if Docker is there, real containers, and looks at what
 * must not grow. Ends with a table, a record and a verdict for each figure. pnpm soak --help
 */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Laboratory } from "../test/support/laboratory.ts";
import { type Figure, figuresOf, warmUpSeconds } from "./soak/figures.ts";
import { openLoad } from "./soak/load.ts";
import { type Sample, takeSample } from "./soak/sample.ts";

const usage = `soak: a real home under a steady load, and what must not grow

  pnpm soak --hours 1
  pnpm soak --hours 0.25 --state /var/tmp/soak

  --hours N     how long missions are submitted (default 1)
  --every S     seconds between two samples (default 10)
  --state DIR   where samples.jsonl and record.json go (default: a new temporary folder, which is printed)

Ctrl-C ends it early, with its table and its record. The exit code is 1 if a bound is exceeded.
`;
/** When the time is over and no open mission ends for this long, they are given up. */
const patienceMs = 600_000;
const containersGoneWithinMs = 60_000;

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "1" },
    every: { type: "string", default: "10" },
    state: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const [hours, everySeconds] = [Number(values.hours), Number(values.every)];
if (values.help) process.stdout.write(usage);
else if (!(hours > 0) || !(everySeconds > 0)) {
  process.stderr.write(`soak: --hours and --every are numbers above 0\n\n${usage}`);
  process.exitCode = 2;
} else await soak(values.state ?? mkdtempSync(join(tmpdir(), "aedev-soak-")));

async function soak(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const ending = new AbortController();
  const interrupt = () => {
    process.stderr.write("ending early: waiting for the missions that are open (Ctrl-C again: don't wait)\n");
    process.once("SIGINT", () => process.exit(130));
    ending.abort();
  };
  process.once("SIGINT", interrupt);
  const startedAt = new Date();
  await using laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  const load = await openLoad(laboratory);
  const began = performance.now();
  const samples: Sample[] = [];
  const endedAt: number[] = [];
  const file = join(folder, "samples.jsonl");
  writeFileSync(file, "");
  const sample = async () => {
    const taken = await takeSample(laboratory, began);
    samples.push(taken);
    endedAt.push(load.counts().ended);
    writeFileSync(file, `${JSON.stringify({ ...taken, missions: load.counts() })}\n`, { flag: "a" });
    return taken;
  };
  const timer = setTimeout(() => ending.abort(), hours * 3_600_000);
  const done = new AbortController();
  const sampling = (async () => {
    while (!done.signal.aborted) {
      await sample();
      await delay(everySeconds * 1_000, undefined, { signal: done.signal }).catch(() => undefined);
    }
  })();
  await load.run(ending.signal, patienceMs);
  const isEarly = performance.now() - began < hours * 3_600_000;
  clearTimeout(timer);
  const containersLeft = await containersAtEnd(sample);
  done.abort();
  await sampling;
  const { ended: _ended, ...missions } = load.counts();
  const figures = figuresOf({ samples, missions, endedAt, containersLeft });
  const seconds = samples.at(-1)?.at_s ?? 0;
  const record = {
    schema: 1,
    started_at: startedAt.toISOString(),
    hours_asked: hours,
    ended: isEarly ? "early" : "in time",
    seconds,
    warm_up_seconds: warmUpSeconds(seconds),
    samples: samples.length,
    machine: { cpus: cpus().length, memory_bytes: totalmem(), node: process.version, platform: process.platform },
    load: { median: middle(samples.map(({ load }) => load)) },
    engine: samples.some(({ figures }) => figures?.["aedev_engine_answers"] === 1),
    missions,
    figures,
    ok: figures.every(({ ok }) => ok !== false),
  };
  const path = join(folder, "record.json");
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
  process.stdout.write(
    `${missions.landed} of ${missions.submitted} missions landed in ${minutes(seconds)} (asked: ${minutes(hours * 3_600)}; ended ${record.ended}); ` +
      `${samples.length} samples, the first ${minutes(record.warm_up_seconds)} left out; ${record.machine.cpus} CPUs, load ${record.load.median.toFixed(1)}, ` +
      `${record.engine ? "real containers" : "no Docker engine"}\n\n${table(figures)}\nrecord: ${path}\n`,
  );
  if (!record.ok) process.exitCode = 1;
}

/** Containers go a moment after their run's end is in the log. */
async function containersAtEnd(sample: () => Promise<Sample>): Promise<number | null> {
  const givesUpAt = performance.now() + containersGoneWithinMs;
  for (;;) {
    const left = (await sample()).figures?.["aedev_containers"] ?? null;
    if (left === null || left === 0 || performance.now() > givesUpAt) return left;
    await delay(2_000);
  }
}

/** In Markdown. */
function table(figures: readonly Figure[]): string {
  const verdict = ({ ok }: Figure) => (ok === null ? "not measured" : ok ? "ok" : "exceeded");
  const rows = figures.map((figure) => [figure.name, figure.measured, figure.bound, verdict(figure), figure.why]);
  const all = [
    ["figure", "measured", "bound", "verdict", "why this bound"],
    ["---", "---", "---", "---", "---"],
    ...rows,
  ];
  return `${all.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} min`;
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}
