/** The processes of one home that can be killed or stopped: the daemon, its planes, its containers. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa, execaSync } from "execa";
import type { Chance } from "../../packages/demo/src/board/chance.ts";
import { containersOf } from "../support/home-containers.ts";
import type { Laboratory } from "../support/laboratory.ts";

export const targetKinds = ["daemon", "execution", "judgement", "container"] as const;
export type TargetKind = (typeof targetKinds)[number];
/** A process or a container, by its id. */
export type Target =
  | { readonly kind: Exclude<TargetKind, "container">; readonly pid: number }
  | { readonly kind: "container"; readonly id: string };

const planes = { execution: "packages/runner/src/main.ts", judgement: "packages/validators/src/main.ts" } as const;

/** The home's running processes and containers. */
export async function targetsOf(laboratory: Laboratory, homeId: string): Promise<Target[]> {
  const daemon = daemonPid(laboratory);
  if (daemon === null) return [];
  const children = processes().filter(({ parent }) => parent === daemon);
  const found = (["execution", "judgement"] as const).flatMap((kind) =>
    children.filter(({ command }) => command.includes(planes[kind])).map(({ pid }): Target => ({ kind, pid })),
  );
  const containers = await containersOf(homeId, "status=running");
  return [{ kind: "daemon", pid: daemon }, ...found, ...containers.map((id): Target => ({ kind: "container", id }))];
}

/** The process that the home's record names, if it is alive and this home's daemon. */
export function daemonPid(laboratory: Laboratory): number | null {
  let pid: number;
  try {
    pid = laboratory.daemonPid();
  } catch (error) {
    // Between two daemons there is no record.
    if (error instanceof Error) return null;
    throw error;
  }
  return processesOf(laboratory.home).some((process) => process.pid === pid) ? pid : null;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process with the home's path in its command line. A plane has no such path; it ends with its daemon. */
export function processesOf(home: string): Process[] {
  return processes().filter(({ command }) => command.split("\0").includes(home));
}

/** Planes that lost their daemon and were taken over by another process. */
export function orphanedPlanes(before: readonly Target[]): number[] {
  const living = new Set(processes().map(({ pid }) => pid));
  return before.flatMap((target) => (target.kind !== "container" && living.has(target.pid) ? [target.pid] : []));
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(join("/proc", name, "cmdline"), "utf8");
        const status = readFileSync(join("/proc", name, "status"), "utf8");
        if (/^State:\s+Z/m.test(status)) return [];
        return [{ pid: Number(name), parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), command }];
      } catch (error) {
        // The process has ended meanwhile.
        if (error instanceof Error && "code" in error) return [];
        throw error;
      }
    });
}

/** Kills the target at once. One that has ended meanwhile is fine. */
export async function kill(target: Target): Promise<void> {
  if (target.kind === "container") await execa("docker", ["kill", target.id], { reject: false });
  else signal(target.pid, "SIGKILL");
}

/** Pauses the target for a while: SIGSTOP and SIGCONT, or the freezer for a container. It continues even if this process is interrupted. */
export async function stop(target: Target, forMs: number): Promise<void> {
  const wake = () => {
    if (target.kind === "container") execaSync("docker", ["unpause", target.id], { reject: false });
    else signal(target.pid, "SIGCONT");
  };
  process.once("exit", wake);
  if (target.kind === "container") await execa("docker", ["pause", target.id], { reject: false });
  else signal(target.pid, "SIGSTOP");
  await delay(forMs);
  process.off("exit", wake);
  wake();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Draws the kind first, then the target, so that four containers are not hit four times as often as the daemon. */
export function pickTarget(targets: readonly Target[], chance: Chance): Target | null {
  const kinds = targetKinds.filter((kind) => targets.some((target) => target.kind === kind));
  if (kinds.length === 0) return null;
  const kind = chance.pick(kinds);
  return chance.pick(targets.filter((target) => target.kind === kind));
}
