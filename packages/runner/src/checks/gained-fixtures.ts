/** Finds the control files that go with the new tests, because the change only adds fixtures to them. The texts are hostile; they are read as lines. */
import { isConftest, onlyGainsFixtures } from "@aedev/host/gained-fixtures";
import { type CheckEntries, type Objects, readBlob } from "../tree/check-tree.ts";

/** Whether a path is a control file of both sides to which the change only adds fixtures. */
export async function gainedFixtures(
  objects: Objects,
  { base, candidate, isControl }: { base: CheckEntries; candidate: CheckEntries; isControl: (path: string) => boolean },
): Promise<(path: string) => boolean> {
  const gained = new Set<string>();
  for (const [path, { id, mode }] of candidate) {
    const before = base.get(path);
    if (!isConftest(path) || !isControl(path) || before === undefined || before.id === id || before.mode !== mode)
      continue;
    if (!mode.startsWith("100")) continue;
    const [old, young] = await Promise.all([readBlob(objects, before.id), readBlob(objects, id)]);
    if (onlyGainsFixtures(old.toString("utf8"), young.toString("utf8"))) gained.add(path);
  }
  return (path) => gained.has(path);
}
