/**
 * Compares what code depends on in both versions of the changed files. Pure.
 */
import type { Surrounding } from "@aedev/languages/shared/surroundings/use";

/**
 * Uses of `after` that `before` does not have as often: what a change adds, and definitions that it rewrites. Moved code adds nothing if all its files are
 * given together.
 */
export function addedSurroundings<S extends Surrounding>(before: readonly Surrounding[], after: readonly S[]): S[] {
  const left = new Map<string, number>();
  for (const use of before) left.set(keyOf(use), (left.get(keyOf(use)) ?? 0) + 1);
  const added = after.filter((use) => {
    const count = left.get(keyOf(use)) ?? 0;
    left.set(keyOf(use), count - 1);
    return count <= 0;
  });
  const isGone = (use: Surrounding) => use.asks === "never" && (left.get(keyOf(use)) ?? 0) > 0;
  const gone = new Set(before.filter(isGone).map(({ what }) => what));
  return added.filter(({ what, asks }) => asks === undefined || (asks === "in-place-of-plain" && gone.has(what)));
}

const keyOf = ({ what, digest = "" }: Surrounding) => `${what} ${digest}`;
