/**
 * The port to this machine's supervisor, systemd or launchd, which keeps the daemon running; and how to find it.
 * Folder: the daemon as a service of systemd or launchd.
 */
import { existsSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { callProgram } from "./call-program.ts";
import { openLaunchd } from "./launchd.ts";
import type { ServicePlan } from "./service-plan.ts";
import { servicePlan } from "./service-plan.ts";
import { openSystemd } from "./systemd.ts";

/** The supervisor's view of the service. */
export interface ServiceState {
  readonly running: boolean;
  /** True if it failed too often and stays down until somebody starts it. */
  readonly gaveUp: boolean;
  /** How often it was restarted after a failure; null if the supervisor doesn't count. */
  readonly restarts: number | null;
  /** Whether it starts with the machine, before anybody logs in; null if nobody can tell. */
  readonly startsAtBoot: boolean | null;
  /** The command that makes it start with the machine. */
  readonly bootHelp: string;
}

export interface Supervisor {
  readonly kind: "systemd" | "launchd";
  /** The file that defines the service. */
  readonly path: string;
  /** The text that this version would write there. */
  readonly text: () => Promise<string>;
  /** Writes the file and makes the service start with the session or machine, but not now. */
  readonly install: () => Promise<void>;
  /** Stops the service and removes everything that `install` wrote. */
  readonly uninstall: () => Promise<void>;
  /** Resolves when the daemon is ready. Throws a Fault `service-failed`. */
  readonly start: () => Promise<void>;
  /** Resolves when the daemon's processes have ended. */
  readonly stop: () => Promise<void>;
  readonly state: () => Promise<ServiceState>;
}

/** Throws a Fault `no-supervisor` on a machine that has neither. */
export function openSupervisor(options: { home: string; environment: NodeJS.ProcessEnv }): Supervisor {
  const found = findSupervisor(servicePlan(options), options.environment);
  if (found !== null) return found;
  throw new Fault("no-supervisor", `a service needs systemd or launchd, and ${process.platform} has neither`, {
    hint: "aedev daemon start",
  });
}

/** The supervisor of an installed service; null if none is installed. It only looks for the file. */
export function installedService(options: { home: string; environment: NodeJS.ProcessEnv }): Supervisor | null {
  const found = findSupervisor(servicePlan(options), options.environment);
  return found !== null && existsSync(found.path) ? found : null;
}

function findSupervisor(plan: ServicePlan, environment: NodeJS.ProcessEnv): Supervisor | null {
  if (process.platform === "linux") return openSystemd(plan, { environment, run: callProgram });
  if (process.platform === "darwin") return openLaunchd(plan, { environment, run: callProgram });
  return null;
}
