/** Provides an npm package as a folder of files: fetched once with npm, kept in the user's cache, its integrity checked at every use. None of its scripts run. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Fault } from "@aedev/contracts";
import { type ChildEnvironment, runChild } from "./child.ts";

export interface PackageName {
  /** `name@version`. */
  readonly package: string;
  /** `sha512-<base64>` of the tarball; undefined: only npm's own check against the registry. */
  readonly integrity: string | undefined;
}

/** `$XDG_CACHE_HOME/aedev`, else `~/.cache/aedev`. */
export function packageCacheFolder(environment: ChildEnvironment): string {
  return join(environment["XDG_CACHE_HOME"] || join(environment["HOME"] || homedir(), ".cache"), "aedev");
}

/** Unpacks the package's files into `target`, a new folder. Throws a fault with the next step if the package can't be fetched. */
export async function unpackPackage(
  source: PackageName,
  options: { target: string; environment: ChildEnvironment; signal: AbortSignal },
): Promise<void> {
  const { target, environment, signal } = options;
  const tarball = await fetchTarball(source, { environment, signal });
  mkdirSync(target, { recursive: true });
  const args = ["-xzf", tarball, "-C", target, "--strip-components=1", "--no-same-owner"];
  const unpacked = await runChild("tar", args, { environment, signal });
  if (unpacked.exit !== 0)
    throw new Fault("package-broken", `${tarball} can't be unpacked: ${unpacked.err.trim().slice(-300)}`, {
      hint: `rm ${tarball}, then try again`,
    });
}

async function fetchTarball(
  source: PackageName,
  { environment, signal }: { environment: ChildEnvironment; signal: AbortSignal },
): Promise<string> {
  const cache = join(packageCacheFolder(environment), "packages");
  const kept = join(cache, `${source.package.replace("/", "+")}.tgz`);
  if (existsSync(kept) && hasIntegrity(kept, source.integrity)) return kept;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, ".fetch-"));
  try {
    const args = ["pack", source.package, "--pack-destination", fresh, "--ignore-scripts", "--silent"];
    const packed = await runChild("npm", args, { environment, cwd: fresh, signal });
    const name = readdirSync(fresh).find((file) => file.endsWith(".tgz"));
    if (packed.exit !== 0 || name === undefined)
      throw new Fault("package-unavailable", `npm can't fetch ${source.package}: ${packed.err.trim().slice(-500)}`, {
        hint: `npm pack ${source.package} shows why; behind a proxy, npm config set registry URL`,
      });
    if (!hasIntegrity(join(fresh, name), source.integrity))
      throw new Fault("package-changed", `${source.package} has changed: its integrity differs`, {
        hint: "npm config get registry; npm cache verify",
      });
    renameSync(join(fresh, name), kept);
    return kept;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function hasIntegrity(path: string, integrity: string | undefined): boolean {
  return (
    integrity === undefined ||
    integrity === `sha512-${createHash("sha512").update(readFileSync(path)).digest("base64")}`
  );
}
