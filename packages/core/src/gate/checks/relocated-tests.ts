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

/**
 * The missing tests whose old version passes on the new code and which pass under a new name that no test had before: the title that the change gives them,
 * or, for a row of parameters, the same name with another number.
 */
export function renamedKeys(
  missing: readonly Key[],
  titles: readonly RenamedTest[],
  { before, oldTests, newTests }: Seen,
): Map<Key, Key> {
  const found = new Map<Key, Key>();
  const taken = new Set<Key>();
  const added = [...newTests.keys()].filter((key) => !before.has(key));
  const rows = Map.groupBy(added, (key) => withoutNumbers(key) ?? "");
  for (const key of missing) {
    const id = key.slice(key.indexOf("\n") + 1);
    const ids = titles.flatMap((title) => renamedId(id, title) ?? []);
    const [title, ...others] = new Set(ids.map((one) => resultKey(commandOf(key), one)));
    const row = withoutNumbers(key);
    const isInserted = row !== null && countOf(row, newTests) > countOf(row, before);
    const newKey = title ?? (isInserted ? rows.get(row)?.find((one) => !taken.has(one)) : undefined);
    if (newKey === undefined || others.length > 0 || taken.has(newKey) || before.has(newKey)) continue;
    if (oldTests.get(key) !== "pass" || newTests.has(key) || newTests.get(newKey) !== "pass") continue;
    taken.add(newKey);
    found.set(key, newKey);
  }
  return found;
}

/** How many results a test with rows of parameters has. */
function countOf(row: string, results: Results): number {
  const start = row.slice(0, row.lastIndexOf("[") + 1);
  return [...results.keys()].filter((key) => key.startsWith(start)).length;
}

/**
 * A row of parameters without the numbers that pytest gives to values without a text, which change when a row is inserted: `adds[values3-one]`. Null if the name
 * has none.
 */
function withoutNumbers(key: Key): string | null {
  const [, test = "", row = ""] = /^(.*)\[([^[\]]*)\]$/su.exec(key) ?? [];
  const plain = row.replaceAll(/(?<![\w.])([A-Za-z_]\w*?)\d+(?![\w.])/gu, "$1");
  return plain === row ? null : `${test}[${plain}]`;
}

/** The test's title with its command, without file and group. */
function titleOf(key: Key): string {
  return resultKey(commandOf(key), (key.split(" > ").at(-1) ?? key).replace(/#\d+$/, ""));
}
