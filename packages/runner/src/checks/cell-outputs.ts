/**
 * The prepared outputs of each tree that checks run on (THREATS T8): a tree whose manifests and lockfiles are the base's gets the base's, any other is
 * prepared by itself, under a name that no base has. With a build step the whole tree counts: what was built of old code is not for the new. Control files are the base's here too, so that a candidate's rc file steers no fetch.
 */
import { canonicalJson } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import { inputEntries, outputPaths } from "../prepare/inputs.ts";
import { ensurePrepared, type PrepareRequest } from "../prepare/prepare.ts";
import { withPathsOf } from "./cells.ts";
import type { PreparedOutputs } from "./outputs.ts";
import type { Entries, Objects } from "./tree.ts";

/** Null where the repository has nothing to prepare. Throws `HOLD-PREPARE-FAILED` where a candidate's own step fails. */
export type OutputsOf = (entries: Entries) => Promise<PreparedOutputs | null>;

export function outputsByTree(
  of: {
    request: Omit<PrepareRequest, "candidate">;
    /** Holds every tree's files. */
    objects: Objects;
    base: Entries;
    baseOutputs: PreparedOutputs | null;
    isControl: (path: string) => boolean;
    progress: (text: string) => void;
  },
  context: RunnerContext,
): OutputsOf {
  const { request, objects, base, baseOutputs } = of;
  const { settings } = request;
  const textOf = (entries: Entries) =>
    canonicalJson([...entries].map(([path, { mode, id }]) => [path, mode, id]).toSorted());
  const inputsOf = (entries: Entries) => textOf(inputEntries(entries, settings));
  const keyOf = (entries: Entries) => (settings.build === null ? inputsOf(entries) : textOf(entries));
  const baseKey = keyOf(base);
  const known = new Map<string, Promise<PreparedOutputs | null>>();
  const prepareOwn = async (entries: Entries): Promise<PreparedOutputs | null> => {
    of.progress(
      settings.build === null
        ? "checks: the change has manifests of its own; they are prepared apart"
        : "checks: what the build step makes of the change is made apart",
    );
    const { archivePath } = await ensurePrepared({ ...request, candidate: { objects, entries } }, context);
    return archivePath === null ? null : { archivePath, paths: outputPaths(settings) };
  };
  return (entries) => {
    if (baseOutputs === null) return Promise.resolve(null);
    const controlled = withPathsOf(entries, base, of.isControl);
    const key = keyOf(controlled);
    if (key === baseKey) return Promise.resolve(baseOutputs);
    const found = known.get(key) ?? prepareOwn(controlled);
    known.set(key, found);
    return found;
  };
}
