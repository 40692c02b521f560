/** Kills the process that writes a log, or opens logs after damage or a power failure, as often as asked, until the first fault. See `--help`. */
import { breakStates } from "../packages/daemon/test/home/damaged-states.ts";
import { killWriters } from "../packages/daemon/test/log/kill-writers.ts";
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";

const usage = `break-store: what becomes of the log if its writer is killed, the power fails or its files are damaged

  ${pnpm} break-store --kills 3500
                                            kill the process that writes, and check the log after each kill
  ${pnpm} break-store --states 100000
                                            open torn, truncated, flipped and reordered states of the database and its write-ahead file

  --kills N    kills of the writer (default 0)
  --states N   states to open (default 0)
  --seed S     all else follows from it, but for the instant at which a signal arrives (default 1)

Logs are in TMPDIR; a folder in memory is faster and shows the same.
`;
const progressMs = 10_000;

const options = { kills: { type: "string" }, states: { type: "string" }, seed: { type: "string" } } as const;
const given = readArguments({ name: "break-store", usage, options })?.values;
const [kills, states, seed] = [Number(given?.kills ?? 0), Number(given?.states ?? 0), Number(given?.seed ?? 1)];
if (given !== undefined) {
  const areCounts = [kills, states, seed].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!areCounts || kills + states === 0) {
    const why = areCounts ? "give --kills or --states" : "--kills, --states and --seed are whole numbers";
    refuseArguments({ name: "break-store", usage, why });
  } else {
    if (kills > 0) await killAll();
    if (states > 0) await openAll();
  }
}

async function killAll(): Promise<void> {
  const seconds = secondsSince(performance.now());
  const { violation, ...counts } = await killWriters({ kills, seed, onKill: progress(kills, "kills") });
  print(
    `${counts.kills} kills of the writer in ${seconds()} s: ${counts.opening} before it had answered anything, ${counts.answered} answered commands, ${counts.events} events`,
    violation,
    `--kills ${counts.kills}`,
  );
}

async function openAll(): Promise<void> {
  const seconds = secondsSince(performance.now());
  const { violation, ...counts } = await breakStates({ states, seed, onState: progress(states, "states") });
  const perSecond = Math.round(counts.states / Math.max(1, seconds()));
  print(
    `${counts.states} states in ${seconds()} s (${perSecond} per second): ${counts.recovered} recovered, ${counts.refused} refused, ${counts.untrusted} opened and not trusted`,
    violation,
    `--states ${counts.states}`,
  );
}

function print(counts: string, violation: string | null, again: string): void {
  process.stdout.write(`${counts}, ${violation === null ? 0 : 1} violations\n`);
  if (violation === null) return;
  process.stdout.write(`seed ${seed}: ${violation}\nto see it again: ${pnpm} break-store ${again} --seed ${seed}\n`);
  process.exitCode = 1;
}

function progress(total: number, what: string): (done: number) => void {
  let toldAt = performance.now();
  return (done) => {
    if (performance.now() - toldAt < progressMs) return;
    toldAt = performance.now();
    process.stdout.write(`${done} of ${total} ${what}, nothing wrong\n`);
  };
}

function secondsSince(startedAt: number): () => number {
  return () => Math.round((performance.now() - startedAt) / 1000);
}
