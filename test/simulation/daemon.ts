/** A daemon's life in the simulation: real log and loop with performers of the simulated world, from a start to a crash. */
import { Fault } from "@aedev/contracts";
import { type CommandBody, decide, nextDueAt, type State, type WorkBounds } from "@aedev/core";
import { makeCommand } from "../../packages/daemon/src/control/control.ts";
import { isDiskFull } from "../../packages/daemon/src/home/disk-reserve.ts";
import type { LoggedCommand } from "../../packages/daemon/src/log/make-events.ts";
import { type Loop, type Perform, startLoop } from "../../packages/daemon/src/loop/loop.ts";
import { liveRuns, releaseRuns } from "../../packages/daemon/src/planes/release-runs.ts";
import { checkAnnounced, type Watcher } from "./invariants.ts";
import { type LogDisk, openSqliteLog } from "./log-disk.ts";
import { type Committed, openMemoryLog, type SimulatedLog, withMethods } from "./memory-log.ts";
import { createPerformers } from "./performers.ts";
import type { PlantedBug } from "./planted/planted-bug.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { FaultKind, World } from "./world.ts";

/** The check takes two passes, so it is made at some events only. */
const announcedEvery = 16;
const startPlanes: readonly CommandBody[] = [
  { kind: "StartPlane", plane: "execution" },
  { kind: "StartPlane", plane: "judgement" },
];

/** Everything that outlives a daemon, and its watchers. */
export interface DaemonParts {
  readonly world: World;
  readonly time: VirtualTime;
  readonly watcher: Watcher;
  readonly bounds: WorkBounds;
  readonly may: (fault: FaultKind) => boolean;
  readonly bug: PlantedBug;
  readonly disk: LogDisk;
  readonly store: "sqlite" | "memory";
  /** The path of SQLite's file. */
  readonly path: string;
  /** Connections to SQLite's file, one per life. Whoever starts lives closes them at the end, because a crash closes none. */
  readonly connections: { close(): unknown }[];
  /** The content of the log in memory. */
  readonly committed: Committed;
}

export interface Daemon {
  readonly log: SimulatedLog;
  readonly loop: Loop;
  /** Its process ended by itself. */
  died: boolean;
  /** Time until it is then started again. */
  restartsInMs: number;
}

/** `life`: number of lives so far, including this one. */
export async function startDaemon(parts: DaemonParts, life: number): Promise<Daemon> {
  const { world, time, watcher, bounds, may, bug, disk, store, path, connections, committed } = parts;
  disk.started();
  const options = {
    decide: (bug.decide ?? decide) as (command: LoggedCommand, state: State) => ReturnType<typeof decide>,
    onFatal(error: unknown) {
      started.died = true;
      if (isDiskFull(error)) started.restartsInMs = disk.failed();
      // The process ends here.
      loop.stop();
    },
  };
  bug.start?.(committed);
  const opened =
    store === "sqlite"
      ? await openSqliteLog(
          { path, ...options },
          {
            disk,
            alter(database) {
              connections.push(database);
              bug.connection?.(database);
            },
          },
        )
      : openMemoryLog({ committed, ...options, isFull: disk.isFull, ignoresOthers: bug.ignoresOthers });
  const port = bug.log?.(opened) ?? opened;
  const log = endingWith(port, () => started.died);
  const planes = {
    forgetRun: (run: string) => void (bug.keepsContainers === true || world.containers.delete(run)),
    stopRun(run: string) {
      if (bug.keepsContainers === true) return;
      const container = world.containers.get(run);
      world.containers.delete(run);
      stop(run, container);
    },
  };
  const { perform, stop } = createPerformers({
    ...{ world, log, clock: time, life, may, bugs: bug },
    report: (body) => submitted(world, log.submit(makeCommand(body, "control"))),
  });
  // The start removes the engine's containers of runs that nobody waits for, as the execution plane does.
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
  const started: Daemon = { log: port, loop, died: false, restartsInMs: 0 };
  const first: CommandBody = { kind: "InitializeHome", home_id: "home" };
  for (const body of [first, ...startPlanes]) submitted(world, log.submit(makeCommand(body, "control")));
  return started;
}

/** Requests to the log of a process that is gone are never answered. */
function endingWith(log: SimulatedLog, hasDied: () => boolean): SimulatedLog {
  return withMethods(log, {
    submit: (command) =>
      log.submit(command).catch((error: unknown) => {
        if (hasDied()) return new Promise<never>(() => undefined);
        throw error;
      }),
  });
}

/** An error of the log is a bug, unless the log has ended. */
export function submitted(world: World, answer: Promise<unknown>): void {
  answer.catch((error: unknown) => {
    if (!(error instanceof Fault)) world.violated("the log threw", String(error));
  });
}

/** Records the gate performer's result without letting it return. */
function neverReturning(perform: Perform, log: Pick<SimulatedLog, "submit">): Perform {
  return async (work, state) => {
    const body = await perform(work, state);
    if (work.kind !== "DecideGate" || body === null || body.kind === "Deferred") return body;
    await log.submit(makeCommand(body, "control"));
    return new Promise(() => undefined);
  };
}
