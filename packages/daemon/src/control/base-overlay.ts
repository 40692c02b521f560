/** Reads the `.aedev.yaml` of a base commit. Since it says how the repository is tested, an invalid file holds a run and fails a trial. */
import { Fault } from "@aedev/contracts";
import type { RepositoryOverlay } from "@aedev/core";
import { parseRepositoryOverlay } from "../configuration/load-policy.ts";
import { type LinkedFile, readThroughLinks } from "../git/linked-files.ts";
import { listTree } from "../git/mirror.ts";

/** `file`: the base's file with this name. Throws a Fault `HOLD-PREPARE-FAILED`. */
export async function overlayOfBase(file: LinkedFile | undefined): Promise<RepositoryOverlay> {
  const { bytes = null, problem = null } = file ?? {};
  if (problem !== null)
    throw new Fault("HOLD-PREPARE-FAILED", `.aedev.yaml can't be read: ${problem}`, {
      detail: `.aedev.yaml: ${problem}`,
      hint: "make .aedev.yaml a file, or a link to a file of the repository",
    });
  try {
    return await parseRepositoryOverlay(
      bytes === null ? null : new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    );
  } catch (error) {
    throw new Fault("HOLD-PREPARE-FAILED", error instanceof Error ? error.message : String(error), {
      hint: "correct .aedev.yaml on the repository's main branch",
    });
  }
}

/** Reads the `.aedev.yaml` of this commit from the repository's mirror. */
export async function readOverlay(options: {
  home: string;
  repository: string;
  timeoutMs: number;
  commit: string;
}): Promise<RepositoryOverlay> {
  const entries = await listTree({ ...options, tree: options.commit });
  return overlayOfBase((await readThroughLinks({ ...options, entries, paths: [".aedev.yaml"] })).get(".aedev.yaml"));
}
