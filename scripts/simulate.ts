/**
 * Simulates nights of the control plane in virtual time, one per integer, and stops at the first violated invariant, with the command that shows it alone. See
 * `--help`. Node runs it without tsx, which gives every function its name at run time; that costs a tenth of the speed.
 */
import { counted } from "@aedev/contracts";
import { runEpisode } from "../test/simulation/episode.ts";
import { shrinkEpisode } from "../test/simulation/shrink.ts";
import { type FaultKind, faults } from "../test/simulation/world.ts";
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";

const usage = `simulate: nights of the control plane in virtual time, with faults

  ${pnpm} simulate --missions 20000
                                            as many missions, in nights of 30
  ${pnpm} simulate --seed 7 --missions 12 --night 12 --faults crash,lost-answer
                                            one night, as a failure prints it

  --missions N   missions in total (default 20000)
  --seed S       the first night's seed; each next night's is one more (default 1)
  --night N      missions of one night (default 30)
  --faults LIST  only these, or "none" (default all): ${faults.join(" ")}
  --sqlite N     every Nth night writes its log to SQLite, the others to memory (default 20; 1: all)
`;
const missionsOfNight = 30;
const progressMs = 10_000;

const options = {
  missions: { type: "string", default: "20000" },
  seed: { type: "string", default: "1" },
  night: { type: "string", default: String(missionsOfNight) },
  faults: { type: "string", default: faults.join(",") },
  sqlite: { type: "string", default: "20" },
} as const;
const given = readArguments({ name: "simulate", usage, options })?.values;
const isFault = (name: string): name is FaultKind => faults.includes(name as FaultKind);
if (given !== undefined) {
  const wanted = given.faults === "none" ? [] : given.faults.split(",");
  const unknown = wanted.find((name) => !isFault(name));
  const { missions, seed, night, sqlite } = given;
  const asked = { total: Number(missions), first: Number(seed), night: Number(night), sqlite: Number(sqlite) };
  if (unknown !== undefined) refuseArguments({ name: "simulate", usage, why: `unknown fault ${unknown}` });
  else if (!Object.values(asked).every((value) => Number.isSafeInteger(value) && value > 0))
    refuseArguments({ name: "simulate", usage, why: "a number is not a whole number above 0" });
  else await simulate({ ...asked, wanted: wanted.filter(isFault) });
}

async function simulate(asked: {
  total: number;
  first: number;
  night: number;
  sqlite: number;
  wanted: FaultKind[];
}): Promise<void> {
  const { total, first, night, sqlite, wanted } = asked;
  const sum = { missions: 0, nights: 0, commands: 0, events: 0, landed: 0, crashes: 0 };
  const began = process.cpuUsage();
  let toldMs = performance.now();
  for (let seed = first; sum.missions < total; seed += 1) {
    const store = (seed - first + 1) % sqlite === 0 ? "sqlite" : "memory";
    const options = {
      seed,
      missions: Math.min(night, total - sum.missions),
      faults: wanted,
      store,
    } as const;
    const episode = await runEpisode(options);
    sum.missions += options.missions;
    sum.nights += 1;
    for (const key of ["commands", "events", "landed", "crashes"] as const) sum[key] += episode[key];
    if (episode.violations.length > 0) {
      process.stdout.write(
        `seed ${seed}: ${episode.violations.join(`\nseed ${seed}: `)}\nlooking for a smaller night ...\n`,
      );
      const { missions, faults: needed } = await shrinkEpisode(options);
      const faultsText = needed.length === 0 ? "none" : needed.join(",");
      const storeText = store === "sqlite" ? " --sqlite 1" : "";
      process.stdout.write(
        `to see it alone: ${pnpm} simulate --seed ${seed} --missions ${missions} --night ${missions} --faults ${faultsText}${storeText}\n`,
      );
      process.exitCode = 1;
      return;
    }
    if (performance.now() - toldMs < progressMs) continue;
    toldMs = performance.now();
    process.stdout.write(`${sum.missions} of ${total} missions, no violation\n`);
  }
  const { user, system } = process.cpuUsage(began);
  const perSecond = Math.round(sum.missions / ((user + system) / 1e6));
  process.stdout.write(
    `${counted(sum.missions, "mission")} in ${counted(sum.nights, "night")}: ${sum.commands} commands of people, ${sum.events} events, ${sum.landed} landed, ${sum.crashes} crashes, 0 violations; ${perSecond} missions per second of processor time\n`,
  );
}
