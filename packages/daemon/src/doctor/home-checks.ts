/** Checks the home on disk: whether it exists, who can read it, and how much space is left. It changes nothing. */
import { existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { homeLayout } from "@aedev/host/home-layout";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { evidenceFingerprint } from "../evidence/evidence-key.ts";
import { hasReserve, reserveBytes } from "../home/disk-reserve.ts";
import { secretPlanes } from "../home/secrets.ts";
import type { Check } from "./check.ts";

export function homeChecks(home: string): Check[] {
  const there = existsSync(homeLayout(home).log);
  const check: Check = { name: "home", ok: there, found: home, help: "aedev init" };
  return there ? [check, privacyCheck(home), evidenceKeyCheck(home)] : [check];
}

/** Recipients compare this fingerprint with the one that `aedev evidence verify` shows. */
function evidenceKeyCheck(home: string): Check {
  const fingerprint = evidenceFingerprint(home);
  const found = fingerprint === null ? "none yet; evidence can't be signed" : `fingerprint ${fingerprint}`;
  return { name: "evidence key", ok: fingerprint !== null, found, help: "aedev init" };
}

/** The token and the secrets must be readable by their owner only. */
function privacyCheck(home: string): Check {
  const { token, keys, secrets } = homeLayout(home);
  const files = [home, token, ...secretPlanes.map(secrets), keys, ...filesIn(keys)];
  const open = files.filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
  return {
    name: "permissions",
    ok: open.length === 0,
    found:
      open.length === 0
        ? "only you can read the home, token, keys and secrets"
        : `other users can read ${open.join(", ")}`,
    help: `chmod -R go= ${home}`,
  };
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

export function diskCheck(home: string, configuration: Configuration | null): Check {
  const needed = configuration?.runLimits.disk_free_bytes ?? 0;
  const { bavail, bsize } = statfsSync(existsSync(home) ? home : "/");
  const free = bavail * bsize;
  const mebibytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MiB`;
  const reserve = hasReserve(home)
    ? `${mebibytes(reserveBytes)} kept for a full disk`
    : "no reserve for a full disk yet";
  const quota = "the kernel enforces no quota on bind mounts; the runner watches their size";
  const found = `${mebibytes(free)} free, ${reserve}; ${quota}`;
  return { name: "disk", ok: free >= needed, found, help: `free up ${mebibytes(needed)} on the disk of ${home}` };
}
