/** Compares speed and size with their targets, by ratios within one run and by counts. Each part can run alone; `--help` names them. */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { benchAppend } from "./bench/append.ts";
import { benchBackup } from "./bench/backup.ts";
import { benchBaseCache } from "./bench/base-cache.ts";
import { benchCapture } from "./bench/capture.ts";
import { benchChecks } from "./bench/checks.ts";
import { benchDecision } from "./bench/decision.ts";
import { atLeast, atMost, type Figure, unmeasured } from "./bench/figure.ts";
import { benchGateway } from "./bench/gateway.ts";
import { benchGrowth } from "./bench/growth.ts";
import { benchIdle } from "./bench/idle.ts";
import { benchLanding } from "./bench/landing.ts";
import { benchMemory } from "./bench/memory.ts";
import { benchPages } from "./bench/pages.ts";
import { benchParsing } from "./bench/parsing.ts";
import { benchPlans } from "./bench/plans.ts";
import { benchPolicy } from "./bench/policy.ts";
import { benchRealPatches } from "./bench/real-patches.ts";
import { benchRecovery } from "./bench/recovery.ts";
import { benchRepoAdd } from "./bench/repo-add.ts";
import { benchRun } from "./bench/run.ts";
import { benchSealing } from "./bench/sealing.ts";
import { benchStart, benchStatus } from "./bench/status.ts";
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";

const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  append: appendFigures,
  status: benchStatus,
  start: benchStart,
  memory: benchMemory,
  pages: benchPages,
  idle: benchIdle,
  recovery: benchRecovery,
  growth: benchGrowth,
  backup: benchBackup,
  run: benchRun,
  landing: benchLanding,
  "repo-add": benchRepoAdd,
  "base-cache": benchBaseCache,
  checks: benchChecks,
  parsing: benchParsing,
  plans: benchPlans,
  policy: benchPolicy,
  sealing: benchSealing,
  gateway: benchGateway,
  capture: benchCapture,
  "set-up": async () => [
    unmeasured("set-up of a bare machine", {
      target: "≤ 5 min",
      why: "by hand, on a machine with nothing but Node and root: time ./scripts/setup --yes",
    }),
  ],
};

async function appendFigures(): Promise<Figure[]> {
  const dir = mkdtempSync(join(process.cwd(), ".bench-"));
  try {
    const figures = await benchAppend(dir);
    const detail = `16 commands ${figures.port16Ms.toFixed(2)} ms, one ${figures.port1Ms.toFixed(2)} ms`;
    return [
      atLeast("append, sixteen callers", { limit: 0.9, value: figures.appendRatio, unit: " × by hand", detail }),
      atLeast("append, one caller", { limit: 0.9, value: figures.singleRatio, unit: " × by hand" }),
      atLeast("sixteen callers", { limit: 4, value: figures.groupGain, unit: " × one" }),
      atMost("commits", { limit: 2, value: figures.commitsPer16, unit: " per 16 commands" }),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const usage = `bench: speed and size, compared with their targets

  ${pnpm} bench                 all parts, which takes many minutes
  ${pnpm} bench PART...         these: ${Object.keys(parts).join(" ")}
  ${pnpm} bench real-patches    the gate on real patches, right and wrong: see its --help
  ${pnpm} bench decision        the time that a decision takes beside two runs of the repository's own tests: see its --help
`;
const [part, ...rest] = process.argv.slice(2);
const ofChanges = { "real-patches": benchRealPatches, decision: benchDecision };
const isOfChanges = part === "real-patches" || part === "decision";
if (isOfChanges) await ofChanges[part](rest);
const asked = isOfChanges
  ? undefined
  : readArguments({ name: "bench", usage, options: {}, allowPositionals: true })?.positionals;
if (asked !== undefined) {
  const unknown = asked.find((name) => !Object.hasOwn(parts, name));
  if (unknown === undefined) await bench(asked);
  else refuseArguments({ name: "bench", usage, why: `unknown part ${unknown}` });
}

/** Runs all parts if none is named. */
async function bench(asked: readonly string[]): Promise<void> {
  for (const [name, measure] of Object.entries(parts)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    for (const figure of await measure()) process.stdout.write(`${line(figure, name)}\n`);
  }
  const load = loadavg().map((value) => value.toFixed(1));
  process.stdout.write(`load ${load.join(" ")} (1, 5, 15 min); folder ${tmpdir()}\n`);
}

function line({ name, target, measured, ok }: Figure, part: string): string {
  const verdict = ok === null ? "-" : ok ? "ok" : "not ok";
  return `${name.padEnd(38)} ${target.padEnd(18)} ${verdict.padEnd(7)} ${measured}   [${pnpm} bench ${part}]`;
}
