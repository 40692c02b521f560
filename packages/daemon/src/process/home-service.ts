/** Installs, removes and describes the service that runs a home's daemon. The supervisor knows how this machine runs services. */
import { existsSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { readIfThere } from "@aedev/host/durable-file";
import { assertPrivateHome } from "@aedev/host/private-home";
import { sortEnvironmentSecrets } from "../home/secrets.ts";
import { installedService, openSupervisor, type ServiceState } from "../supervisor/supervisor.ts";
import { type DaemonEndpoint, startDaemon, stopDaemon } from "./start-daemon.ts";

export interface HomeService {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
}
export interface InstalledService {
  readonly supervisor: "systemd" | "launchd";
  readonly path: string;
  readonly daemon: DaemonEndpoint;
  readonly startsAtBoot: boolean | null;
  readonly bootHelp: string;
  /** Secrets that only the caller's environment has, so that the service can't see them. */
  readonly unseenSecrets: readonly string[];
}
export interface ServiceReport extends ServiceState {
  readonly supervisor: "systemd" | "launchd";
  readonly path: string;
  /** Whether the file is the one that this version writes for this environment. */
  readonly current: boolean;
}

/** Writes, enables and starts the service. A daemon that runs without it is stopped first; its runs continue under the service. */
export async function installService(options: HomeService): Promise<InstalledService> {
  const { home, environment } = options;
  assertPrivateHome(home);
  const supervisor = openSupervisor(options);
  const isCurrent = (await supervisor.text()) === readIfThere(supervisor.path);
  await supervisor.install();
  if (!isCurrent) await stopDaemon(options);
  const daemon = await startDaemon(options);
  const { startsAtBoot, bootHelp } = await supervisor.state();
  const unseenSecrets = Object.values(sortEnvironmentSecrets(environment)).flatMap((names) => Object.keys(names));
  return { supervisor: supervisor.kind, path: supervisor.path, daemon, startsAtBoot, bootHelp, unseenSecrets };
}

/** Stops the daemon and removes the service's files; false if nothing was installed. */
export async function uninstallService(options: HomeService): Promise<boolean> {
  const installed = installedService(options);
  if (installed === null) return false;
  await installed.uninstall();
  if (!existsSync(installed.path)) return true;
  throw new Fault("service-failed", `${installed.path} is still there`, { hint: "aedev service uninstall" });
}

/** Null if no service is installed. */
export async function serviceStatus(options: HomeService): Promise<ServiceReport | null> {
  const installed = installedService(options);
  if (installed === null) return null;
  const [state, text] = await Promise.all([installed.state(), installed.text()]);
  const { kind: supervisor, path } = installed;
  return { ...state, supervisor, path, current: text === readIfThere(path) };
}
