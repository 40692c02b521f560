/** Tells which of the base's tests belong to what a revert takes back: they break, and nothing breaks with the tests that it puts back. Pure and total. */
import type { Cell } from "@aedev/contracts";
import { idsOf, type Key, type Results } from "./cell-results.ts";
import { endedWell } from "./new-tests.ts";

/** What broke against the base. */
interface Broken {
  readonly newlyFailing: ReadonlySet<Key>;
  readonly vanished: ReadonlySet<Key>;
  readonly newlySkipped: ReadonlySet<Key>;
}

/**
 * Ids of the tests, or the commands that give only an exit code. Empty as soon as anything fails, disappears for another reason or is unknown
 * with the tests that the revert puts back. Whose tests these are is not known here: the gate compares the files.
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
  // What is missing may also be missing because its command stopped early.
  const isUndone = (key: Key) => {
    const now = newTests.get(key);
    return now === "pass" || now === "skip" || (now === undefined && endedWell(restored, key));
  };
  if (!keys.every(isUndone)) return [];
  return keys.length > 0 ? idsOf(keys) : exits.map(({ text }) => text);
}
