/** Finds the home and reads two things from it directly: the token and the running daemon's address. It writes nothing. */

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Fault } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

/** The flag wins over the environment, which wins over `~/.aedev`; an empty value counts as not given. */
export function homeOf(flag: string | undefined, environment: Readonly<Record<string, string | undefined>>): string {
  const given = [flag, environment.AEDEV_HOME].find((path) => path !== undefined && path !== "");
  return given === undefined ? join(environment.HOME || homedir(), ".aedev") : resolve(given);
}

/** Throws a fault that names `aedev init` if the home does not exist. */
export function requireHome(home: string): void {
  if (!existsSync(homeLayout(home).token))
    throw new Fault("no-home", `there is no aedev home at ${home}`, { hint: "aedev init, or --home DIR" });
}

/** The bearer token of the API. */
export function readToken(home: string): string {
  const path = homeLayout(home).token;
  const token = readText(path).trim();
  if (!/^[0-9a-f]{16,}$/.test(token))
    throw new Fault("token-unreadable", `${path} does not contain a token`, {
      hint: `move ${path} away, then aedev init and restart the daemon`,
    });
  return token;
}

const addressSchema = z.looseObject({ pid: z.int().positive().optional(), port: z.int().min(1).max(65_535) });
export type DaemonAddress = z.infer<typeof addressSchema>;

/** The address that a running daemon recorded, else the port from the environment, else undefined. It may be stale: the caller asks /health. */
export function daemonAddress(
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
): DaemonAddress | undefined {
  const path = homeLayout(home).daemonRecord;
  if (existsSync(path)) {
    const address = addressSchema.safeParse(parseJson(readText(path)));
    if (address.success) return address.data;
    throw new Fault("address-unreadable", `${path} was not written by the daemon`, {
      hint: `remove ${path}, then aedev daemon start`,
    });
  }
  const port = Number(environment.AEDEV_PORT);
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? { port } : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new Fault("home-unreadable", `${path} can't be read (${code})`, {
      hint: `check who owns ${path} and its mode`,
      cause,
    });
  }
}
