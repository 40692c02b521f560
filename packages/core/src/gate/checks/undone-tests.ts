/** Finds the base's tests that belong to the change that a revert takes back: they break, and nothing breaks with the tests that the revert restores. Pure and total. */
import type { Cell } from "@aedev/contracts";
import { idsOf, type Key, type Results } from "./cell-results.ts";
import { endedWell } from "./new-tests.ts";

/** Tests and commands that are worse than on the base. */
interface Broken {
  readonly newlyFailing: ReadonlySet<Key>;
  readonly vanished: ReadonlySet<Key>;
  readonly newlySkipped: ReadonlySet<Key>;
}

/**
 * Ids of such tests, or commands that give only an exit code. Empty if, with the restored tests, anything fails, is missing for another reason or is
 * unknown. The results do not show whose tests these are: the gate compares the files.
 */
export function undoneTests(
  { newlyFailing, vanished, newlySkipped }: Broken,
  {
    exits,
    incomplete,
    newTests,
  }: {
    exits: readonly { readonly cell: string; readonly text: string }[];
    incomplete: readonly string[];
    newTests: Results;
  },
  restored: Cell,
): string[] {
  const isOnlyOld = exits.every(({ cell }) => cell === "old-tests-new-code");
  if (!restored.ran || incomplete.length > 0 || !isOnlyOld) return [];
  const keys = [...new Set([...newlyFailing, ...vanished, ...newlySkipped])];
  // A test may also be missing because its command stopped early.
  const isUndone = (key: Key) => {
    const now = newTests.get(key);
    return now === "pass" || now === "skip" || (now === undefined && endedWell(restored, key));
  };
  if (!keys.every(isUndone)) return [];
  return keys.length > 0 ? idsOf(keys) : exits.map(({ text }) => text);
}
