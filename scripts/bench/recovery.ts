/** Times how soon a daemon that was killed acts again: from its `kill -9` to the arrival of the push that was pending, against starting a process that opens the log's database. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { daemonArguments } from "../../packages/daemon/src/supervisor/service-plan.ts";
import { openAskingHome, taskId } from "../../test/support/phone.ts";
import { atMost, type Figure, median } from "./figure.ts";

const rounds = 7;
const timesMax = 3;

export async function benchRecovery(): Promise<Figure[]> {
  const took = { effect: [] as number[], open: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const turn = await recover();
    // The first fills Node's compile cache and the system's file cache.
    if (round === 0) continue;
    took.effect.push(turn.effectMs);
    took.open.push(turn.openMs);
  }
  const value = median(took.effect) / median(took.open);
  const detail = `${median(took.effect).toFixed(0)} ms, process and database ${median(took.open).toFixed(0)} ms, ${rounds} turns`;
  return [atMost("kill to the next effect", { limit: timesMax, value, unit: " × process and database", detail })];
}

async function recover(): Promise<{ effectMs: number; openMs: number }> {
  await using home = await openAskingHome({ tasks: 1, prepare: async (ntfy) => ntfy.failWith(503) });
  const { laboratory, ntfy } = home;
  const openMs = await timeToOpen(laboratory.home, laboratory.environment);
  const start = performance.now();
  process.kill(laboratory.daemonPid(), "SIGKILL");
  ntfy.failWith(null);
  const daemon = spawn(process.execPath, daemonArguments(laboratory.home), {
    // As bin/aedev and the service set it.
    env: { ...laboratory.environment, NODE_COMPILE_CACHE: join(import.meta.dirname, "../../.cache/node") },
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
  return { effectMs: performance.now() - start, openMs };
}

/** A process of the same Node that opens the log's database and reads its last position. */
async function timeToOpen(home: string, env: NodeJS.ProcessEnv): Promise<number> {
  const program = `const Database = require("better-sqlite3");
const database = new Database(${JSON.stringify(join(home, "aedev.db"))}, { readonly: true });
database.prepare("SELECT max(position) FROM events").get();`;
  const start = performance.now();
  const cwd = join(import.meta.dirname, "../../packages/daemon");
  const child = spawn(process.execPath, ["-e", program], { env, cwd, stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the database could not be opened: exit ${code}`);
  return performance.now() - start;
}
