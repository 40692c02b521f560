/**
 * Measures the cost of history: the same operations with 100 and with 100,000 ended missions, in turns in one run, and whole logs of a million events against
 * raw scans of the same file. Needs some 5 GB of disk and a few minutes.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { decide, pendingWork } from "../../packages/core/src/index.ts";
import { signHead } from "../../packages/daemon/src/home/signed-head.ts";
import { type EventLog, openEventLog } from "../../packages/daemon/src/log/event-log.ts";
import { apiOf, sendTo } from "../../test/support/api.ts";
import { Laboratory } from "../../test/support/laboratory.ts";
import { atLeast, atMost, type Figure, median, unmeasured } from "./figure.ts";
import { missionCommands, writeEndedMissions } from "./growth/ended-missions.ts";
import { memoryOf } from "./memory.ts";

const few = 100;
const many = 100_000;
/** A quarter of the large log, to see whether time grows in proportion to the log. */
const quarter = many / 4;
const linearMax = 4.6;
/** Missions that are open in both logs while commands are timed, and missions that go through their whole life meanwhile. */
const openMissions = 20;
const lives = 25;
const starts = 5;
const reads = 15;
const settleMs = 3_000;

export async function benchGrowth(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aedev-growth-"));
  try {
    return [...(await wholeLogs(folder)), ...(await homes())];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly ms: number;
  readonly megabytes: number;
}

async function wholeLogs(folder: string): Promise<Figure[]> {
  const [small, large] = [join(folder, "quarter.db"), join(folder, "large.db")];
  await writeEndedMissions(small, quarter);
  const events = await writeEndedMissions(large, many);
  const of = async (path: string) => ({
    rebuild: await measure(path, "rebuild"),
    parse: await measure(path, "parse"),
    hash: await measure(path, "hash"),
    verify: await measure(path, "verify"),
  });
  const [ofSmall, ofLarge] = [await of(small), await of(large)];
  const { rebuild, parse, hash, verify } = ofLarge;
  const seconds = ({ ms }: Measured) => `${(ms / 1000).toFixed(1)} s`;
  const detail = (one: Measured, other: Measured) => `${seconds(one)}, scan ${seconds(other)}, ${events} events`;
  const linear = (name: string, [one, other]: readonly [Measured, Measured]) =>
    atMost(`${name}, four times the events`, { limit: linearMax, value: one.ms / other.ms, unit: " × the time" });
  const memory = (name: string, { megabytes }: Measured) =>
    atMost(`${name}, memory`, { limit: 400, value: megabytes, unit: " MB" });
  return [
    atLeast("rebuild", {
      limit: 0.4,
      value: parse.ms / rebuild.ms,
      unit: " × parsing",
      detail: detail(rebuild, parse),
    }),
    atMost("verify", { limit: 4, value: verify.ms / hash.ms, unit: " × hashing", detail: detail(verify, hash) }),
    memory("rebuild", rebuild),
    memory("verify", verify),
    linear("rebuild", [rebuild, ofSmall.rebuild]),
    linear("verify", [verify, ofSmall.verify]),
  ];
}

/** The better of two turns, each in a separate process. */
async function measure(path: string, what: string): Promise<Measured> {
  const script = fileURLToPath(new URL("growth/measure-log.ts", import.meta.url));
  const turns: Measured[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const { stdout } = await execa(process.execPath, [script, path, what]);
    turns.push(JSON.parse(stdout) as Measured);
  }
  return {
    ms: Math.min(...turns.map(({ ms }) => ms)),
    megabytes: Math.max(...turns.map(({ megabytes }) => megabytes)),
  };
}

async function homes(): Promise<Figure[]> {
  await using young = await homeWith(few);
  await using old = await homeWith(many);
  try {
    const ofDaemons = await daemons(young, old);
    // Comes last, because the daemons would work on the missions that stay open.
    return [...(await commandsAndWork(young, old)), ...ofDaemons];
  } finally {
    // A laboratory exports its log when it ends; this one is too large for that.
    removeLog(old);
    await old.must("init", "--yes");
  }
}

/** A home whose log has this many landed missions, with a head signed by its own key. */
async function homeWith(missions: number): Promise<Laboratory> {
  const laboratory = await Laboratory.open();
  const path = join(laboratory.home, "aedev.db");
  removeLog(laboratory);
  await writeEndedMissions(path, missions);
  await using log = await openEventLog({ path, decide });
  signHead(laboratory.home, log, new Date().toISOString());
  return laboratory;
}

function removeLog({ home }: Laboratory): void {
  for (const name of ["aedev.db", "aedev.db-wal", "aedev.db-shm", "head.json"])
    rmSync(join(home, name), { force: true });
}

async function commandsAndWork(young: Laboratory, old: Laboratory): Promise<Figure[]> {
  const open = (home: Laboratory) => openEventLog({ path: join(home.home, "aedev.db"), decide });
  await using first = await open(young);
  await using second = await open(old);
  const logs = { young: first, old: second };
  const took = { young: [] as number[], old: [] as number[] };
  const work = { young: [] as number[], old: [] as number[] };
  const turns = async (use: (log: EventLog, name: "young" | "old") => Promise<unknown>) => {
    for (const name of ["young", "old"] as const) await use(logs[name], name);
  };
  for (let number = 0; number < openMissions; number += 1)
    await turns(async (log) => {
      for (const command of missionCommands(many + number, "captured")) await log.submit(command);
    });
  for (let number = openMissions; number < openMissions + lives; number += 1)
    for (const place of missionCommands(many + number, "landed").keys())
      await turns(async (log, name) => {
        const command = missionCommands(many + number, "landed")[place];
        if (command === undefined) return;
        took[name].push(await timeOf(() => log.submit(command)));
        work[name].push(await timeOf(async () => pendingWork(log.state, command.at)));
      });
  return [compared("one command", 1.3, took), compared("pending work", 1.3, work)];
}

async function daemons(young: Laboratory, old: Laboratory): Promise<Figure[]> {
  const took = {
    start: { young: [] as number[], old: [] as number[] },
    list: { young: [] as number[], old: [] as number[] },
    board: { young: [] as number[], old: [] as number[] },
    scrape: { young: [] as number[], old: [] as number[] },
  };
  const memory = { young: 0, old: 0 };
  const both = [
    ["young", young],
    ["old", old],
  ] as const;
  for (let round = 0; round < starts; round += 1)
    for (const [name, home] of both) {
      took.start[name].push(await timeOf(() => home.must("daemon", "start")));
      if (round < starts - 1) await home.must("daemon", "stop");
    }
  await delay(settleMs);
  for (let round = 0; round < reads; round += 1)
    for (const [name, home] of both) {
      took.list[name].push(await timeOf(() => home.must("mission", "list", "--limit", "50", "--json")));
      took.board[name].push(await timeOf(() => boardOf(home)));
      took.scrape[name].push(await timeOf(() => scrapeOf(home)));
    }
  const hasMemory = existsSync("/proc/self/smaps_rollup");
  for (const [name, home] of both) {
    if (hasMemory) memory[name] = memoryOf(home.daemonPid()).rss;
    await home.must("daemon", "stop");
  }
  const more = { limit: 60, value: memory.old - memory.young, unit: " MB more" };
  return [
    compared("daemon, start to ready", 1.3, took.start),
    hasMemory
      ? atMost("daemon, resident memory", {
          ...more,
          detail: `${memory.young.toFixed(0)}, ${memory.old.toFixed(0)} MB`,
        })
      : unmeasured("daemon, resident memory", { target: "≤ 60 MB more", why: "needs Linux's /proc" }),
    compared("mission list --limit 50", 1.5, took.list),
    compared("the board's document", 1.5, took.board),
    compared("a scrape of /metrics", 1.5, took.scrape),
  ];
}

function compared(name: string, limit: number, { young, old }: Record<"young" | "old", readonly number[]>): Figure {
  const [of, against] = [median(old), median(young)];
  const detail = `${of.toFixed(2)} ms with ${many} ended missions, ${against.toFixed(2)} ms with ${few}`;
  return atMost(name, { limit, value: of / against, unit: " ×", detail });
}

async function boardOf({ home }: Laboratory): Promise<string> {
  const { port } = JSON.parse(readFileSync(join(home, "run/daemon.json"), "utf8")) as { port: number };
  return (await fetch(`http://127.0.0.1:${port}/status-board.json`)).text();
}

async function scrapeOf({ home }: Laboratory): Promise<void> {
  const { port, token } = apiOf(home);
  const { status } = await sendTo(port, "/metrics", { headers: { authorization: `Bearer ${token}` } });
  if (status !== 200) throw new Error(`the scrape got ${status}`);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
