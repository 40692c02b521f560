/** Checks the home on disk: whether it exists, who can read it, how much space is left. It changes nothing. */
import { existsSync } from "node:fs";
import { distrustReasonText, sizeText } from "@aedev/contracts";
import { diskFreeBytes } from "@aedev/host/disk-free";
import { homeLayout } from "@aedev/host/home-layout";
import { preparedArchives } from "@aedev/host/prepared-archives";
import { exposureHelp, exposureText, homeExposures } from "@aedev/host/private-home";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { evidenceFingerprint } from "../evidence/evidence-key.ts";
import { verifyHome } from "../home/audit.ts";
import { hasReserve, reserveBytes } from "../home/disk-reserve.ts";
import { readDistrustReasons } from "../home/untrusted-log.ts";
import type { Check } from "./check.ts";

export function homeChecks(home: string): Check[] {
  const there = existsSync(homeLayout(home).log);
  const check: Check = { name: "home", ok: there, found: home, help: "aedev init" };
  if (!there && homeExposures(home).length > 0) return [privacyCheck(home)];
  return there ? [check, privacyCheck(home), logCheck(home), evidenceKeyCheck(home)] : [check];
}

/** Shows the key's fingerprint, which whoever gets exported evidence compares with the one that `aedev evidence verify` prints. */
function evidenceKeyCheck(home: string): Check {
  const fingerprint = evidenceFingerprint(home);
  const found = fingerprint === null ? "none yet; evidence can't be signed" : `fingerprint ${fingerprint}`;
  return { name: "evidence key", ok: fingerprint !== null, found, help: "aedev init" };
}

/** What the last daemon found and what was appended since the signed head; `aedev events verify` reads everything. */
function logCheck(home: string): Check {
  const name = "log";
  const [known] = readDistrustReasons(home);
  if (known !== undefined)
    return {
      name,
      ok: false,
      invalid: true,
      found: distrustReasonText(known),
      help: "to see how to accept it: aedev status",
    };
  const verification = verifyHome(home, { sinceHead: true });
  const what = verification.ok ? null : (verification.problems[0]?.what ?? "");
  const help = "aedev daemon start && aedev status";
  return what === null
    ? { name, ok: true, found: "matches its signed head", help }
    : { name, ok: false, invalid: true, found: what, help };
}

/** The daemon, and every verb that reads a secret, refuse a home that is not private (SECURITY T35). */
function privacyCheck(home: string): Check {
  const exposures = homeExposures(home);
  const onlyModes = exposures.every(({ kind }) => kind === "mode");
  if (exposures.length > 0)
    return {
      name: "permissions",
      ok: false,
      invalid: true,
      found: exposureText(exposures),
      help: onlyModes ? `chmod -R go= ${home}` : exposureHelp(exposures, home),
    };
  const found = "only you can read the home, log, token, keys and secrets";
  return { name: "permissions", ok: true, found, help: "" };
}

export function diskCheck(home: string, configuration: Configuration | null): Check {
  const needed = configuration?.runLimits.disk_free_bytes ?? 0;
  const free = diskFreeBytes(existsSync(home) ? home : "/");
  const reserve = hasReserve(home)
    ? `${sizeText(reserveBytes)} kept for a full disk`
    : "no reserve for a full disk yet";
  const quota = "the kernel enforces no quota on bind mounts; the runner watches their size";
  const kept = preparedArchives(homeLayout(home).prepared).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const bound = configuration?.retention.preparedBytesMax ?? null;
  const prepared = `prepared dependencies ${sizeText(kept)}${bound === null ? "" : ` of at most ${sizeText(bound)}`}`;
  const found = `${sizeText(free)} free, ${reserve}; ${prepared}; ${quota}`;
  return { name: "disk", ok: free >= needed, found, help: `free up ${sizeText(needed)} on the disk of ${home}` };
}
