/**
 * Provides the prepared outputs for each tree that checks run on (SECURITY T8). A tree with the base's manifests and lockfiles gets the base's outputs; any
 * other tree is prepared under its own key. With a build step the whole tree is compared, because old build output does not fit new code. Control files are the
 * base's here too, so that a candidate's rc file can't influence the fetch.
 */
import { canonicalJson } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import { type BuildWrites, strayWrites } from "../../prepare/build-writes.ts";
import { inputEntries, outputPaths } from "../../prepare/inputs.ts";
import { ensurePrepared, type PrepareRequest } from "../../prepare/prepare.ts";
import { withPathsOf } from "../../tree/cells.ts";
import type { CheckEntries, Objects } from "../../tree/check-tree.ts";

export interface PreparedOutputs {
  archivePath: string;
  /** Paths relative to the checkout. */
  paths: readonly string[];
}

/** Null if the repository has nothing to prepare. Throws `HOLD-PREPARE-FAILED` if a candidate's prepare step fails. */
export type OutputsOf = (entries: CheckEntries) => Promise<PreparedOutputs | null>;

export function outputsByTree(
  options: {
    request: Omit<PrepareRequest, "candidate">;
    /** Contains every tree's files. */
    objects: Objects;
    base: CheckEntries;
    baseOutputs: PreparedOutputs | null;
    /** Files from the base's fetch step that its build then changed; null without both steps. */
    baseWrites: BuildWrites | null;
    /** Called with the paths of fetched files that another tree's build changed and the base's did not. */
    onStrayWrites: (paths: readonly string[]) => void;
    isControl: (path: string) => boolean;
    progress: (text: string) => void;
  },
  context: RunnerContext,
): OutputsOf {
  const { request, objects, base, baseOutputs } = options;
  const { settings } = request;
  const textOf = (entries: CheckEntries) =>
    canonicalJson([...entries].map(([path, { mode, id }]) => [path, mode, id]).toSorted());
  const inputsOf = (entries: CheckEntries) => textOf(inputEntries(entries, settings));
  const keyOf = (entries: CheckEntries) => (settings.build === null ? inputsOf(entries) : textOf(entries));
  const baseKey = keyOf(base);
  const known = new Map<string, Promise<PreparedOutputs | null>>();
  const prepareOwn = async (entries: CheckEntries): Promise<PreparedOutputs | null> => {
    options.progress(
      settings.build === null
        ? "checks: preparing the change's own dependencies"
        : "checks: building the change separately",
    );
    const { archivePath, writes } = await ensurePrepared({ ...request, candidate: { objects, entries } }, context);
    options.onStrayWrites(strayWrites(writes, options.baseWrites));
    return archivePath === null ? null : { archivePath, paths: outputPaths(settings) };
  };
  return (entries) => {
    if (baseOutputs === null) return Promise.resolve(null);
    const controlled = withPathsOf(entries, base, options.isControl);
    const key = keyOf(controlled);
    if (key === baseKey) return Promise.resolve(baseOutputs);
    const found = known.get(key) ?? prepareOwn(controlled);
    known.set(key, found);
    return found;
  };
}
