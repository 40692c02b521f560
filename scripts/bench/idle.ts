/** Counts how often an idle daemon and its planes wake up: voluntary context switches of all their threads, which other load does not increase. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Laboratory } from "../../test/support/laboratory.ts";
import { atMost, type Figure, unmeasured } from "./figure.ts";
import { familyOf } from "./memory.ts";

const wakeUpsMax = 1;
/** Time for start-up work to settle, and time measured after it: one pass of everything that runs each minute. */
const settleMs = 20_000;
const watchedMs = 120_000;

export async function benchIdle(): Promise<Figure[]> {
  const names = ["daemon idle", "execution plane idle", "judgement plane idle"];
  const target = `≤ ${wakeUpsMax} wake-up/s`;
  if (!existsSync("/proc/self/task"))
    return names.map((name) => unmeasured(name, { target, why: "needs Linux's /proc" }));
  await using laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await delay(settleMs);
  const processes = familyOf(laboratory.daemonPid());
  const before = processes.map(wakeUpsOf);
  await delay(watchedMs);
  return processes.map((pid, index) => {
    const count = wakeUpsOf(pid) - (before[index] ?? 0);
    const detail = `${count} in ${watchedMs / 1000} s`;
    const value = count / (watchedMs / 1000);
    return atMost(names[index] ?? "another process", { limit: wakeUpsMax, value, unit: " wake-ups/s", detail });
  });
}

function wakeUpsOf(pid: number): number {
  const counts = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8");
    return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(text)?.[1] ?? 0);
  });
  return counts.reduce((sum, one) => sum + one, 0);
}
