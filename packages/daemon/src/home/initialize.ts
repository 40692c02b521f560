/** Makes a home: folders, token, keys, empty overlays and secrets files, and the log with its first event. What is there it leaves as it is. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type Command, decide } from "@aedev/core";
import { makeApprovalKey } from "../approval/token.ts";
import { makeEvidenceKey } from "../evidence/evidence-key.ts";
import { openEventLog } from "../log/event-log.ts";
import { homeLayout } from "./layout.ts";
import { takeLock } from "./lock.ts";
import { secretPlanes, secretsFile } from "./secrets.ts";
import { makeSigningKey, readSignedHead, signHead } from "./signed-head.ts";

/** Returns whether anything was missing. `at`: the instant of the first event, ISO 8601 UTC with milliseconds. */
export async function initHome(home: string, at = new Date().toISOString()): Promise<{ changed: boolean }> {
  const layout = homeLayout(home);
  let changed = false;
  for (const folder of layout.folders)
    changed = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined || changed;
  const files: readonly [string, string][] = [
    [layout.token, `${randomBytes(32).toString("hex")}\n`],
    [layout.configuration, "# Overlay of config/default.yaml: only what differs stands here.\n"],
    [layout.policies, "# Overlay of config/policies.yaml: only what differs stands here.\n"],
    ...secretPlanes.map((plane): [string, string] => [secretsFile(home, plane), ""]),
  ];
  for (const [path, text] of files) changed = writeIfMissing(path, text) || changed;
  for (const makeKey of [makeSigningKey, makeEvidenceKey, makeApprovalKey]) changed = makeKey(home) || changed;
  if (isLogBegun(home)) return { changed };
  await beginLog(home, at);
  return { changed: true };
}

function writeIfMissing(path: string, text: string): boolean {
  if (existsSync(path)) return false;
  writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  return true;
}

/** By the head that was signed last of all. Nothing is opened, so that `init` beside a running daemon, or twice, changes nothing. */
function isLogBegun(home: string): boolean {
  return existsSync(homeLayout(home).log) && readSignedHead(home).kind !== "missing";
}

async function beginLog(home: string, at: string): Promise<void> {
  using _lock = takeLock(home);
  await using log = await openEventLog<Command>({ path: homeLayout(home).log, decide });
  const homeId = randomBytes(16).toString("hex");
  await log.submit({
    kind: "InitializeHome",
    command_id: `initialize-${homeId}`,
    actor: "operator",
    at,
    home_id: homeId,
  });
  signHead(home, log, at);
}
