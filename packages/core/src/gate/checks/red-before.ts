/**
 * Finds tests that are red on the old code, so that they show what a change fixes. Pure and total. Contract: a test that the change did not touch counts
 * only if it never passed there and failed so often that chance does not explain it.
 */
import { confirmingPasses, type TestMatrix } from "@aedev/contracts";
import { commandOf, type Key, type Results, resultsOf } from "./cell-results.ts";
import { type EditedFile, isResultOf } from "./result-names.ts";

/** How many failures prove a test red if it also fails with the base's own tests. */
const baseRedPasses = 2;

export interface RedBefore {
  /** Whether the test's form in the change is red on the old code; an edited test may be green in the base's form. */
  readonly inItsForm: (key: Key) => boolean;
  /** Whether the test's form in the base is red. */
  readonly onBase: (key: Key) => boolean;
  /** Whether the change added or edited the test, or its base form is red: then one failure on the old code is enough. */
  readonly isConcerned: (key: Key) => boolean;
}

/** `known`: the base's results, also under the titles that the change gave its tests. */
export function redBefore({ cells }: TestMatrix, known: Results, edited: readonly EditedFile[]): RedBefore {
  const { "old-tests-old-code": base, "new-tests-old-code": mixed } = cells;
  const old = resultsOf(mixed);
  const passes = ({ commands }: typeof base, key: Key) => {
    const command = commands[commandOf(key)];
    return Math.max(command?.passes ?? 1, command?.runs ?? 1);
  };
  const isEdited = (key: Key) => {
    const id = key.slice(key.indexOf("\n") + 1);
    return edited.some(({ path, names }) => names.some((name) => isResultOf(id, { paths: [path], name })));
  };
  const onBase = (key: Key) => known.get(key) === "fail" && passes(base, key) >= baseRedPasses;
  const isConcerned = (key: Key) => known.get(key) !== "flaky" && (!known.has(key) || onBase(key) || isEdited(key));
  return {
    onBase,
    isConcerned,
    inItsForm: (key) => {
      if (old.get(key) !== "fail" || known.get(key) === "flaky") return false;
      return isConcerned(key) || passes(mixed, key) >= confirmingPasses;
    },
  };
}
