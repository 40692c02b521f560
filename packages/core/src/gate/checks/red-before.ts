/**
 * Tells which tests are red on the old code, so that they show what a change fixes. Pure and total. Contract: a test that the change did not touch counts only
 * if it failed so often there, and never passed, that chance does not explain it.
 */
import { confirmingPasses, type TestMatrix } from "@aedev/contracts";
import { commandOf, type Key, type Results, resultsOf } from "./cell-results.ts";
import { type EditedFile, isResultOf } from "./result-names.ts";

/** Failures that prove a test red if it fails with the base's own tests too. */
const baseRedPasses = 2;

export interface RedBefore {
  /** In the change's own form: an edited test may be green in the base's. */
  readonly inItsForm: (key: Key) => boolean;
  /** In the base's form. */
  readonly onBase: (key: Key) => boolean;
  /** The change added or edited it, or it is red in the base's form: then one failure on the old code is no chance. */
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
