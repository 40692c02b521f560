/** What a call is like: signs of its numbers, which of them is larger, members of a list that are the same, kinds of letters. Two calls are compared by it. Pure. */
import type { Plain, Tree, TreePlace } from "./plain-tree.ts";

const rolesMax = 8;
const valueCharactersMax = 20;

/** The least and the largest number, or length of a text or list, that each role has in some calls. */
export type Ranges = ReadonlyMap<string, { readonly least: number; readonly most: number }>;

export function spansOf(trees: readonly { prefix: string; tree: Tree }[]): Ranges {
  const found = new Map<string, { least: number; most: number }>();
  for (const { prefix, tree } of trees)
    for (const place of tree.places) {
      const [role, size] = [`${prefix}${place.role}`, sizeOf(place)];
      const before = found.get(role) ?? { least: size, most: size };
      found.set(role, { least: Math.min(before.least, size), most: Math.max(before.most, size) });
    }
  return found;
}

function sizeOf({ value }: TreePlace): number {
  if (typeof value === "number") return value;
  return typeof value === "boolean" ? Number(value) : value.length;
}

/** `ranges`: those of the calls that the change left as they were. */
export function traitsOf(trees: readonly { prefix: string; tree: Tree }[], ranges: Ranges): Set<string> {
  const found = new Set<string>();
  const singles: { role: string; value: number }[] = [];
  for (const { prefix, tree } of trees) {
    for (const place of tree.places) {
      const role = `${prefix}${place.role}`;
      for (const trait of traitsOfPlace(place, tree)) found.add(`${role} ${trait}`);
      const range = ranges.get(role);
      if (range !== undefined && sizeOf(place) > range.most) found.add(`${role} above`);
      if (range !== undefined && sizeOf(place) < range.least) found.add(`${role} below`);
    }
    for (const [one, other] of siblings(tree))
      found.add(`${prefix}${one.role} ${order(Number(one.value), Number(other.value))} ${other.role}`);
    const numbers = tree.places.filter(({ kind }) => kind === "number");
    for (const place of numbers)
      if (numbers.every((other) => other === place || other.role !== place.role))
        singles.push({ role: `${prefix}${place.role}`, value: Number(place.value) });
  }
  for (const [index, one] of singles.slice(0, rolesMax).entries())
    for (const other of singles.slice(index + 1, rolesMax))
      found.add(`${one.role} ${order(one.value, other.value)} ${other.role}`);
  return found;
}

const order = (one: number, other: number) => (one < other ? "<" : one > other ? ">" : "=");

function traitsOfPlace(place: TreePlace, tree: Tree): string[] {
  const { value } = place;
  if (typeof value === "boolean") return [`${value}`];
  if (typeof value === "number")
    return [
      value < 0 ? "negative" : value === 0 ? "zero" : "positive",
      ...(Number.isInteger(value) ? [] : ["fraction"]),
    ];
  if (typeof value === "string") return traitsOfText(value);
  return traitsOfList(place, value, tree);
}

function traitsOfText(text: string): string[] {
  return [
    ...(text === "" ? ["empty"] : []),
    ...(/\p{Lu}/u.test(text) ? ["upper"] : []),
    ...(/[^\u0020-\u007e]/u.test(text) ? ["beyond ASCII"] : []),
    ...(/\d/u.test(text) ? ["digits"] : []),
    ...(/^\s|\s$/u.test(text) ? ["outer space"] : []),
    ...(/\S\s+\S/u.test(text) ? ["several words"] : []),
    ...new Set(text.replaceAll(/[\p{L}\p{N}\s]/gu, "").slice(0, 12)),
    ...(text.length <= valueCharactersMax ? [`is ${text}`] : []),
  ];
}

function traitsOfList({ at, role }: TreePlace, items: readonly Plain[], tree: Tree): string[] {
  if (items.length < 2) return [items.length === 0 ? "empty" : "one member"];
  const texts = items.map((item) => JSON.stringify(item));
  const path = at.join(".");
  const members = tree.places.filter(
    (place) => place.at.length > at.length && place.at.slice(0, at.length).join(".") === path,
  );
  const roles = [...new Set(members.flatMap((one) => (one.role === role ? [] : [one.role])))].slice(0, rolesMax);
  return [
    "several members",
    ...(new Set(texts).size < texts.length ? ["member twice"] : []),
    ...roles.flatMap((inner) => {
      const values = members.flatMap((one) => (one.role === inner && one.kind !== "list" ? [one.value] : []));
      if (values.length < 2) return [];
      const isTwice = new Set(values).size < values.length;
      const isRising = values.every((value, index) => index === 0 || Number(value) >= Number(values[index - 1]));
      const isNumbers = values.every((value) => typeof value === "number");
      return [
        ...(isTwice ? [`${inner} twice`] : []),
        ...(new Set(values).size > 1 ? [`${inner} differs`] : []),
        ...(isNumbers ? [`${inner} ${isRising ? "rising" : "unordered"}`] : []),
      ];
    }),
  ];
}

/** Numbers of one object, in pairs. */
export function siblings(tree: Tree): [TreePlace, TreePlace][] {
  const groups = new Map<string, TreePlace[]>();
  for (const place of tree.places)
    if (place.kind === "number") groups.set(place.parent, [...(groups.get(place.parent) ?? []), place]);
  return [...groups.values()].flatMap((group) =>
    group
      .slice(0, rolesMax)
      .flatMap((one, index) =>
        group
          .slice(index + 1, rolesMax)
          .flatMap((other): [TreePlace, TreePlace][] => (one.role === other.role ? [] : [[one, other]])),
      ),
  );
}

/** In what the results of two versions differ: for each role, how many there are, which texts, which numbers. */
export function differenceKinds(before: Tree, now: Tree | null): Set<string> {
  if (now === null) return new Set(["no value"]);
  const found = new Set<string>();
  const roles = new Set([...before.places, ...now.places].map(({ role, kind }) => `${kind} ${role}`));
  const valuesOf = (tree: Tree, key: string) =>
    tree.places.flatMap(({ role, kind, value }) => (`${kind} ${role}` === key ? [value] : []));
  for (const key of roles) {
    const [old, own] = [valuesOf(before, key), valuesOf(now, key)];
    if (key.startsWith("list ")) continue;
    if (old.length !== own.length) found.add(`${key} ${old.length < own.length ? "more" : "fewer"}`);
    else if (JSON.stringify(old) === JSON.stringify(own)) continue;
    else if (JSON.stringify(old.map(String).sort()) === JSON.stringify(own.map(String).sort()))
      found.add(`${key} moved`);
    else if (key.startsWith("number ")) found.add(`${key} ${sum(old) < sum(own) ? "higher" : "lower"}`);
    else found.add(`${key} other`);
  }
  return found;
}

const sum = (values: readonly unknown[]) => values.reduce<number>((all, value) => all + Number(value), 0);
