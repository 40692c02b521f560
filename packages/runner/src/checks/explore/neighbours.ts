/**
 * Makes calls near those of the tests: one number or text differs, two numbers become equal, a list changes its members, all texts of a role become the same.
 * judge-explored.ts judges the change at these. Reads hostile text; bounded. Pure.
 */

import { languageOf } from "@aedev/languages";
import { type NamedConstants, noConstants } from "./named-constants.ts";
import { constantValues, otherValues, transfers, type ValueChange } from "./near-values.ts";
import { readPlainTree, type Tree, withValues } from "./plain-tree.ts";
import { eachInTurn } from "./take-in-turn.ts";

const perFunctionMax = 240;
const originsMax = 24;
const allMax = 900;
/** Bounds the neighbours with named values, and those that only test the order; both are made in addition. */
const addedPerFunctionMax = 24;
const allAddedMax = 200;
const inputCharactersMax = 4000;

/** A call of the tests or a neighbour of one. `origin`: the index of the call that it was made from; its own index for a call of the tests. */
export interface ExploredCall {
  readonly path: string;
  readonly name: string;
  readonly input: string;
  readonly origin: number;
  /** The call only tests whether results depend on the order of calls. */
  readonly isForOrder: boolean;
}

interface Call {
  readonly path: string;
  readonly name: string;
  readonly input: string;
}

/** True for languages with separate kinds of numbers, where a whole number can't become a fraction. */
const hasWholeNumbers = (path: string) => languageOf(path)?.hasIntegers === true;
/** Outer lists in an input that only hold arguments: in Python, positional arguments have one of their own. */
export const fixedLevels = (path: string) => (languageOf(path)?.hasNamedArguments === true ? 2 : 1);

/**
 * Returns the different calls of the tests, each function's followed by its neighbours. Beyond `allMax`, functions share the room equally, and others get the
 * room that a function does not use.
 */
export function exploreCalls(calls: readonly Call[], named: NamedConstants = noConstants): ExploredCall[] {
  const functions = new Map<string, { used: Set<string>; own: Call[] }>();
  for (const call of calls) {
    const key = `${call.path}\n${call.name}`;
    const { used, own } = functions.get(key) ?? { used: new Set(), own: [] };
    functions.set(key, { used, own });
    if (used.has(call.input)) continue;
    used.add(call.input);
    if (own.length < originsMax && call.input.length <= inputCharactersMax) own.push(call);
  }
  const all = [...functions.values()];
  const origins = shareOut(
    all.map(({ own }) => own.values()),
    { max: allMax / 2, eachMax: originsMax },
  );
  const known = all.map(({ used }) => new Set(used));
  const nearOf = (changesOf: ChangesOf, limits: { max: number; eachMax: number }) =>
    shareOut(
      known.map((own, index) => neighboursOfCalls(origins[index] ?? [], own, changesOf)),
      limits,
    );
  const others = nearOf(otherValues, { max: allMax - origins.flat().length, eachMax: perFunctionMax });
  const added = { max: allAddedMax, eachMax: addedPerFunctionMax };
  const withNamed = nearOf((tree, trees) => constantValues(tree, trees, named), added);
  const forOrder = nearOf((tree) => [transfers(tree)], added);
  const found: ExploredCall[] = [];
  for (const [index, own] of origins.entries()) {
    const first = found.length;
    for (const [at, { path, name, input }] of own.entries())
      found.push({ path, name, input, origin: first + at, isForOrder: false });
    const add = (near: readonly (Neighbour & { of: number })[] | undefined, isForOrder: boolean) => {
      for (const { of, ...one } of near ?? []) {
        const { path = "", name = "" } = own[of] ?? {};
        found.push({ path, name, origin: first + of, ...one, isForOrder });
      }
    };
    add(others[index], false);
    add(withNamed[index], false);
    add(forOrder[index], true);
  }
  return found;
}

/** Takes one value of each source in turn, at most `eachMax` of one source and `max` together. */
function shareOut<T>(sources: readonly Iterator<T>[], { max, eachMax }: { max: number; eachMax: number }): T[][] {
  const taken = sources.map((): T[] => []);
  if (max <= 0) return taken;
  let count = 0;
  for (const { value, source } of eachInTurn(sources, (source) => (taken[source]?.length ?? 0) >= eachMax)) {
    taken[source]?.push(value);
    count += 1;
    if (count === max) break;
  }
  return taken;
}

type ChangesOf = (tree: Tree, all: readonly Tree[]) => ValueChange[][];

/** Yields one neighbour of each call in turn. `known`: inputs that exist already; new ones are added. `of`: the index of the neighbour's call. */
function* neighboursOfCalls(
  calls: readonly Call[],
  known: Set<string>,
  changesOf: ChangesOf,
): Generator<Neighbour & { of: number }> {
  const trees = calls.map(({ path, input }) => readPlainTree(input, fixedLevels(path)));
  const all = trees.filter((one) => one !== null);
  const sources = trees.map((tree, at) => {
    const staysWhole = hasWholeNumbers(calls[at]?.path ?? "");
    return tree === null ? [].values() : neighboursOf(tree, changesOf(tree, all), { staysWhole, at });
  });
  for (const { value, source } of eachInTurn<Neighbour>(sources)) {
    if (known.has(value.input)) continue;
    known.add(value.input);
    yield { of: source, ...value };
  }
}

type Neighbour = Pick<ExploredCall, "input">;

/** Yields one change of each kind in turn. The call at index `at` starts elsewhere in a kind, so that the bound omits no change everywhere. */
function* neighboursOf(
  tree: Tree,
  changes: readonly ValueChange[][],
  { staysWhole, at }: { staysWhole: boolean; at: number },
): Generator<Neighbour> {
  for (const { value: change } of eachInTurn(changes.map((kind) => turned(kind, 3 * at).values()))) {
    const raw = withValues(tree.raw, change, staysWhole);
    if (raw === null) continue;
    yield { input: JSON.stringify(raw) };
  }
}

function turned<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
