/**
 * One night from one integer: a home with real log and loop in a simulated world, people who decide, and faults. The seed decides everything. The invariants
 * are checked as events are committed, and once the world is well again and nothing more is due.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandBody, nextDueAt, pendingWork, type State, type WorkBounds } from "@aedev/core";
import { makeCommand } from "../../packages/daemon/src/control/control.ts";
import { openForReading } from "../../packages/daemon/src/log/sqlite/database.ts";
import { checkFileAndViews } from "../../packages/daemon/src/log/verify-views.ts";
import { chanceOf, drawnDigest } from "../../packages/demo/src/board/chance.ts";
import { type Daemon, type DaemonParts, startDaemon, submitted } from "./daemon.ts";
import { createWatcher, violationsAtEnd } from "./invariants.ts";
import { createLogDisk } from "./log-disk.ts";
import { nothingCommitted } from "./memory-log.ts";
import { drawWindows, nightMs, planNight, repositories } from "./night.ts";
import { actAsPeople } from "./people.ts";
import { wrongStatuses } from "./plan-invariants.ts";
import type { PlantedBug } from "./planted/planted-bug.ts";
import { startVirtualTime } from "./virtual-time.ts";
import { createWorld, type FaultKind } from "./world.ts";

/** In memory if the machine has such a file system: a simulated crash loses a process but no disk. */
const scratch = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const minute = 60_000;
const hour = 60 * minute;
/** By then everything must be at rest: holds and approvals wait for days, and a day's budget may suffice for one run only. */
const restMs = 20 * 24 * hour;
const crashesMax = 15;
const stepsMax = 100_000;
/** A write is answered within this many steps. */
const noticedIn = 100;
export interface EpisodeOptions {
  readonly seed: number;
  readonly missions: number;
  readonly faults: readonly FaultKind[];
  /** The log's store: SQLite's file, or memory, which is faster. */
  readonly store: "sqlite" | "memory";
  readonly bug?: PlantedBug | undefined;
}

export interface Episode {
  /** Violated invariants; empty if all held. */
  readonly violations: readonly string[];
  readonly events: number;
  readonly landed: number;
  readonly crashes: number;
  readonly commands: number;
  /** Digest of all events' hashes, equal for equal seeds. */
  readonly digest: string;
}

export async function runEpisode({ seed, missions, faults, store, bug = {} }: EpisodeOptions): Promise<Episode> {
  const folder = mkdtempSync(join(scratch, "aedev-simulation-"));
  const chance = chanceOf(seed, "episode");
  const wanted = new Set(faults);
  const may = (fault: FaultKind) => wanted.has(fault);
  const world = createWorld({ seed, concurrentRuns: 1 + chance.below(4), down: drawWindows(seed, may), may });
  for (const name of repositories)
    world.remotes.set(name, { commits: [{ id: drawnDigest(40, "base", name), task: null }] });
  using time = startVirtualTime(chanceOf(seed, "ids"));
  const path = join(folder, "aedev.db");
  const committed = nothingCommitted();
  const counted = { crashes: 0, commands: 0, lives: 0 };
  const watcher = createWatcher(world);
  const bounds: WorkBounds = {
    concurrentRuns: world.concurrentRuns + (bug.moreRuns ?? 0),
    reminders: 2,
    holds: { ttlMs: 3 * 24 * hour, onTimeout: world.chance("ttl").pick(["keep", "ask", "reject"]) },
  };
  const restsAtMs = Date.now() + restMs;
  const disk = createLogDisk(world, () => time.elapsedMs);
  const connections: DaemonParts["connections"] = [];
  const parts: DaemonParts = { world, time, watcher, bounds, may, bug, disk, store, path, connections, committed };
  let daemon = await start();

  function start(): Promise<Daemon> {
    counted.lives += 1;
    return startDaemon(parts, counted.lives);
  }

  /** Ends the process, which loses everything uncommitted; the outside stays. */
  async function crash(): Promise<void> {
    counted.crashes += 1;
    daemon.loop.stop();
    time.forgetTimers();
    // A dying process releases its locks.
    if (daemon.died) await daemon.log.close();
    daemon = await start();
    arm();
  }

  /** Starts a daemon that ended by itself, at once or after something happened to the home. */
  async function restart(): Promise<void> {
    const { restartsInMs } = daemon;
    if (restartsInMs > 0) {
      time.forgetTimers();
      arm();
      const atMs = time.elapsedMs + restartsInMs;
      setTimeout(() => undefined, restartsInMs);
      while (time.elapsedMs < atMs) await time.step();
    }
    await crash();
  }

  /** Sends a command of a person or of the outside. */
  function send(body: CommandBody, by = "operator"): void {
    counted.commands += 1;
    const command = makeCommand(body, by);
    if (bug.answersEarly === true) {
      watcher.acknowledged(command.command_id, null);
      const { log } = daemon;
      setTimeout(() => submitted(world, log.submit(command)), 2 * minute);
      return;
    }
    submitted(
      world,
      daemon.log.submit(command).then((answer) => {
        if (answer.kind === "refused" && body.kind === "PauseWork")
          world.violated("a pause was refused", answer.reason);
        const [first] = answer.kind === "done" ? answer.events : [];
        if (first !== undefined) watcher.acknowledged(command.command_id, first);
      }),
    );
  }

  const plan = planNight(missions, {
    world,
    may,
    send,
    look(chance) {
      // Nobody answers while no daemon runs.
      if (!daemon.died) actAsPeople({ state: daemon.log.state, world, chance, send });
    },
    pushByOthers(repository, id) {
      world.remotes.get(repository)?.commits.push({ id, task: null });
      watcher.pushedByOthers(repository, id);
    },
    jump(ms) {
      time.jump(ms);
      world.budgets.clockJumped(ms);
    },
    sleep: (ms) => time.sleep(ms),
  });
  let next = 0;
  function arm(): void {
    const happening = plan[next];
    if (happening === undefined) return;
    const { atMs, act, needsAwake = false } = happening;
    const happen = () => {
      next += 1;
      if (!needsAwake || time.outsideMs - atMs < minute) act();
      arm();
    };
    setTimeout(happen, Math.max(0, atMs - time.outsideMs));
  }

  try {
    arm();
    const trouble = chanceOf(seed, "trouble");
    const crashRate = trouble.pick([0, 0.001, 0.01, 0.05]);
    let steps = 0;
    for (; steps < stepsMax && Date.now() < restsAtMs; steps += 1) {
      skipWait();
      if (!(await time.step()) && !daemon.died) break;
      const mayCrash = time.elapsedMs < nightMs && counted.crashes < crashesMax;
      if (daemon.died) await restart();
      else if (mayCrash && may("crash") && trouble.happens(crashRate)) await crash();
      else if (mayCrash && may("second-daemon") && trouble.happens(crashRate / 10)) await startSecondDaemon();
      if (world.broken.length > 0) break;
    }
    if (world.broken.length === 0 && (steps === stepsMax || Date.now() >= restsAtMs))
      world.violated("it does not come to rest", `${steps} steps`);
    if (world.broken.length === 0) {
      const { remembered } = daemon.loop;
      if (remembered > 0) world.violated("the loop remembers work that nobody waits for", `${remembered} items`);
      await violationsAtEnd({ log: daemon.log, world, watcher });
    }
    await daemon.log.close();
    if (store === "sqlite" && world.broken.length === 0)
      for (const problem of problemsOf(path, watcher.plans.state))
        world.violated("the file or its views are wrong", problem);
    const { events, landed } = watcher;
    return {
      violations: world.broken,
      events,
      landed,
      crashes: counted.crashes,
      commands: counted.commands,
      digest: watcher.digest(),
    };
  } finally {
    daemon.loop.stop();
    for (const connection of connections) connection.close();
    rmSync(folder, { recursive: true, force: true });
  }

  /** Skips time after the night, when only holds and approvals wait, for days; meanwhile the loop looks at the clock every minute. */
  function skipWait(): void {
    if (time.outsideMs < nightMs || time.timers !== 1) return;
    const now = new Date().toISOString();
    const { state } = daemon.log;
    const due = nextDueAt(state, now, bounds);
    if (due !== null && pendingWork(state, now, bounds).length === 0) time.jump(Date.parse(due) - Date.parse(now));
  }

  /** Starts a second daemon without the home's lock. The first to notice, at its next write, that the log went on without it ends. */
  async function startSecondDaemon(): Promise<void> {
    const first = daemon;
    const second = await start();
    daemon = second;
    const hasEnded = () => first.died || second.died;
    while (!hasEnded() && first.log.head.position === second.log.head.position) await time.step();
    const body = { kind: "StartPlane", plane: "execution" } as const;
    for (const { log } of [first, second]) submitted(world, log.submit(makeCommand(body, "control")));
    for (let steps = 0; steps < noticedIn && !hasEnded(); steps += 1) await time.step();
    if (!hasEnded()) world.violated("two daemons wrote to one log", `${first.log.head.position} events`);
    first.loop.stop();
    await first.log.close();
    await restart();
  }
}

/** Damage of the file, and views that differ from the fold of the log, by the product's check and by the statuses that clients show. */
function problemsOf(path: string, folded: State): string[] {
  const database = openForReading(path);
  try {
    const found = checkFileAndViews(database, 0).map((problem) => JSON.stringify(problem));
    return [...found, ...wrongStatuses(database, folded)];
  } finally {
    database.close();
  }
}
