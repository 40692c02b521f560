/**
 * Makes calls that are near to those of the tests: one number or text is another one, two numbers meet, a list has a member twice, fewer or others', all texts of a role
 * are the same. What a change means is judged at these (judge-explored.ts). Reads hostile text; bounded. Pure.
 */
import { type Plain, readPlainTree, type Tree, type TreePlace, withValues } from "./plain-tree.ts";

const perFunctionMax = 240;
const originsMax = 24;
const allMax = 900;
const leavesMax = 8;
const otherTextsMax = 5;
const listItemsMax = 60;
const inputCharactersMax = 4000;

/** A call of the tests, or one near to it. `origin`: the index of the call that it was made of; its own if a test has it. */
export interface ExploredCall {
  readonly path: string;
  readonly name: string;
  readonly input: string;
  readonly origin: number;
  /** The role of the only number that differs from the origin. */
  readonly numberRole: string | null;
}

interface Call {
  readonly path: string;
  readonly name: string;
  readonly input: string;
}

const isPythonFile = (path: string) => path.endsWith(".py");
/** Levels of lists in an input that are no lists of the code: in Python positional arguments are in one of their own. */
export const fixedLevels = (path: string) => (isPythonFile(path) ? 2 : 1);

/** Each different call of the tests, then its neighbours; all of the same function in a row. */
export function exploreCalls(calls: readonly Call[]): ExploredCall[] {
  const functions = new Map<string, Call[]>();
  for (const call of calls) {
    const key = `${call.path}\n${call.name}`;
    const own = functions.get(key) ?? [];
    functions.set(key, own);
    if (!own.some(({ input }) => input === call.input)) own.push(call);
  }
  const found: ExploredCall[] = [];
  for (const all of functions.values()) {
    const own = all.filter(({ input }) => input.length <= inputCharactersMax).slice(0, originsMax);
    const trees = own.map(({ path, input }) => readPlainTree(input, fixedLevels(path)));
    const origins = own.map((call, index) => ({ call, index: found.length + index, tree: trees[index] ?? null }));
    const near: ExploredCall[] = [];
    const used = new Set(all.map(({ input }) => input));
    const waiting = origins.map(({ call, index, tree }, at) => ({
      call,
      index,
      inputs:
        tree === null
          ? []
          : neighboursOf(tree, { all: trees.filter((one) => one !== null), isPython: isPythonFile(call.path), at }),
    }));
    for (let round = 0; near.length < perFunctionMax && waiting.some(({ inputs }) => round < inputs.length); round += 1)
      for (const { call, index, inputs } of waiting) {
        const one = inputs[round];
        if (one === undefined || near.length >= perFunctionMax || used.has(one.input)) continue;
        used.add(one.input);
        near.push({ path: call.path, name: call.name, origin: index, ...one });
      }
    for (const { call, index } of origins)
      found.push({ path: call.path, name: call.name, input: call.input, origin: index, numberRole: null });
    found.push(...near);
    if (found.length > allMax) break;
  }
  return found;
}

interface Neighbour {
  readonly input: string;
  readonly numberRole: string | null;
}
interface OneChange {
  place: TreePlace;
  value: number | string | boolean | readonly Plain[];
}
type Change = OneChange[];

/** Of each kind one, then the next; each call of the tests, the `at`-th, begins with others, so that the bound leaves out none of them everywhere. */
function neighboursOf(
  tree: Tree,
  { all, isPython, at }: { all: readonly Tree[]; isPython: boolean; at: number },
): Neighbour[] {
  const kinds = [
    metNumbers(tree),
    listChanges(tree, all),
    collided(tree),
    singleNumbers(tree, all),
    otherTexts(tree, all),
    truths(tree),
  ].map((kind) => turned(kind, 3 * at));
  const found: Neighbour[] = [];
  const longest = Math.max(...kinds.map(({ length }) => length));
  for (let index = 0; index < longest; index += 1)
    for (const kind of kinds) {
      const changes = kind[index];
      if (changes === undefined) continue;
      const raw = withValues(tree.raw, changes, isPython);
      if (raw === null) continue;
      const [only] = changes;
      const numberRole = changes.length === 1 && only?.place.kind === "number" ? only.place.role : null;
      found.push({ input: JSON.stringify(raw), numberRole });
    }
  return found;
}

function turned<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** All pairs, early ones of both first. */
function crossed<A, B>(ones: readonly A[], others: readonly B[]): [A, B][] {
  const found = ones.flatMap((one, at) =>
    others.map((other, index) => ({ pair: [one, other] as [A, B], rank: at + 2 * index })),
  );
  return found.toSorted((one, other) => one.rank - other.rank).map(({ pair }) => pair);
}

const ofKind = (tree: Tree, kind: TreePlace["kind"]) => tree.places.filter((place) => place.kind === kind);
/** At most so many places, of each role one before a second. */
function spread(places: readonly TreePlace[], max = leavesMax): TreePlace[] {
  const roles = new Map<string, TreePlace[]>();
  for (const place of places) roles.set(place.role, [...(roles.get(place.role) ?? []), place]);
  const lists = [...roles.values()];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? []))
    .flat()
    .slice(0, max);
}

function singleNumbers(tree: Tree, all: readonly Tree[]): Change[] {
  const places = spread(ofKind(tree, "number"));
  const others: ((value: number) => number)[] = [
    (value) => value + 0.5,
    () => 0,
    (value) => -value,
    (value) => value + 1,
    (value) => value * 2,
    (value) => value - 1,
    (value) => value * 100 + 7,
    (value) => value * 10,
    (value) => value + 6,
  ];
  // Days and counts have no halves: only what a kind of number, or a test, has.
  const mayBePart = ({ role, isExact }: TreePlace) =>
    isExact ||
    all.some((one) => one.places.some((place) => place.role === role && !Number.isInteger(Number(place.value))));
  return crossed(others, places).flatMap(([other, place]) => {
    const value = other(Number(place.value));
    if (Number.isInteger(place.value) && !Number.isInteger(value) && !mayBePart(place)) return [];
    return value === place.value ? [] : [[{ place, value }]];
  });
}

/** One number becomes another one of the call, or what brings their sum to 0. */
function metNumbers(tree: Tree): Change[] {
  const places = spread(ofKind(tree, "number"));
  const signs = [-1, 1];
  return signs.flatMap((sign) =>
    places.flatMap((place) =>
      places.flatMap((other) => {
        const value = sign * Number(other.value);
        return place === other || value === place.value ? [] : [[{ place, value }]];
      }),
    ),
  );
}

/** Lists with a member twice, in another order, of other calls, with the same texts. */
function listChanges(tree: Tree, all: readonly Tree[]): Change[] {
  const places = spread(ofKind(tree, "list"), 4);
  const itemsOf = (place: TreePlace) => (typeof place.value === "object" ? place.value : []);
  const joined = (role: string) =>
    all.flatMap((one) => one.places.filter((place) => place.kind === "list" && place.role === role).flatMap(itemsOf));
  const others: ((items: readonly Plain[], role: string) => readonly Plain[])[] = [
    (items) => [...items, ...items.slice(0, 1)],
    (items) => items.toReversed(),
    (_items, role) => [...sameTexts(joined(role), 0), ...sameTexts(joined(role), 0, true)],
    (_items, role) => joined(role),
    (items) => items.slice(1),
    (items) => [...items.slice(-1), ...items],
    (items) => [...items, ...items, ...items, ...items],
    () => [],
    (_items, role) => [...joined(role)].toReversed(),
    (_items, role) => [...sameTexts(joined(role), 1), ...sameTexts(joined(role), 1, true)],
  ];
  return crossed(others, places).flatMap(([other, place]) => {
    const items = other(itemsOf(place), place.role).slice(0, listItemsMax);
    return JSON.stringify(items) === JSON.stringify(place.value) ? [] : [[{ place, value: items }]];
  });
}

/** The members with the first text of one role, the `nth` by how many different ones it has; `isLonger`: and with other texts than they have in their other roles. */
function sameTexts(items: readonly Plain[], nth: number, isLonger = false): readonly Plain[] {
  const tree = readPlainTree(JSON.stringify(["a", items]), 0);
  if (tree === null) return items;
  const texts = ofKind(tree, "text");
  const roles = [...new Set(texts.map(({ role }) => role))];
  const differing = (role: string) => new Set(texts.flatMap((one) => (one.role === role ? [one.value] : []))).size;
  const role = roles.toSorted((one, other) => differing(other) - differing(one))[nth];
  const first = texts.find((one) => one.role === role);
  if (first === undefined) return items;
  const changes = texts.flatMap((place): Change => {
    if (place.role === role) return [{ place, value: first.value }];
    return isLonger ? [{ place, value: `${place.value}a` }] : [];
  });
  const raw = withValues(tree.raw, changes, false);
  return Array.isArray(raw) && Array.isArray(raw[1]) ? raw[1] : items;
}

/** All texts, or numbers, of one role become the first one's. */
function collided(tree: Tree): Change[] {
  const roles = [
    ...new Set(tree.places.flatMap(({ role, kind }) => (kind === "text" || kind === "number" ? [role] : []))),
  ];
  return roles.flatMap((role) => {
    const [first, ...rest] = tree.places.filter((place) => place.role === role && place.kind !== "list");
    return first === undefined || rest.every(({ value }) => value === first.value)
      ? []
      : [rest.map((place) => ({ place, value: first.value }))];
  });
}

/** A text becomes another one that the tests have in this role, or one of another shape. */
function otherTexts(tree: Tree, all: readonly Tree[]): Change[] {
  const places = spread(ofKind(tree, "text"));
  const found = places.map((place) => {
    const known = all.flatMap((one) =>
      one.places.flatMap(({ role, kind, value }) => (kind === "text" && role === place.role ? [String(value)] : [])),
    );
    const value = String(place.value);
    const shaped = [accented(value), value.toUpperCase(), `${value}a`, "", `${value} ${value}`, ` ${value}`];
    return [...new Set([...[...new Set(known)].slice(0, otherTextsMax), ...shaped])]
      .filter((one) => one !== value)
      .map((one): Change => [{ place, value: one }]);
  });
  const longest = Math.max(0, ...found.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => found.flatMap((list) => list.slice(index, index + 1))).flat();
}

const accents: Readonly<Record<string, string>> = { a: "å", c: "ç", n: "ñ", o: "ö", u: "ú", i: "î", e: "ê", y: "ý" };
const accented = (text: string) => text.replaceAll(/[acnouiey]/gu, (letter) => accents[letter] ?? letter);

function truths(tree: Tree): Change[] {
  return spread(ofKind(tree, "truth")).map((place) => [{ place, value: place.value !== true }]);
}
