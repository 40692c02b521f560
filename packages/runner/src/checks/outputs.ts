/**
 * Decides how prepared outputs reach a check's container: unpacked inside it into memory, where they are small folders (ten times faster on
 * a slow disk, and new for every container), else unpacked on disk beforehand. Nothing of them is shared between containers either way.
 */
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import type { RunLimits } from "@aedev/core/wire";
import type { Mount } from "../engine.ts";
import type { Entries } from "./tree.ts";

export interface PreparedOutputs {
  archivePath: string;
  /** Relative to the checkout. */
  paths: readonly string[];
}

export interface InMemory {
  tmpfs: string[];
  mounts: Mount[];
  /** Goes before the command. */
  unpack: string;
}

const archiveTarget = "/prepared.tar";

/** Null where they have to lie on disk: too large for memory, not known to be folders, or mixed with files of the checkout. */
export function inMemory(
  outputs: PreparedOutputs,
  at: { checkout: string; entries: Entries; limits: RunLimits },
): InMemory | null {
  const { paths, archivePath } = outputs;
  const sizeBytes = statSync(archivePath).size;
  const { tmpfs_bytes: tmpfsBytes, memory_bytes: memoryBytes } = at.limits;
  if (sizeBytes > tmpfsBytes / 2 || sizeBytes > memoryBytes / 4) return null;
  if (paths.some((path) => basename(path) !== "node_modules")) return null;
  for (const path of at.entries.keys()) {
    if (paths.some((output) => path === output || path.startsWith(`${output}/`))) return null;
  }
  return {
    tmpfs: paths.map((path) => join(at.checkout, path)),
    mounts: [{ source: archivePath, target: archiveTarget, readOnly: true }],
    unpack: `tar -C ${at.checkout} --no-same-owner -xf ${archiveTarget} || { echo "the prepared outputs could not be unpacked"; exit 125; }\n`,
  };
}
