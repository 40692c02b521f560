/** Puts the base's control keys into a candidate's package.json files. */
import { rootedMatcher } from "@aedev/host/globs";
import { type CheckEntries, type CheckEntry, type Objects, readBlob, writeBlob } from "../tree/check-tree.ts";
import { withBaseControl } from "./package-json.ts";

/** The candidate's entries with the base's control keys in every package.json (THREATS T9). */
export async function withBasePackages(
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
