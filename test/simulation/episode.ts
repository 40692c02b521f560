/**
 * One night from one integer: a home with real log and loop in a simulated world, people who decide, and faults. Everything that happens follows from
 * the seed. The invariants are checked as events are committed and once the world is well again and nothing more is due.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "@aedev/contracts";
import { type CommandBody, decide, nextDueAt, pendingWork, type State, type WorkBounds } from "@aedev/core";
import { makeCommand } from "../../packages/daemon/src/control/control.ts";
import { openEventLog } from "../../packages/daemon/src/log/event-log.ts";
import type { LoggedCommand } from "../../packages/daemon/src/log/make-events.ts";
import { openForReading } from "../../packages/daemon/src/log/sqlite/database.ts";
import { checkFileAndViews } from "../../packages/daemon/src/log/verify-views.ts";
import { type Loop, type Perform, startLoop } from "../../packages/daemon/src/loop/loop.ts";
import { liveRuns, releaseRuns } from "../../packages/daemon/src/planes/release-runs.ts";
import { chanceOf } from "./chance.ts";
import { checkAnnounced, createWatcher, violationsAtEnd } from "./invariants.ts";
import { nothingCommitted, openMemoryLog, type SimulatedLog } from "./memory-log.ts";
import { drawWindows, nightMs, planNight, repositories } from "./night.ts";
import { actAsPeople } from "./people.ts";
import { createPerformers, type PerformerBugs } from "./performers.ts";
import { startVirtualTime } from "./virtual-time.ts";
import { createWorld, digestOf, type FaultKind } from "./world.ts";

/** In memory where there is such a file system: a simulated crash loses a process and no disk. */
const scratch = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const minute = 60_000;
const hour = 60 * minute;
/** By then all must be at rest: holds and approvals wait for days. */
const restMs = 8 * 24 * hour;
const crashesMax = 15;
/** It costs two passes, so it is checked at some events only. */
const announcedEvery = 16;
const stepsMax = 100_000;
const startPlanes: readonly CommandBody[] = [
  { kind: "StartPlane", plane: "execution" },
  { kind: "StartPlane", plane: "judgement" },
];

/** A fault that is planted in aedev's own parts, to see that an invariant finds it. */
export interface PlantedBug extends PerformerBugs {
  readonly decide?: typeof decide;
  /** Runs that the loop starts beyond the limit. */
  readonly moreRuns?: number;
  /** The loop is not told of new events. */
  readonly neverWakes?: boolean;
  /** Containers stay after their run. */
  readonly keepsContainers?: boolean;
  /** The gate's work is recorded, and its performer never returns. */
  readonly neverReturns?: boolean;
  /** People get their answer before the commit. */
  readonly answersEarly?: boolean;
  /** When work becomes due without an event. */
  readonly nextDueAt?: typeof nextDueAt;
}

export interface EpisodeOptions {
  readonly seed: number;
  readonly missions: number;
  readonly faults: readonly FaultKind[];
  /** Where the log is: SQLite's file, or memory, which is faster. */
  readonly store: "sqlite" | "memory";
  readonly bug?: PlantedBug | undefined;
}

export interface Episode {
  /** What does not hold; none: all invariants held. */
  readonly violations: readonly string[];
  readonly events: number;
  readonly landed: number;
  readonly crashes: number;
  readonly commands: number;
  /** Digest of all events' hashes: equal for equal seeds. */
  readonly digest: string;
}

export async function runEpisode({ seed, missions, faults, store, bug = {} }: EpisodeOptions): Promise<Episode> {
  const folder = mkdtempSync(join(scratch, "aedev-simulation-"));
  const chance = chanceOf(seed, "episode");
  const wanted = new Set(faults);
  const may = (fault: FaultKind) => wanted.has(fault);
  const world = createWorld({ seed, concurrentRuns: 1 + chance.below(4), down: drawWindows(seed, may), may });
  for (const name of repositories)
    world.remotes.set(name, { commits: [{ id: digestOf(40, "base", name), task: null }] });
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
  let daemon = await startDaemon();

  interface Daemon {
    readonly log: SimulatedLog;
    readonly loop: Loop;
    died: boolean;
  }

  async function startDaemon(): Promise<Daemon> {
    counted.lives += 1;
    const options = {
      decide: (bug.decide ?? decide) as (command: LoggedCommand, state: State) => ReturnType<typeof decide>,
      onFatal: () => {
        started.died = true;
        // Its process ends here.
        loop.stop();
      },
    };
    const log =
      store === "sqlite" ? await openEventLog({ path, ...options }) : openMemoryLog({ committed, ...options });
    const planes = {
      forgetRun: (run: string) => void (bug.keepsContainers === true || world.containers.delete(run)),
      stopRun(run: string) {
        if (bug.keepsContainers === true || !world.containers.delete(run)) return;
        stop(run);
      },
    };
    const { perform, stop } = createPerformers({
      world,
      log,
      elapsedMs: () => time.elapsedMs,
      life: counted.lives,
      may,
      report: (body) => submitted(log.submit(makeCommand(body, "control"))),
      bugs: bug,
    });
    // What the engine has of runs that nobody waits for is removed at the start, as the execution plane does.
    const live = new Set(liveRuns(log.state));
    for (const run of world.containers.keys()) if (!live.has(run)) planes.forgetRun(run);
    const loop = startLoop({
      state: () => log.state,
      submit: (item) => log.submit(item),
      perform: bug.neverReturns === true ? neverReturning(perform, log) : perform,
      bounds,
    });
    log.subscribe((events, state) => {
      watcher.committed(events, state);
      if (log.head.position % announcedEvery === 0)
        checkAnnounced({ state: log.state, bounds, world, announce: bug.nextDueAt ?? nextDueAt });
      for (const event of events) releaseRuns(event, state, planes);
      if (bug.neverWakes !== true) loop.wake();
    });
    const started: Daemon = { log, loop, died: false };
    const first: CommandBody = { kind: "InitializeHome", home_id: "home" };
    for (const body of [first, ...startPlanes]) submitted(log.submit(makeCommand(body, "control")));
    return started;
  }

  /** The process is gone with what it had not committed; what is outside stays. */
  async function crash(): Promise<void> {
    counted.crashes += 1;
    daemon.loop.stop();
    time.forgetTimers();
    // A process that dies gives its locks back.
    if (daemon.died) await daemon.log.close();
    daemon = await startDaemon();
    arm();
  }

  /** A command that the log throws at is a bug, unless the log has ended. */
  function submitted(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => {
      if (!(error instanceof Fault)) world.violated(`the log threw: ${error}`);
    });
  }

  /** A person's or the outside's command. */
  function send(body: CommandBody, by = "operator"): void {
    counted.commands += 1;
    const command = makeCommand(body, by);
    if (bug.answersEarly === true) {
      watcher.acknowledged(command.command_id, null);
      const { log } = daemon;
      setTimeout(() => submitted(log.submit(command)), 2 * minute);
      return;
    }
    submitted(
      daemon.log.submit(command).then((answer) => {
        if (answer.kind === "refused" && body.kind === "PauseWork")
          world.violated(`a pause was refused: ${answer.reason}`);
        const [first] = answer.kind === "done" ? answer.events : [];
        if (first !== undefined) watcher.acknowledged(command.command_id, first);
      }),
    );
  }

  const plan = planNight(missions, {
    world,
    may,
    send,
    look: (chance) => actAsPeople({ state: daemon.log.state, world, chance, send }),
    pushByOthers(repository, id) {
      world.remotes.get(repository)?.commits.push({ id, task: null });
      watcher.pushedByOthers(repository, id);
    },
    jump(ms) {
      time.jump(ms);
      world.budgets.clockJumped(ms);
    },
  });
  let next = 0;
  function arm(): void {
    const happening = plan[next];
    if (happening !== undefined)
      setTimeout(
        () => {
          next += 1;
          happening.act();
          arm();
        },
        Math.max(0, happening.atMs - time.elapsedMs),
      );
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
      if (daemon.died) await crash();
      else if (mayCrash && may("crash") && trouble.happens(crashRate)) await crash();
      else if (mayCrash && may("second-daemon") && trouble.happens(crashRate / 10)) await startSecondDaemon();
      if (world.broken.length > 0) break;
    }
    if (world.broken.length === 0 && (steps === stepsMax || Date.now() >= restsAtMs))
      world.violated("it does not come to rest");
    const { remembered } = daemon.loop;
    if (remembered > 0) world.violated(`the loop remembers ${remembered} work items that nobody waits for`);
    if (world.broken.length === 0) await violationsAtEnd({ log: daemon.log, world, watcher });
    await daemon.log.close();
    if (store === "sqlite" && world.broken.length === 0)
      for (const problem of problemsOf(path)) world.violated(problem);
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
    rmSync(folder, { recursive: true, force: true });
  }

  /** After the night only holds and approvals wait, for days; the loop looks at the clock every minute meanwhile. */
  function skipWait(): void {
    if (time.elapsedMs < nightMs || time.timers !== 1) return;
    const now = new Date().toISOString();
    const { state } = daemon.log;
    const due = nextDueAt(state, now, bounds);
    if (due !== null && pendingWork(state, now, bounds).length === 0) time.jump(Date.parse(due) - Date.parse(now));
  }

  /** Without the home's lock: whichever finds at its next write that the log went on without it ends. */
  async function startSecondDaemon(): Promise<void> {
    const first = daemon;
    const second = await startDaemon();
    daemon = second;
    const hasEnded = () => first.died || second.died;
    while (!hasEnded() && first.log.head.position === second.log.head.position) await time.step();
    const body = { kind: "StartPlane", plane: "execution" } as const;
    for (const { log } of [first, second]) submitted(log.submit(makeCommand(body, "control")));
    while (!hasEnded() && (await time.step()));
    if (!hasEnded()) world.violated("two daemons wrote to one log");
    first.loop.stop();
    await first.log.close();
    await crash();
  }
}

/** What the gate's performer finds is recorded without it. */
function neverReturning(perform: Perform, log: Pick<SimulatedLog, "submit">): Perform {
  return async (work, state) => {
    const body = await perform(work, state);
    if (work.kind !== "DecideGate" || body === null || body.kind === "Deferred") return body;
    await log.submit(makeCommand(body, "control"));
    return new Promise(() => undefined);
  };
}

/** Damage of the file, and views that differ from the fold of the log. */
function problemsOf(path: string): string[] {
  const database = openForReading(path);
  try {
    return checkFileAndViews(database, 0).map((problem) => JSON.stringify(problem));
  } finally {
    database.close();
  }
}
