/** Reads the trees of a change, and puts the base's control keys into its package.json files. */
import type { RunChecks } from "@aedev/contracts";
import { rootedMatcher } from "@aedev/host/globs";
import type { RunnerContext } from "../engine/context.ts";
import { applyPatch } from "../tree/candidate.ts";
import {
  type CheckEntries,
  type CheckEntry,
  type Objects,
  readBlob,
  readCheckTree,
  writeBlob,
} from "../tree/check-tree.ts";
import { withBaseControl } from "./package-json.ts";

/** `tree`: the id of `own`, which is the base with the patch. `candidate`: the same, but with the base's control keys. */
export async function readSides(
  { base_commit: baseCommit, patch }: Pick<RunChecks, "base_commit" | "patch">,
  objects: Objects,
  { blobs }: Pick<RunnerContext, "blobs">,
): Promise<Record<"base" | "own" | "candidate", CheckEntries> & { tree: string }> {
  const tree = await applyPatch(objects, baseCommit, blobs.get(patch.digest));
  const base = await readCheckTree(objects, baseCommit);
  const own = await readCheckTree(objects, tree);
  return { tree, base, own, candidate: await withBasePackages(objects, base, own) };
}

/** The candidate's entries with the base's control keys in every package.json (SECURITY T9). */
async function withBasePackages(
  objects: Objects,
  base: CheckEntries,
  own: CheckEntries,
): Promise<Map<string, CheckEntry>> {
  const candidate = new Map(own);
  const isPackage = rootedMatcher(["**/package.json"]);
  for (const [path, entry] of own) {
    if (!isPackage(path) || !entry.mode.startsWith("100")) continue;
    const before = base.get(path);
    if (before?.id === entry.id) continue;
    const old = before?.mode.startsWith("100") ? (await readBlob(objects, before.id)).toString("utf8") : null;
    const text = withBaseControl((await readBlob(objects, entry.id)).toString("utf8"), old);
    if (text !== null) candidate.set(path, { mode: entry.mode, id: await writeBlob(objects, text) });
  }
  return candidate;
}
