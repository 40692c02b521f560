/**
 * Times how soon a killed daemon acts again: from its `kill -9` to the arrival of the pending push. Compared with the start of the daemon's own program with
 * its log opened, and with any process that opens the log's database.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { smallProcessFlags } from "../../packages/daemon/src/planes/small-process.ts";
import { daemonArguments } from "../../packages/daemon/src/supervisor/service-plan.ts";
import { openAskingHome, taskId } from "../../test/support/phone.ts";
import { atMost, type Figure, median } from "./figure.ts";

const rounds = 7;
const timesMax = 3;
const source = join(import.meta.dirname, "../../packages/daemon/src");
/** The setting of bin/aedev and the service. */
const compiled = { NODE_COMPILE_CACHE: join(import.meta.dirname, "../../.cache/node") };

export async function benchRecovery(): Promise<Figure[]> {
  const took = { effect: [] as number[], program: [] as number[], open: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const turn = await recover();
    // The first round fills Node's compile cache and the system's file cache.
    if (round === 0) continue;
    took.effect.push(turn.effectMs);
    took.program.push(turn.programMs);
    took.open.push(turn.openMs);
  }
  const figure = (name: string, by: readonly number[], what: string) =>
    atMost(name, {
      limit: timesMax,
      value: median(took.effect) / median(by),
      unit: ` × ${what}`,
      detail: `${median(took.effect).toFixed(0)} ms and ${median(by).toFixed(0)} ms, ${rounds} turns`,
    });
  return [
    figure("kill to the next effect", took.program, "the daemon's program and log"),
    figure("kill to the next effect, bare", took.open, "a process and database"),
  ];
}

async function recover(): Promise<{ effectMs: number; programMs: number; openMs: number }> {
  await using home = await openAskingHome({ tasks: 1, prepare: async (ntfy) => ntfy.failWith(503) });
  const { laboratory, ntfy } = home;
  const openMs = await timeOf(openDatabase(laboratory.home), laboratory.environment);
  // Only one process may open a log for writing, so this one opens a copy.
  const copy = mkdtempSync(join(laboratory.folder, "copy-"));
  for (const name of readdirSync(laboratory.home).filter((file) => file.startsWith("aedev.db")))
    copyFileSync(join(laboratory.home, name), join(copy, name));
  const programMs = await timeOf(openLog(copy), { ...laboratory.environment, ...compiled });
  const start = performance.now();
  process.kill(laboratory.daemonPid(), "SIGKILL");
  ntfy.failWith(null);
  const daemon = spawn(process.execPath, daemonArguments(laboratory.home), {
    env: { ...laboratory.environment, ...compiled },
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore", "ignore"],
  });
  const secrets = {
    control: { AEDEV_NTFY_TOKEN: laboratory.environment["AEDEV_NTFY_TOKEN"] },
    execution: {},
    judgement: {},
  };
  daemon.stdin?.end(`${JSON.stringify({ secrets })}\n`);
  await home.asked(taskId(1));
  const effectMs = performance.now() - start;
  return { effectMs, programMs, openMs };
}

/** Opens the log's database and reads its last position. */
const openDatabase = (home: string) => `const Database = require("better-sqlite3");
const database = new Database(${JSON.stringify(join(home, "aedev.db"))}, { readonly: true });
database.prepare("SELECT max(position) FROM events").get();`;

/** Loads the same modules as the daemon, and opens the log as it does. */
const openLog = (home: string) => `import(${JSON.stringify(join(source, "process/run-daemon.ts"))})
  .then(() => import(${JSON.stringify(join(source, "log/event-log.ts"))}))
  .then(({ openEventLog }) => openEventLog({ path: ${JSON.stringify(join(home, "aedev.db"))}, decide: () => ({ kind: "events", events: [] }) }))
  .then(() => process.exit(0));`;

/** Milliseconds until a process of the same Node has run the program. */
async function timeOf(program: string, env: NodeJS.ProcessEnv): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [...smallProcessFlags, "-e", program], { env, cwd: source, stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the program to compare with failed: exit ${code}`);
  return performance.now() - start;
}
