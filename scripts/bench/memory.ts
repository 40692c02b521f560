/** Measures the memory of an idle daemon and its two planes, at the first start after a clone, with nothing compiled so far, and at a later start. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Laboratory } from "../../test/support/laboratory.ts";
import { atMost, type Figure, unmeasured } from "./figure.ts";

const megabytesMax = 350;
/** Time for start-up work to settle. */
const settleMs = 5_000;

export async function benchMemory(): Promise<Figure[]> {
  const name = "daemon and planes idle";
  if (!existsSync("/proc/self/smaps_rollup"))
    return [unmeasured(name, { target: `≤ ${megabytesMax} MB`, why: "needs Linux's /proc" })];
  await using laboratory = await Laboratory.open();
  laboratory.environment["NODE_COMPILE_CACHE"] = join(laboratory.folder, "compiled");
  const figures: Figure[] = [];
  for (const start of ["first start", "later start"]) {
    await laboratory.must("daemon", "start");
    await delay(settleMs);
    const processes = familyOf(laboratory.daemonPid()).map(memoryOf);
    await laboratory.must("daemon", "stop");
    const sum = (kind: "rss" | "pss") => processes.reduce((total, memory) => total + memory[kind], 0);
    const detail = `RSS of ${processes.map(({ rss }) => rss.toFixed(0)).join(" + ")}; shared pages once: ${sum("pss").toFixed(0)} MB`;
    figures.push(atMost(`${name}, ${start}`, { limit: megabytesMax, value: sum("rss"), unit: " MB", detail }));
  }
  return figures;
}

/** A process and its children. */
export function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "),
  );
  return [pid, ...children.filter((child) => child.trim() !== "").map(Number)];
}

/** Memory in millions of bytes. */
export function memoryOf(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const megabytes = (name: string) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) * 1024) / 1e6;
  return { rss: megabytes("Rss"), pss: megabytes("Pss") };
}
