/** Creates a home: folders, token, keys, empty overlays and secrets files, and the log with its first event. It leaves existing files unchanged. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { writeNewFile } from "@aedev/host/new-file";
import { assertPrivateHome } from "@aedev/host/private-home";
import { makeEvidenceKey } from "../evidence/evidence-key.ts";
import { takeLock } from "../home/lock.ts";
import { secretPlanes } from "../home/secrets.ts";
import { makeSigningKey, readSignedHead, signHead } from "../home/signed-head.ts";
import { newToken } from "../home/token.ts";
import { openEventLog } from "../log/event-log.ts";
import { makeApprovalKey } from "../phone/approval/token.ts";

/** Returns whether anything was missing. `at`: the time of the first event, ISO 8601 UTC with milliseconds. `isDemo`: of a new home. */
export async function initHome(
  home: string,
  at = new Date().toISOString(),
  { isDemo = false } = {},
): Promise<{ changed: boolean }> {
  assertPrivateHome(home);
  const layout = homeLayout(home);
  let changed = false;
  for (const folder of layout.folders)
    changed = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined || changed;
  const files: readonly [string, string][] = [
    [layout.token, newToken()],
    [layout.configuration, "# Overlay of config/default.yaml: put only what differs here.\n"],
    [layout.policies, "# Overlay of config/policies.yaml: put only what differs here.\n"],
    ...secretPlanes.map((plane): [string, string] => [layout.secrets(plane), ""]),
  ];
  for (const [path, text] of files) changed = writeIfMissing(path, text) || changed;
  for (const makeKey of [makeSigningKey, makeEvidenceKey, makeApprovalKey]) changed = makeKey(home) || changed;
  if (isLogBegun(home)) return { changed };
  await beginLog(home, at, isDemo);
  return { changed: true };
}

function writeIfMissing(path: string, text: string): boolean {
  if (existsSync(path)) return false;
  writeNewFile(path, text, "aedev doctor");
  return true;
}

/** Looks only at the newest signed head and opens nothing, so that `init` beside a running daemon, or twice, changes nothing. */
function isLogBegun(home: string): boolean {
  return existsSync(homeLayout(home).log) && readSignedHead(home).kind !== "missing";
}

async function beginLog(home: string, at: string, isDemo: boolean): Promise<void> {
  using _lock = takeLock(home);
  await using log = await openEventLog({ path: homeLayout(home).log, decide });
  // A log with more events was started before. If its head is lost, it is not signed again here: the daemon shows that to a person.
  if (log.head.position > 1) return;
  const homeId = randomBytes(16).toString("hex");
  await log.submit({
    kind: "InitializeHome",
    command_id: `initialize-${homeId}`,
    actor: "operator",
    at,
    home_id: homeId,
    ...(isDemo ? { demo: true as const } : {}),
  });
  signHead(home, log, at);
}
