/** Rules that all given results or inputs keep: one number is less than another, none is negative, no two members have the same names. Pure. */
import type { Plain, Tree, TreePlace } from "./plain-tree.ts";
import { siblings, spansOf } from "./sizes.ts";

/** A rule, and a check that applies it to a tree. */
export interface ResultRule {
  readonly text: string;
  /** The rule is about single numbers or pairs of numbers. */
  readonly isOfNumbers: boolean;
  readonly isOfOneNumber: boolean;
  /** The role of the texts that the rule is about; null for any other rule. */
  readonly textRole: string | null;
  /** The rule compares two numbers whose order is obvious, such as a count and a timestamp: their ranges never overlap, or one gets twenty times as large. */
  readonly isBySize: boolean;
  /** For each place that the rule is about, whether it keeps the rule. */
  readonly check: (tree: Tree) => boolean[];
}

const rulesMax = 200;
const scaleMin = 20;
/** With fewer lists of different numbers, an order could be chance. */
const unequalMin = 3;

/** All rules that may apply to these trees. */
export function resultRulesOf(trees: readonly Tree[]): ResultRule[] {
  const found = new Map<string, ResultRule>();
  const isLonger = new Set(
    trees.flatMap(({ places }) => places.flatMap((place) => (placeItems(place).length > 2 ? [place.role] : []))),
  );
  const ofNumbers = new Set(
    trees.flatMap(({ places }) => places.flatMap(({ kind, role }) => (kind === "number" ? [role] : []))),
  );
  const sizes = spansOf(trees);
  const unequal = new Map<string, boolean>();
  /** Equal numbers show no order, so some lists must have different ones. */
  const areUnequal = (role: string) => {
    const known =
      unequal.get(role) ??
      trees.flatMap((tree) => rows(tree, role)).filter((row) => row.some((value) => value !== row[0])).length >=
        unequalMin;
    unequal.set(role, known);
    return known;
  };
  const areApart = (one: string, other: string) => {
    const [left, right] = [sizes.get(one), sizes.get(other)];
    if (left === undefined || right === undefined) return false;
    const isOfOtherScale = left.most * scaleMin < right.most || right.most * scaleMin < left.most;
    return isOfOtherScale || left.most < right.least || right.most < left.least;
  };
  const add = (
    text: string,
    check: ResultRule["check"],
    { numbersRead = [], textRole = null }: { numbersRead?: readonly string[]; textRole?: string | null } = {},
  ) => {
    if (found.has(text) || found.size >= rulesMax) return;
    const [one = "", other] = numbersRead;
    found.set(text, {
      text,
      isOfNumbers: numbersRead.length > 0,
      isOfOneNumber: numbersRead.length === 1,
      textRole,
      isBySize: other !== undefined && areApart(one, other),
      check,
    });
  };
  for (const tree of trees) {
    for (const [one, other] of siblings(tree)) {
      const [left, right] = [one.role, other.role];
      for (const [sign, keeps] of orders)
        add(`${left} ${sign} ${right}`, (of) => pairs(of, left, right).map(keeps), { numbersRead: [left, right] });
    }
    for (const { role, kind } of tree.places) {
      if (kind === "number") {
        add(`${role} is not negative`, (of) => numbers(of, role).map((value) => value >= 0), { numbersRead: [role] });
        add(`${role} is whole`, (of) => numbers(of, role).map(Number.isInteger), { numbersRead: [role] });
      }
      if (kind === "text") {
        add(`${role} is plain`, (of) => texts(of, role).map((value) => /^[\u0020-\u007e]*$/u.test(value)), {
          textRole: role,
        });
        add(`${role} is in lower case`, (of) => texts(of, role).map((value) => !/\p{Lu}/u.test(value)), {
          textRole: role,
        });
      }
      // A pair of numbers, such as a start and an end, is not treated as a list.
      if (kind === "list" && (isLonger.has(role) || !ofNumbers.has(`${role}/*`)))
        add(`no two members of ${role} have the same names`, (of) => lists(of, role).map(isDistinct));
    }
    for (const role of rolesInLists(tree)) {
      if (found.has(`${role} rises`) || !areUnequal(role)) continue;
      add(`${role} rises`, (of) =>
        rows(of, role).map((row) => row.every((value, at) => at === 0 || value >= (row[at - 1] ?? value))),
      );
      add(`${role} falls`, (of) =>
        rows(of, role).map((row) => row.every((value, at) => at === 0 || value <= (row[at - 1] ?? value))),
      );
    }
  }
  return [...found.values()];
}

/** For each role of texts, the rule that all letters are Latin. Tests whose inputs keep it don't show what a letter of another script should become. */
export function latinRulesOf(trees: readonly Tree[]): ResultRule[] {
  const roles = new Set(
    trees.flatMap(({ places }) => places.flatMap(({ kind, role }) => (kind === "text" ? [role] : []))),
  );
  return [...roles].slice(0, rulesMax).map((role) => ({
    ...{ text: `${role} is Latin`, textRole: role, isOfNumbers: false, isOfOneNumber: false, isBySize: false },
    check: (of) =>
      texts(of, role)
        .filter((value) => /\p{L}/u.test(value))
        .map((value) => !/[^\p{Script=Latin}\p{Script=Common}\P{L}]/u.test(value)),
  }));
}

type Pair = readonly [number, number];
const orders: readonly (readonly [string, (pair: Pair) => boolean])[] = [
  ["<", ([one, other]) => one < other],
  ["<=", ([one, other]) => one <= other],
  [">", ([one, other]) => one > other],
  [">=", ([one, other]) => one >= other],
];

const numbers = (tree: Tree, role: string) =>
  tree.places.flatMap((place) => (place.kind === "number" && place.role === role ? [Number(place.value)] : []));
const texts = (tree: Tree, role: string) =>
  tree.places.flatMap((place) => (place.kind === "text" && place.role === role ? [String(place.value)] : []));
const lists = (tree: Tree, role: string) =>
  tree.places.filter((place) => place.kind === "list" && place.role === role && placeItems(place).length > 1);

function pairs(tree: Tree, left: string, right: string): Pair[] {
  return siblings(tree).flatMap(([one, other]): Pair[] =>
    one.role === left && other.role === right ? [[Number(one.value), Number(other.value)]] : [],
  );
}

const placeItems = ({ value }: TreePlace): readonly Plain[] => (typeof value === "object" ? value : []);

/** True if the members differ in their texts or, without texts, in anything. */
function isDistinct(list: TreePlace): boolean {
  const names = placeItems(list).map((item) => {
    const found: string[] = [];
    collectTexts(item, found, 0);
    return JSON.stringify(found.length > 0 ? found : item);
  });
  return new Set(names).size === names.length;
}

function collectTexts(item: Plain, found: string[], depth: number): void {
  if (typeof item === "string") found.push(item);
  if (!Array.isArray(item) || depth > 4) return;
  const [kind, first, , fields] = item;
  if ((kind === "a" || kind === "t") && Array.isArray(first))
    for (const one of first) collectTexts(one, found, depth + 1);
  const named = kind === "o" ? first : kind === "c" || kind === "i" || kind === "I" ? fields : null;
  if (Array.isArray(named))
    for (const pair of named) if (Array.isArray(pair)) collectTexts(pair[1] ?? null, found, depth + 1);
}

/** Roles of numbers that occur several times in one list. */
function rolesInLists(tree: Tree): string[] {
  const roles = [
    ...new Set(tree.places.flatMap(({ kind, role }) => (kind === "number" && role.includes("/*") ? [role] : []))),
  ];
  return roles.filter((role) => rows(tree, role).length > 0);
}

/** The numbers of a role, grouped by list. */
function rows(tree: Tree, role: string): number[][] {
  const groups = new Map<string, number[]>();
  const outer = role.slice(0, role.lastIndexOf("/*"));
  for (const place of tree.places) {
    if (place.kind !== "number" || place.role !== role) continue;
    const list = tree.places.findLast(
      (one) => one.kind === "list" && one.role === outer && one.at.every((index, at) => place.at[at] === index),
    );
    if (list === undefined) continue;
    const key = list.at.join(".");
    groups.set(key, [...(groups.get(key) ?? []), Number(place.value)]);
  }
  return [...groups.values()].filter((row) => row.length > 1);
}
