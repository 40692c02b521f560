/** The home as it lies on the disk: is it there, who may read it, how much room is left. It changes nothing. */
import { existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { evidenceFingerprint } from "../evidence/evidence-key.ts";
import { hasReserve, reserveBytes } from "../home/disk-reserve.ts";
import { homeLayout } from "../home/layout.ts";
import { secretPlanes, secretsFile } from "../home/secrets.ts";
import type { Check } from "./check.ts";

export function homeChecks(home: string): Check[] {
  const there = existsSync(homeLayout(home).log);
  const check: Check = { name: "home", ok: there, found: home, help: "aedev init" };
  return there ? [check, privacyCheck(home), evidenceKeyCheck(home)] : [check];
}

/** A stranger compares this fingerprint with the one that `aedev evidence verify` shows. */
function evidenceKeyCheck(home: string): Check {
  const fingerprint = evidenceFingerprint(home);
  const found = fingerprint === null ? "none yet; evidence can't be signed" : `fingerprint ${fingerprint}`;
  return { name: "evidence key", ok: fingerprint !== null, found, help: "aedev init" };
}

/** Whoever reads the token or a secret has it: nobody but the owner may. */
function privacyCheck(home: string): Check {
  const { token } = homeLayout(home);
  const keys = join(home, "keys");
  const files = [home, token, ...secretPlanes.map((plane) => secretsFile(home, plane)), keys, ...filesIn(keys)];
  const open = files.filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
  return {
    name: "permissions",
    ok: open.length === 0,
    found: open.length === 0 ? "home, token, keys and secrets are yours alone" : `others can read ${open.join(", ")}`,
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
  const quota = "the kernel enforces no quota on bind mounts, the runner watches them";
  const found = `${mebibytes(free)} free, ${reserve}; ${quota}`;
  return { name: "disk", ok: free >= needed, found, help: `free ${mebibytes(needed)} on the disk of ${home}` };
}
