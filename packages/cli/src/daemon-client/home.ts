/** Finds the home, refuses a home that others can read or own, and reads two things from it directly: the token and the running daemon's record. It writes nothing. */

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Fault } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { assertPrivateHome } from "@aedev/host/private-home";
import { z } from "zod";

/** The flag takes precedence over the environment, which takes precedence over `~/.aedev`; an empty value counts as not given. */
export function homeOf(flag: string | undefined, environment: Readonly<Record<string, string | undefined>>): string {
  const given = [flag, environment.AEDEV_HOME].find((path) => path !== undefined && path !== "");
  return given === undefined ? join(environment.HOME || homedir(), ".aedev") : resolve(given);
}

/** The operator token's file that the flag or otherwise the environment names; undefined: the home's own token is used. */
export function tokenFileOf(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const given = [flag, environment.AEDEV_TOKEN_FILE].find((path) => path !== undefined && path !== "");
  return given === undefined ? undefined : resolve(given);
}

/** Also false if this user can't look into the home. */
export function hasHome(home: string): boolean {
  return existsSync(homeLayout(home).token);
}

/** Throws a fault that names `aedev init` if the home does not exist, or a fault with the command that helps if it is not private (SECURITY T35). */
export function requireHome(home: string): void {
  assertPrivateHome(home);
  if (!hasHome(home))
    throw new Fault("no-home", `there is no aedev home at ${home}`, {
      hint: "with another home: --home DIR; to make this one: aedev init",
    });
}

/** The bearer token of the API. The daemon writes a new token at each start. */
export function readToken(home: string): string {
  const path = homeLayout(home).token;
  const token = readText(path).trim();
  if (!/^[0-9a-f]{16,}$/.test(token))
    throw new Fault("token-unreadable", `${path} does not contain a token`, {
      hint: "the daemon writes a new one at its start: aedev daemon restart",
    });
  return token;
}

const recordSchema = z.looseObject({
  pid: z.int().positive().optional(),
  port: z.int().min(1).max(65_535),
  started_at: z.string().optional(),
});

/** The record of a running daemon: its process and its TCP port, which the command line shows and never connects to. The record may be stale. */
export function daemonRecord(home: string): z.infer<typeof recordSchema> | undefined {
  const path = homeLayout(home).daemonRecord;
  if (!existsSync(path)) return undefined;
  const record = recordSchema.safeParse(parseJson(readText(path)));
  if (record.success) return record.data;
  throw new Fault("address-unreadable", `${path} was not written by the daemon`, {
    hint: `remove ${path}, then: aedev daemon start`,
  });
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
