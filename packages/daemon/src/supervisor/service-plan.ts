/** Plans what this machine's supervisor runs for a home: the daemon's name, command, environment and log file. It writes nothing. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { homeLayout } from "@aedev/host/home-layout";
import { productRoot } from "@aedev/host/product";
import { serviceEnvironment } from "../planes/scrubbed-environment.ts";
import { smallProcessFlags } from "../planes/small-process.ts";

const daemonProgram = fileURLToPath(new URL("../main.ts", import.meta.url));

/** Second argument of the daemon's entry: it has no caller, so no secrets come through standard input and nobody reads descriptor 3. */
export const supervisedFlag = "--supervised";

export interface ServicePlan {
  /** `aedev` for the home `~/.aedev`; for another home, eight hex digits of its path follow. */
  readonly name: string;
  readonly home: string;
  /** The program's absolute path and its arguments, none of them secret. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logPath: string;
}

/** `node`: by default the checkout's own, as `bin/aedev` uses it, so that an update of Node changes no unit. */
export function servicePlan(
  { home, environment }: { home: string; environment: NodeJS.ProcessEnv },
  node = nodeOfCheckout(),
): ServicePlan {
  return {
    name: serviceName(home, environment),
    home,
    command: [node, ...daemonArguments(home), supervisedFlag],
    environment: serviceEnvironment(environment),
    logPath: homeLayout(home).planeLog("daemon"),
  };
}

/** Node's arguments for a daemon of this home. */
export function daemonArguments(home: string): string[] {
  return [...smallProcessFlags, daemonProgram, home];
}

function serviceName(home: string, { HOME }: NodeJS.ProcessEnv): string {
  if (HOME !== undefined && home === join(HOME, ".aedev")) return "aedev";
  return `aedev-${createHash("sha256").update(home).digest("hex").slice(0, 8)}`;
}

function nodeOfCheckout(): string {
  const own = join(productRoot, "node_modules/node/bin/node");
  return existsSync(own) ? own : process.execPath;
}
