/**
 * Makes a home from a backup: verifies the backup, builds the home beside its place, raises the epoch so that earlier approvals and questions are void, pauses
 * landings, and only then moves it into place. At its next start the daemon checks, as always, what changed elsewhere since the backup.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Fault } from "@aedev/contracts";
import { decide } from "@aedev/core";
import { blobPathOf } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { assertPrivateHome } from "@aedev/host/private-home";
import { verifyHome } from "../home/audit.ts";
import { copiesAtOnce, copyHashed } from "../home/backup.ts";
import { backupLayout, brokenBackup, type ReadBackup, readBackup } from "../home/backup-folder.ts";
import { takeLock } from "../home/lock.ts";
import { readSignedHead, signHead } from "../home/signed-head.ts";
import { openEventLog } from "../log/event-log.ts";
import { initHome } from "./initialize-home.ts";

export interface RestoreReport {
  readonly home: string;
  readonly backed_up_at: string;
  readonly position: number;
  /** The home's new epoch. */
  readonly epoch: number;
  /** Repositories with open missions, where landings are paused now. */
  readonly landings_paused: readonly string[];
  readonly blobs: number;
  /** False: the credentials must be stored again. */
  readonly has_secrets: boolean;
  /** Where the previous home is now; null: there was none. */
  readonly kept: string | null;
}

/**
 * Throws a Fault `backup-broken` if the backup was changed, `home-not-empty` if something is at `home` without `replace`, `home-locked` if its daemon is
 * running; then nothing is left behind.
 */
export async function restoreHome({
  from,
  home: given,
  replace = false,
}: {
  from: string;
  home: string;
  replace?: boolean;
}): Promise<RestoreReport> {
  const home = existsSync(given) ? realpathSync(given) : resolve(given);
  const isThere = existsSync(home) && (!statSync(home).isDirectory() || readdirSync(home).length > 0);
  if (isThere && !replace)
    throw new Fault("home-not-empty", `there is something at ${home} already`, {
      hint: "restore into another home with --home DIR, or with --replace, which keeps what is there beside it",
    });
  if (existsSync(home)) assertPrivateHome(home);
  if (isThere && !existsSync(homeLayout(home).log))
    throw new Fault("home-not-empty", `${home} is not empty and no home`, {
      hint: "name another home with --home DIR",
    });
  using _lock = isThere ? takeLock(home) : null;
  const backup = readBackup(resolve(from));
  const verification = verifyHome(backup.home);
  if (!verification.ok) throw brokenBackup(`the log in it does not verify: ${verification.problems[0]?.what}`);
  const suffix = randomBytes(4).toString("hex");
  const next = `${home}.restoring-${suffix}`;
  try {
    await fillHome(next, backup, resolve(from));
    const raised = await recordRestoration(next, backup, isThere ? home : null);
    const kept = isThere ? `${home}.before-${suffix}` : null;
    putInPlace(next, { home, kept });
    const { made_at, position, has_secrets } = backup.record;
    return { home, backed_up_at: made_at, position, ...raised, blobs: backup.blobs.length, has_secrets, kept };
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

async function fillHome(next: string, { home, files, blobs }: ReadBackup, dir: string): Promise<void> {
  for (const folder of homeLayout(next).folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copies = [
    ...[...files].map(([name, hash]) => ({ hash, from: join(home, name), to: join(next, name) })),
    ...blobs.map((hash) => {
      const path = blobPathOf(hash);
      return { hash, from: join(backupLayout(dir).blobs, path), to: join(homeLayout(next).blobs, path) };
    }),
  ];
  for (let at = 0; at < copies.length; at += copiesAtOnce)
    await Promise.all(
      copies.slice(at, at + copiesAtOnce).map(async ({ hash, from, to }) => {
        mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
        if (typeof (await copyHashed(from, to, hash)) !== "number")
          throw brokenBackup(`${from} changed while it was read`);
      }),
    );
}

/** Records the restoration, raises the epoch above those of the backup and of the replaced home, and pauses landings. */
async function recordRestoration(
  next: string,
  { record }: ReadBackup,
  replaced: string | null,
): Promise<Pick<RestoreReport, "epoch" | "landings_paused">> {
  await initHome(next);
  await using log = await openEventLog({ path: homeLayout(next).log, decide });
  const heads = [next, ...(replaced === null ? [] : [replaced])].map((home) => readSignedHead(home));
  const seen = heads.flatMap((head) => (head.kind === "head" ? [head.epoch] : []));
  const epoch = Math.max(log.state.system.epoch, ...seen) + 1;
  const at = new Date().toISOString();
  const { position, hash } = log.head;
  const answer = await log.submit({
    kind: "RestoreHome",
    command_id: `restore-${randomBytes(16).toString("hex")}`,
    actor: "operator",
    ...{ at, epoch, position, hash },
    backed_up_at: record.made_at,
  });
  if (answer.kind === "refused") throw brokenBackup(answer.reason);
  signHead(next, log, at);
  const paused = answer.kind === "done" ? answer.events.filter(({ type }) => type === "LandingPaused") : [];
  return { epoch, landings_paused: paused.map(({ stream }) => stream.slice("repository/".length)) };
}

/** Moves the new home into place; it may replace an empty folder. */
function putInPlace(next: string, { home, kept }: { home: string; kept: string | null }): void {
  if (kept !== null) renameSync(home, kept);
  try {
    renameSync(next, home);
  } catch (error) {
    if (kept !== null) renameSync(kept, home);
    throw error;
  }
}
