/** Proposes changes to one input: other numbers, lists and texts, each kind in its own order. neighbours.ts makes calls of them. Bounded. Pure. */
import { type NamedConstants, withConstants } from "./named-constants.ts";
import { type Plain, readPlainTree, type Tree, type TreePlace, withValues } from "./plain-tree.ts";

const leavesMax = 8;
const otherTextsMax = 5;
const constantTextsMax = 12;
const listItemsMax = 60;
/** From this many lists, an equal length is not a coincidence. */
const fixedListsMin = 8;
const limitCallsMin = 3;
const limitNumbersMin = 8;
/** Too common to be taken for a limit. */
const usualNumbers: ReadonlySet<number> = new Set([0, 1]);

interface OneChange {
  place: TreePlace;
  value: number | string | boolean | readonly Plain[];
}
/** Values of one input that change together. */
export type ValueChange = OneChange[];

/** Changes by kind, the most useful first. `all`: the inputs of the tests. */
export function otherValues(tree: Tree, all: readonly Tree[]): ValueChange[][] {
  return [
    withinLimits(metNumbers(tree), all),
    listChanges(tree, all),
    collided(tree),
    withinLimits(singleNumbers(tree, all), all),
    otherTexts(tree, all),
    truths(tree),
  ];
}

/** Changes that put in values from the changed lines. */
export function constantValues(tree: Tree, all: readonly Tree[], named: NamedConstants): ValueChange[][] {
  const { removed, added } = named;
  // These limits may exceed the tests' largest number, because the code compares with them.
  const limits = namedNumbers(tree, [...removed.limits, ...added.limits]);
  const numbers = namedNumbers(tree, [...removed.numbers, ...added.numbers]);
  return [namedTexts(tree, named), limits, withinLimits(numbers, all)];
}

/** Drops changes with a number above the likely limit of its role. */
function withinLimits(changes: readonly ValueChange[], all: readonly Tree[]): ValueChange[] {
  const limits = new Map<string, number>();
  const limitOf = (role: string) => {
    const known = limits.get(role) ?? limitIn(role, all);
    limits.set(role, known);
    return known;
  };
  return changes.filter((change) =>
    change.every(({ place, value }) => typeof value !== "number" || value <= limitOf(place.role)),
  );
}

/** The largest number of this role, if at least three tests have it, such as the minutes of a day; else infinity. */
function limitIn(role: string, all: readonly Tree[]): number {
  const numbers = all.map(({ places }) =>
    places.flatMap((place) => (place.kind === "number" && place.role === role ? [Number(place.value)] : [])),
  );
  const most = Math.max(...numbers.flat());
  const having = numbers.filter((own) => own.includes(most)).length;
  return having >= limitCallsMin && numbers.flat().length >= limitNumbersMin && !usualNumbers.has(most)
    ? most
    : Number.POSITIVE_INFINITY;
}

/** All pairs, starting with those whose two members both come early. */
function crossed<A, B>(ones: readonly A[], others: readonly B[]): [A, B][] {
  const found = ones.flatMap((one, at) =>
    others.map((other, index) => ({ pair: [one, other] as [A, B], rank: at + 2 * index })),
  );
  return found.toSorted((one, other) => one.rank - other.rank).map(({ pair }) => pair);
}

const ofKind = (tree: Tree, kind: TreePlace["kind"]) => tree.places.filter((place) => place.kind === kind);
/** At most `max` places, one of each role before any second one. */
function spread(places: readonly TreePlace[], max = leavesMax): TreePlace[] {
  const roles = new Map<string, TreePlace[]>();
  for (const place of places) roles.set(place.role, [...(roles.get(place.role) ?? []), place]);
  const lists = [...roles.values()];
  return inTurn(lists).slice(0, max);
}

function singleNumbers(tree: Tree, all: readonly Tree[]): ValueChange[] {
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
  // Days and counts have no halves, so fractions are only used where the kind of number allows them or a test has one.
  const mayBePart = ({ role, isExact }: TreePlace) =>
    isExact ||
    all.some((one) => one.places.some((place) => place.role === role && !Number.isInteger(Number(place.value))));
  return crossed(others, places).flatMap(([other, place]) => {
    const value = other(Number(place.value));
    if (Number.isInteger(place.value) && !Number.isInteger(value) && !mayBePart(place)) return [];
    return value === place.value ? [] : [[{ place, value }]];
  });
}

/** Sets one number to the value of another, or to its negative, so that their sum is 0. */
function metNumbers(tree: Tree): ValueChange[] {
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

/** Changes a list: a member twice, another order, members of other calls, equal texts. */
function listChanges(tree: Tree, all: readonly Tree[]): ValueChange[] {
  const places = spread(ofKind(tree, "list"), 4);
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
  const fixed = new Map(places.map(({ role }) => [role, hasFixedLength(role, all)]));
  const sameLength: typeof others = [
    (items) => [...items.slice(0, -1), ...items.slice(0, 1)],
    (items, role) => joined(role).slice(0, items.length),
    (items, role) => sameTexts(joined(role), 0).slice(0, items.length),
  ];
  return crossed([...others, ...([...fixed.values()].includes(true) ? sameLength : [])], places).flatMap(
    ([other, place]) => {
      const items = other(itemsOf(place), place.role).slice(0, listItemsMax);
      if (fixed.get(place.role) === true && items.length !== itemsOf(place).length) return [];
      return JSON.stringify(items) === JSON.stringify(place.value) ? [] : [[{ place, value: items }]];
    },
  );
}

/** True if the tests' lists of this role all have the same length, such as the days of a week or a start and an end. Other lengths make no sense then. */
function hasFixedLength(role: string, all: readonly Tree[]): boolean {
  const lists = all.flatMap(({ places }) => places.filter((place) => place.kind === "list" && place.role === role));
  const [first, ...others] = lists.map(itemsOf);
  if (first === undefined || first.length < 2 || lists.length < fixedListsMin) return false;
  return others.every(({ length }) => length === first.length);
}

const itemsOf = ({ value }: TreePlace): readonly Plain[] => (typeof value === "object" ? value : []);

/** Gives all members the same text in one role: the `nth` by its number of different texts. With `isLonger`, their texts in all other roles change too. */
function sameTexts(items: readonly Plain[], nth: number, isLonger = false): readonly Plain[] {
  const tree = readPlainTree(JSON.stringify(["a", items]), 0);
  if (tree === null) return items;
  const texts = ofKind(tree, "text");
  const roles = [...new Set(texts.map(({ role }) => role))];
  const differing = (role: string) => new Set(texts.flatMap((one) => (one.role === role ? [one.value] : []))).size;
  const role = roles.toSorted((one, other) => differing(other) - differing(one))[nth];
  const first = texts.find((one) => one.role === role);
  if (first === undefined) return items;
  const changes = texts.flatMap((place): ValueChange => {
    if (place.role === role) return [{ place, value: first.value }];
    return isLonger ? [{ place, value: `${place.value}a` }] : [];
  });
  const raw = withValues(tree.raw, changes, false);
  return Array.isArray(raw) && Array.isArray(raw[1]) ? raw[1] : items;
}

/** Gives all texts or numbers of one role the value of the first. */
function collided(tree: Tree): ValueChange[] {
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

/** Replaces a text by other texts that the tests use in this role, or by one of a different shape (other case, accents, empty). */
function otherTexts(tree: Tree, all: readonly Tree[]): ValueChange[] {
  const places = spread(ofKind(tree, "text"));
  const found = places.map((place) => {
    const known = all.flatMap((one) =>
      one.places.flatMap(({ role, kind, value }) => (kind === "text" && role === place.role ? [String(value)] : [])),
    );
    const value = String(place.value);
    const shaped = [accented(value), value.toUpperCase(), `${value}a`, "", `${value} ${value}`, ` ${value}`];
    return [...new Set([...[...new Set(known)].slice(0, otherTextsMax), ...shaped])]
      .filter((one) => one !== value)
      .map((one): ValueChange => [{ place, value: one }]);
  });
  return inTurn(found);
}

/** Shifts two values of a role so that their sum, or their joined text, stays the same. Code that caches by either confuses the two inputs. */
export function transfers(tree: Tree): ValueChange[] {
  const roles = Map.groupBy(tree.places, ({ role, kind }) => `${kind} ${role}`);
  return [...roles.values()].flatMap((places): ValueChange[] => {
    const [one, other] = places;
    if (one === undefined || other === undefined) return [];
    if (one.kind === "number")
      return [
        [
          { place: one, value: Number(one.value) + 1 },
          { place: other, value: Number(other.value) - 1 },
        ],
      ];
    const text = String(one.value);
    if (one.kind !== "text" || text === "") return [];
    return [
      [
        { place: one, value: text.slice(0, -1) },
        { place: other, value: `${text.slice(-1)}${other.value}` },
      ],
    ];
  });
}

/** Replaces a text, or part of it, by literals from the changed lines. */
function namedTexts(tree: Tree, { removed, added }: NamedConstants): ValueChange[] {
  const constants = [...new Set([...removed.texts, ...added.texts])];
  if (constants.length === 0) return [];
  const places = spread(ofKind(tree, "text"));
  const found = places.map((place) =>
    withConstants(String(place.value), constants)
      .slice(0, constantTextsMax)
      .map((value): OneChange => ({ place, value })),
  );
  return inTurn(found).map((change) => [change]);
}

/** Sets a number to a limit from the changed lines, or next to one. */
function namedNumbers(tree: Tree, named: readonly number[]): ValueChange[] {
  const limits = [...new Set(named)].filter((limit) => !usualNumbers.has(limit));
  const values = limits.flatMap((limit) => [limit, limit + 1, limit - 1]);
  return crossed(values, spread(ofKind(tree, "number"))).flatMap(([value, place]) =>
    value === place.value ? [] : [[{ place, value }]],
  );
}

/** Takes one element of each list in turn. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat();
}

const accents: Readonly<Record<string, string>> = { a: "å", c: "ç", n: "ñ", o: "ö", u: "ú", i: "î", e: "ê", y: "ý" };
const accented = (text: string) => text.replaceAll(/[acnouiey]/gu, (letter) => accents[letter] ?? letter);

function truths(tree: Tree): ValueChange[] {
  return spread(ofKind(tree, "truth")).map((place) => [{ place, value: place.value !== true }]);
}
