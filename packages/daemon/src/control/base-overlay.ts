/** Reads the `.aedev.yaml` of a base commit. An invalid file holds a run and fails a trial, because it says how the repository is tested. */
import { Fault } from "@aedev/contracts";
import { parseRepositoryOverlay } from "../configuration/load-policy.ts";
import { readBlobs } from "../git/mirror.ts";

/** `bytes`: the file's, null if the base has none. Throws a Fault `HOLD-PREPARE-FAILED`. */
export function overlayOfBase(bytes: Uint8Array | null): ReturnType<typeof parseRepositoryOverlay> {
  try {
    return parseRepositoryOverlay(bytes === null ? null : new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Fault("HOLD-PREPARE-FAILED", error instanceof Error ? error.message : String(error), {
      hint: "correct .aedev.yaml on the repository's main branch",
    });
  }
}

/** The same, read from the repository's mirror at this commit. */
export async function readOverlay(options: {
  home: string;
  repository: string;
  timeoutMs: number;
  commit: string;
}): Promise<ReturnType<typeof parseRepositoryOverlay>> {
  const files = await readBlobs({ ...options, paths: [".aedev.yaml"] });
  return overlayOfBase(files.get(".aedev.yaml") ?? null);
}
