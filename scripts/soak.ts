/**
 * Runs a real home for hours under a steady load of small missions, with scripted model vendors and, if Docker is there, real containers, and watches figures
 * that must not grow. Ends with a table, a record and a verdict per figure. See `--help`.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Laboratory } from "../test/support/laboratory.ts";
import { median } from "./bench/figure.ts";
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";
import { figuresOf, type SoakFigure, verdictOf, warmUpSeconds } from "./soak/figures.ts";
import { openLoad } from "./soak/load.ts";
import { type Sample, takeSample } from "./soak/sample.ts";

const everySecondsDefault = 10;
/** One Ctrl-C can arrive twice: from the terminal, and from a process between it and this one. */
const sameInterruptMs = 2_000;
const usage = `soak: a real home under a steady load, and what must not grow

  ${pnpm} soak --hours 1
  ${pnpm} soak --hours 0.25 --state /var/tmp/soak

  --hours N     how long missions are submitted (default 1)
  --every S     seconds between two samples (default ${everySecondsDefault})
  --state DIR   where samples.jsonl and record.json go (default: a new temporary folder, which is printed)

Ctrl-C ends it early: it waits for the missions that are open, then prints its table. A second Ctrl-C, at least ${sameInterruptMs / 1_000} seconds later,
prints the table so far, stops the daemon and exits with 130. The exit code is 0 only if every figure was measured and is within its bound.
`;
/** Open missions are given up if the time is over and none has ended for this long. */
const patienceMs = 600_000;
const containersGoneWithinMs = 60_000;

const options = { hours: { type: "string" }, every: { type: "string" }, state: { type: "string" } } as const;
const given = readArguments({ name: "soak", usage, options });
if (given !== null) {
  const { hours: hoursText = "1", every = String(everySecondsDefault), state } = given.values;
  const [hours, everySeconds] = [Number(hoursText), Number(every)];
  if (!(hours > 0) || !(everySeconds > 0))
    refuseArguments({ name: "soak", usage, why: "--hours and --every are numbers above 0" });
  else await soak({ hours, everySeconds, folder: state ?? mkdtempSync(join(tmpdir(), "aedev-soak-")) });
}

async function soak(asked: { hours: number; everySeconds: number; folder: string }): Promise<void> {
  const { hours, everySeconds, folder } = asked;
  mkdirSync(folder, { recursive: true });
  const [ending, cutOff] = [new AbortController(), new AbortController()];
  let interruptedAt = Number.NEGATIVE_INFINITY;
  process.on("SIGINT", () => {
    if (performance.now() - interruptedAt < sameInterruptMs) return;
    if (ending.signal.aborted) return cutOff.abort();
    interruptedAt = performance.now();
    process.stderr.write("ending early: waiting for the missions that are open (Ctrl-C again: don't wait)\n");
    ending.abort();
  });
  // A second Ctrl-C arrives as SIGTERM through npx and pnpm.
  process.on("SIGTERM", () => {
    ending.abort();
    cutOff.abort();
  });
  const startedAt = new Date();
  await using laboratory = await Laboratory.open();
  const commit = await commitOf(laboratory);
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
  await load.run(ending.signal, { patienceMs, cutOff: cutOff.signal });
  const isEarly = performance.now() - began < hours * 3_600_000;
  clearTimeout(timer);
  const containersLeft = await containersAtEnd(sample, cutOff.signal);
  done.abort();
  await sampling;
  const { ended: _ended, ...missions } = load.counts();
  const engine = samples.some(({ figures }) => figures?.["aedev_engine_answers"] === 1);
  const figures = figuresOf({ samples, missions, endedAt, engine, containersLeft });
  const seconds = samples.at(-1)?.at_s ?? 0;
  const record = {
    schema: 1,
    command: `${pnpm} soak --hours ${hours}${everySeconds === everySecondsDefault ? "" : ` --every ${everySeconds}`}`,
    commit,
    started_at: startedAt.toISOString(),
    hours_asked: hours,
    ended: cutOff.signal.aborted ? "cut off" : isEarly ? "early" : "in time",
    seconds,
    warm_up_seconds: warmUpSeconds(seconds),
    samples: samples.length,
    machine: { cpus: cpus().length, memory_bytes: totalmem(), node: process.version, platform: process.platform },
    load: { median: median(samples.map(({ load }) => load)) },
    engine,
    missions,
    figures,
    ok: verdictOf(figures),
  };
  const path = join(folder, "record.json");
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
  process.stdout.write(
    `\`${record.command}\` at commit ${record.commit}, ${record.started_at.slice(0, 10)}: ${missions.landed} of ${missions.submitted} missions landed in ` +
      `${minutes(seconds)} (ended ${record.ended}); ${samples.length} samples, the first ${minutes(record.warm_up_seconds)} left out; ` +
      `${record.machine.cpus} processors, ${Math.round(record.machine.memory_bytes / 1024 ** 3)} GiB, load ${record.load.median.toFixed(1)}, ` +
      `${engine ? "real containers" : "no Docker engine"}. Verdict: ${verdictText(record.ok)}.\n\n${table(figures)}\nrecord: ${path}\n`,
  );
  process.exitCode = cutOff.signal.aborted ? 130 : record.ok === true ? 0 : 1;
}

/** This checkout's commit, with a note if files were changed. */
async function commitOf(laboratory: Laboratory): Promise<string> {
  return laboratory.git(import.meta.dirname, "describe", "--always", "--dirty=, changed", "--abbrev=8", "--exclude=*");
}

/** Containers disappear a moment after their run's end is in the log. */
async function containersAtEnd(sample: () => Promise<Sample>, cutOff: AbortSignal): Promise<number | null> {
  const givesUpAt = performance.now() + containersGoneWithinMs;
  for (;;) {
    if (cutOff.aborted) return null;
    const left = (await sample()).figures?.["aedev_containers"] ?? null;
    if (left === null || left === 0 || performance.now() > givesUpAt) return left;
    await delay(2_000);
  }
}

/** The table in Markdown. */
function table(figures: readonly SoakFigure[]): string {
  const rows = figures.map(({ name, measured, target, ok, why }) => [name, measured, target, verdictText(ok), why]);
  const all = [
    ["figure", "measured", "bound", "verdict", "why this bound"],
    ["---", "---", "---", "---", "---"],
    ...rows,
  ];
  return `${all.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
}

function verdictText(ok: boolean | null): string {
  return ok === null ? "not measured" : ok ? "ok" : "exceeded";
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} min`;
}
