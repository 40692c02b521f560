/**
 * Decides how prepared outputs get into a check's container: small folders are unpacked inside it into memory (ten times faster on a slow disk),
 * everything else on disk beforehand. Containers never share them.
 */
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import type { RunLimits } from "@aedev/contracts";
import type { Mount } from "../../engine/engine.ts";
import type { CheckEntries } from "../../tree/check-tree.ts";

export interface PreparedOutputs {
  archivePath: string;
  /** Relative to the checkout. */
  paths: readonly string[];
}

export interface InMemory {
  tmpfs: string[];
  mounts: Mount[];
  /** Shell text to put before the command. */
  unpack: string;
}

const archiveTarget = "/prepared.tar";

/** Null if they must be on disk: too large for memory, not known to be folders, or mixed with files of the checkout. */
export function inMemory(
  outputs: PreparedOutputs,
  options: { checkout: string; entries: CheckEntries; limits: RunLimits },
): InMemory | null {
  const { paths, archivePath } = outputs;
  const sizeBytes = statSync(archivePath).size;
  const { tmpfs_bytes: tmpfsBytes, memory_bytes: memoryBytes } = options.limits;
  if (sizeBytes > tmpfsBytes / 2 || sizeBytes > memoryBytes / 4) return null;
  if (paths.some((path) => basename(path) !== "node_modules")) return null;
  for (const path of options.entries.keys()) {
    if (paths.some((output) => path === output || path.startsWith(`${output}/`))) return null;
  }
  return {
    tmpfs: paths.map((path) => join(options.checkout, path)),
    mounts: [{ source: archivePath, target: archiveTarget, readOnly: true }],
    unpack: `tar -C ${options.checkout} --no-same-owner -xf ${archiveTarget} || { echo "the prepared outputs could not be unpacked"; exit 125; }\n`,
  };
}
