/** Kills and stops processes of a real home while missions run in it, and says what went wrong. pnpm chaos --help */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "../test/chaos/run-chaos.ts";

const usage = `chaos: kills and stops processes of a real home while missions run in it

  pnpm chaos --cycles 200 --state DIR       until 200 cycles are done in DIR; run it again to continue after an interruption

  --cycles N   cycles in total; each kills or stops the daemon, a plane or a container (default 20)
  --state DIR  the home, its remote and what was acknowledged; a new folder begins a new run
  --seed S     which process, when and how (default 1); a run that is continued keeps its own

Needs Docker and the runner image (scripts/setup). The models' answers are scripted, all else is real.
`;

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "20" },
    state: { type: "string" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const [cycles = 0, seed = 0] = [values.cycles, values.seed].map(Number);
if (values.help) process.stdout.write(usage);
else if (values.state === undefined || ![cycles, seed].every((value) => Number.isSafeInteger(value) && value > 0)) {
  process.stderr.write(`chaos: --state is missing, or a number is not a whole number above 0\n\n${usage}`);
  process.exitCode = 2;
} else await run(resolve(values.state));

async function run(folder: string): Promise<void> {
  const startedAt = performance.now();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const { violations, ...counts } = await runChaos({ cycles, seed, folder, say });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  say(`${JSON.stringify({ ...counts, seconds }, null, 2)}\n${violations.length} violations`);
  if (violations.length === 0) return;
  for (const violation of violations) say(`seed ${seed}: ${violation}`);
  say(`the home is in ${folder}`);
  process.exitCode = 1;
}
