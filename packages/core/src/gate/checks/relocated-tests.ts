/** Finds missing tests of the base that now run in another file or under another title. Pure. */
import { commandOf, type Key, type Results, resultKey } from "./cell-results.ts";
import { type RenamedTest, renamedId } from "./result-names.ts";

/** The base's results, the results of the base's tests on the new code, and the results of the change's own tests. */
interface Seen {
  readonly before: Results;
  readonly oldTests: Results;
  readonly newTests: Results;
}

/** The missing tests that a new test elsewhere replaces. Each new test replaces at most one. */
export function movedTests(gone: readonly Key[], options: Seen): Key[] {
  const counts = new Map<string, number>();
  for (const [key, result] of options.newTests)
    if (result === "pass" && !options.before.has(key)) counts.set(titleOf(key), (counts.get(titleOf(key)) ?? 0) + 1);
  return gone.filter((key) => {
    const left = counts.get(titleOf(key)) ?? 0;
    if (left === 0 || options.oldTests.get(key) !== "pass") return false;
    counts.set(titleOf(key), left - 1);
    return true;
  });
}

/** The missing tests whose old version passes on the new code and which pass under a new title that no test had before. */
export function renamedKeys(
  missing: readonly Key[],
  titles: readonly RenamedTest[],
  { before, oldTests, newTests }: Seen,
): Map<Key, Key> {
  const found = new Map<Key, Key>();
  const taken = new Set<Key>();
  for (const key of missing) {
    const id = key.slice(key.indexOf("\n") + 1);
    const ids = titles.flatMap((title) => renamedId(id, title) ?? []);
    const [newKey, ...others] = new Set(ids.map((one) => resultKey(commandOf(key), one)));
    if (newKey === undefined || others.length > 0 || taken.has(newKey) || before.has(newKey)) continue;
    if (oldTests.get(key) !== "pass" || newTests.has(key) || newTests.get(newKey) !== "pass") continue;
    taken.add(newKey);
    found.set(key, newKey);
  }
  return found;
}

/** The test's title with its command, without file and group. */
function titleOf(key: Key): string {
  return resultKey(commandOf(key), (key.split(" > ").at(-1) ?? key).replace(/#\d+$/, ""));
}
