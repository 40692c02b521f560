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
  /** Only a text differs from the origin, and none of the calls that neighbours are made from has it in that place. */
  readonly hasNewText: boolean;
}

interface Call {
  readonly path: string;
  readonly name: string;
  readonly input: string;
}

const isPythonFile = (path: string) => path.endsWith(".py");
/** Whether a whole number can't become a fraction: the languages have kinds of numbers. */
const hasWholeNumbers = (path: string) => /\.(?:py|go)$/u.test(path);
/** Levels of lists in an input that are no lists of the code: in Python positional arguments are in one of their own. */
export const fixedLevels = (path: string) => (isPythonFile(path) ? 2 : 1);

/**
 * Each different call of the tests, then its neighbours; all of the same function in a row. Where there are more than `allMax`, every function has the same number of each, and what one does
 * not use is the others'.
 */
export function exploreCalls(calls: readonly Call[]): ExploredCall[] {
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
  const near = shareOut(
    all.map(({ used }, index) => neighboursOfCalls(origins[index] ?? [], used)),
    { max: allMax - origins.flat().length, eachMax: perFunctionMax },
  );
  const found: ExploredCall[] = [];
  for (const [index, own] of origins.entries()) {
    const first = found.length;
    for (const [at, { path, name, input }] of own.entries())
      found.push({ path, name, input, origin: first + at, numberRole: null, hasNewText: false });
    for (const { of, ...one } of near[index] ?? []) {
      const { path = "", name = "" } = own[of] ?? {};
      found.push({ path, name, origin: first + of, ...one });
    }
  }
  return found;
}

/** Takes one of each in turn, at most `eachMax` of one and `max` of all. */
function shareOut<T>(sources: readonly Iterator<T>[], { max, eachMax }: { max: number; eachMax: number }): T[][] {
  const taken = sources.map((): T[] => []);
  let [waiting, count] = [sources.map((source, index) => ({ source, index })), 0];
  for (let round = 0; round < eachMax && waiting.length > 0; round += 1)
    waiting = waiting.filter(({ source, index }) => {
      const next = count < max ? source.next() : null;
      if (next === null || next.done === true) return false;
      taken[index]?.push(next.value);
      count += 1;
      return true;
    });
  return taken;
}

/** Of each call one, then the next; `used`: inputs that the tests have. `of`: the index of the call that it is near to. */
function* neighboursOfCalls(calls: readonly Call[], used: ReadonlySet<string>): Generator<Neighbour & { of: number }> {
  const trees = calls.map(({ path, input }) => readPlainTree(input, fixedLevels(path)));
  const all = trees.filter((one) => one !== null);
  const known = new Set(used);
  let waiting = trees.flatMap((tree, of) => {
    const staysWhole = hasWholeNumbers(calls[of]?.path ?? "");
    return tree === null ? [] : [{ of, inputs: neighboursOf(tree, { all, staysWhole, at: of }) }];
  });
  while (waiting.length > 0) {
    const still: typeof waiting = [];
    for (const one of waiting) {
      const next = one.inputs.next();
      if (next.done === true) continue;
      still.push(one);
      if (known.has(next.value.input)) continue;
      known.add(next.value.input);
      yield { of: one.of, ...next.value };
    }
    waiting = still;
  }
}

type Neighbour = Pick<ExploredCall, "input" | "numberRole" | "hasNewText">;
interface OneChange {
  place: TreePlace;
  value: number | string | boolean | readonly Plain[];
  /** A text that none of the calls has in this place. */
  isNew?: boolean;
}
type Change = OneChange[];

/** Of each kind one, then the next; each call of the tests, the `at`-th, begins with others, so that the bound leaves out none of them everywhere. */
function* neighboursOf(
  tree: Tree,
  { all, staysWhole, at }: { all: readonly Tree[]; staysWhole: boolean; at: number },
): Generator<Neighbour> {
  const kinds = [
    metNumbers(tree),
    listChanges(tree, all),
    collided(tree),
    singleNumbers(tree, all),
    otherTexts(tree, all),
    truths(tree),
  ].map((kind) => turned(kind, 3 * at));
  const longest = Math.max(...kinds.map(({ length }) => length));
  for (let index = 0; index < longest; index += 1)
    for (const kind of kinds) {
      const changes = kind[index];
      if (changes === undefined) continue;
      const raw = withValues(tree.raw, changes, staysWhole);
      if (raw === null) continue;
      const [only] = changes;
      const numberRole = changes.length === 1 && only?.place.kind === "number" ? only.place.role : null;
      const hasNewText = changes.length === 1 && only?.isNew === true;
      yield { input: JSON.stringify(raw), numberRole, hasNewText };
    }
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
      .map((one): Change => [{ place, value: one, isNew: !known.includes(one) }]);
  });
  const longest = Math.max(0, ...found.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => found.flatMap((list) => list.slice(index, index + 1))).flat();
}

const accents: Readonly<Record<string, string>> = { a: "å", c: "ç", n: "ñ", o: "ö", u: "ú", i: "î", e: "ê", y: "ý" };
const accented = (text: string) => text.replaceAll(/[acnouiey]/gu, (letter) => accents[letter] ?? letter);

function truths(tree: Tree): Change[] {
  return spread(ofKind(tree, "truth")).map((place) => [{ place, value: place.value !== true }]);
}
