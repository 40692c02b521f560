/** Measures the numbers, texts and lists of trees, and pairs the numbers of each object. Pure. */
import type { Tree, TreePlace } from "./plain-tree.ts";

const rolesMax = 8;

/** For each role, the least and the largest number, or length of a text or list. */
export function spansOf(
  trees: readonly Tree[],
): ReadonlyMap<string, { readonly least: number; readonly most: number }> {
  const found = new Map<string, { least: number; most: number }>();
  for (const tree of trees)
    for (const place of tree.places) {
      const size = sizeOf(place);
      const before = found.get(place.role) ?? { least: size, most: size };
      found.set(place.role, { least: Math.min(before.least, size), most: Math.max(before.most, size) });
    }
  return found;
}

function sizeOf({ value }: TreePlace): number {
  if (typeof value === "number") return value;
  return typeof value === "boolean" ? Number(value) : value.length;
}

/** All pairs of numbers within one object. */
export function siblings(tree: Tree): [TreePlace, TreePlace][] {
  const groups = new Map<string, TreePlace[]>();
  for (const place of tree.places)
    if (place.kind === "number") groups.set(place.parent, [...(groups.get(place.parent) ?? []), place]);
  return [...groups.values()].flatMap((group) =>
    group
      .slice(0, rolesMax)
      .flatMap((one, index) =>
        group
          .slice(index + 1, rolesMax)
          .flatMap((other): [TreePlace, TreePlace][] => (one.role === other.role ? [] : [[one, other]])),
      ),
  );
}
