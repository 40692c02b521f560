/** Kills the process that writes a log as often as asked, and stops at the first kill after which something is wrong. pnpm break-store --help */
import { parseArgs } from "node:util";
import { killWriters } from "../packages/daemon/test/log/kill-writers.ts";

const usage = `break-store: what a killed writer leaves of the log

  pnpm break-store --kills 3500             kill the process that writes, and check the log after each kill

  --kills N    kills of the writer (default 0)
  --seed S     all else follows from it, but for the instant at which a signal arrives (default 1)

Logs are in TMPDIR; a folder in memory is faster and shows the same.
`;
const progressMs = 10_000;

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const [kills = 0, seed = 0] = [values.kills, values.seed].map(Number);
if (values.help) process.stdout.write(usage);
else if (![kills, seed].every((value) => Number.isSafeInteger(value) && value >= 0) || kills === 0) {
  process.stderr.write(`break-store: a number is not a whole number, or there is nothing to do\n\n${usage}`);
  process.exitCode = 2;
} else await killAll();

async function killAll(): Promise<void> {
  const startedAt = performance.now();
  let toldAt = startedAt;
  const onKill = (done: number) => {
    if (performance.now() - toldAt < progressMs) return;
    toldAt = performance.now();
    process.stdout.write(`${done} of ${kills} kills, nothing wrong\n`);
  };
  const { violation, ...counts } = await killWriters({ kills, seed, onKill });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${counts.kills} kills of the writer in ${seconds} s: ${counts.opening} of them while it opened the log, ${counts.answered} answered commands, ${counts.events} events, ${violation === null ? 0 : 1} violations\n`,
  );
  if (violation === null) return;
  process.stdout.write(
    `seed ${seed}: ${violation}\nto see it again: pnpm break-store --kills ${counts.kills} --seed ${seed}\n`,
  );
  process.exitCode = 1;
}
