/** Kills and stops processes of a real home during missions, and reports what went wrong. See `--help`. */
import { join, relative, resolve } from "node:path";
import { runChaos } from "../test/chaos/run-chaos.ts";
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";

const usage = `chaos: kills and stops processes of a real home while missions run in it

  ${pnpm} chaos --cycles 200 --state DIR
                                            until 200 cycles are done in DIR; run it again to continue after an interruption

  --cycles N   cycles in total; each kills or stops the daemon, a plane or a container (default 20)
  --state DIR  (required) the home, its remote and what was acknowledged; a new folder begins a new run
  --seed S     which process, when and how, not what it is doing then (default 1); a run that is continued keeps its own

Needs Docker and the runner image (scripts/setup). The models' answers are scripted, all else is real.
Ctrl-C leaves the home's daemon running, and prints the commands that continue the run or stop the daemon.
`;

const options = { cycles: { type: "string" }, state: { type: "string" }, seed: { type: "string" } } as const;
const given = readArguments({ name: "chaos", usage, options });
if (given !== null) {
  const { state, ...numbers } = given.values;
  const [cycles, seed] = [Number(numbers.cycles ?? 20), Number(numbers.seed ?? 1)];
  if (state === undefined || ![cycles, seed].every((value) => Number.isSafeInteger(value) && value > 0)) {
    const why = state === undefined ? "--state is missing" : "--cycles and --seed are whole numbers above 0";
    refuseArguments({ name: "chaos", usage, why });
  } else await run({ cycles, seed, folder: resolve(state) });
}

async function run({ cycles, seed, folder }: { cycles: number; seed: number; folder: string }): Promise<void> {
  const startedAt = performance.now();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  process.once("SIGINT", () => {
    const aedev = relative(process.cwd(), join(import.meta.dirname, "../bin/aedev"));
    say("interrupted: the home's daemon still runs, and containers may");
    say(`to continue: ${pnpm} chaos --cycles ${cycles} --state ${folder}`);
    say(`to stop it: ${aedev} --home ${join(folder, "home")} daemon stop`);
    process.exit(130);
  });
  const { violations, ...counts } = await runChaos({ cycles, seed, folder, say });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  say(`${JSON.stringify({ ...counts, seconds }, null, 2)}\n${violations.length} violations`);
  if (violations.length === 0) return;
  for (const violation of violations) say(`seed ${counts.seed}: ${violation}`);
  say(`the home is in ${folder}`);
  process.exitCode = 1;
}
