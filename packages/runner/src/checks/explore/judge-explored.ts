/** Compares base and new code at neighbours of the tests' inputs, and reports the first at which the new code breaks a rule of results (ADR 0037). Pure. */

import { leaves } from "./leaves.ts";
import { type ExploredCall, fixedLevels } from "./neighbours.ts";
import { readPlainTree, type Tree } from "./plain-tree.ts";
import { latinRulesOf, type ResultRule, resultRulesOf } from "./result-rules.ts";
import { spansOf } from "./sizes.ts";

/** A call with the outcome on both versions. An outcome is null unless both orders of the calls gave the same. */
export interface ExploredOutcome {
  readonly call: ExploredCall;
  readonly base: string | null;
  readonly candidate: string | null;
}
export interface Explored {
  readonly kind: "broken-rule" | "new-rule";
  readonly input: string;
  readonly expected: string;
  readonly found: string;
}

const samplesMin = 4;

/** `outcomes`: the calls of one function, those of the tests first. Returns null if nothing is suspicious. */
export function judgeExplored(
  outcomes: readonly ExploredOutcome[],
  indexOf: (call: ExploredCall) => number,
): Explored | null {
  const origins = outcomes.filter(({ call }) => call.origin === indexOf(call)).map(read);
  const near = outcomes.filter(({ call }) => call.origin !== indexOf(call)).map(read);
  const of = (one: Read) => origins.find(({ call }) => indexOf(call) === one.call.origin);
  return brokenRule(origins, near, of) ?? newRule(origins, near);
}

interface Read extends ExploredOutcome {
  readonly input: Tree | null;
  readonly before: Tree | null;
  readonly now: Tree | null;
}

function read(one: ExploredOutcome): Read {
  return {
    ...one,
    input: readPlainTree(one.call.input, fixedLevels(one.call.path)),
    before: resultOf(one.base),
    now: resultOf(one.candidate),
  };
}

/** The value that a call returned; null if it returned none or it can't be read. */
function resultOf(outcome: string | null): Tree | null {
  if (outcome === null || !/^[vg]/u.test(outcome)) return null;
  const text = outcome.slice(1);
  const end = text.indexOf(leaves);
  const value = end === -1 ? text : text.slice(0, end);
  return readPlainTree(outcome.startsWith("g") ? `["a",${value}]` : value, 0);
}

const all = (rules: readonly ResultRule[], trees: readonly Tree[], least: number) =>
  rules.filter(({ check }) => {
    const kept = trees.flatMap(check);
    return kept.length >= least && kept.every(Boolean);
  });
const breaks = ({ check }: ResultRule, tree: Tree) => check(tree).includes(false);
const trees = (found: readonly (Tree | null)[]) => found.filter((one) => one !== null);

/** The rules of results except "is whole", which proves little: a division of other numbers need not be whole. */
const rulesOf = (results: readonly Tree[]) => resultRulesOf(results).filter(({ text }) => !text.endsWith(" is whole"));

/** The rules that all inputs of the tests keep. */
function conditionsOf(origins: readonly Read[]): ResultRule[] {
  const inputs = trees(origins.map(({ input }) => input));
  const rules = resultRulesOf(inputs);
  // For a rule on a single number one value is enough: the tests may have no more.
  const single = rules.filter(({ isOfOneNumber }) => isOfOneNumber);
  return [...all(single, inputs, 1), ...all(rules, inputs, samplesMin)];
}

/** Finds a rule that all the tests' results keep in both versions and that, at a neighbour, the base's result keeps and the new one breaks. */
function brokenRule(
  origins: readonly Read[],
  near: readonly Read[],
  of: (one: Read) => Read | undefined,
): Explored | null {
  const results = trees(origins.flatMap(({ before, now }) => [before, now]));
  const rules = all(rulesOf(results), results, 2 * samplesMin);
  // The base may keep a rule because it never reads what the change reads. So inputs must resemble the tests' inputs; only numbers can be compared that way.
  const conditions = conditionsOf(origins).filter(({ isOfNumbers }) => isOfNumbers);
  const readRoles = new Set(
    near.flatMap((one) => {
      const [role, expected] = [otherRole(one, of(one)), of(one)?.base ?? null];
      return role === null || one.base === null || expected === null || expected === one.base ? [] : [role];
    }),
  );
  for (const one of near) {
    const { input, before, now } = one;
    if (before === null || now === null || one.base === one.candidate) continue;
    if (input === null || conditions.some((rule) => breaks(rule, input))) continue;
    const role = otherRole(one, of(one));
    // Code that lowercases texts reads them, even though it gives the same for another case.
    const isReadByBase = of(one)?.base !== one.base || (role !== null && readRoles.has(role));
    const rule = rules.find(
      (rule) =>
        (isReadByBase || rule.isOfNumbers) &&
        !(rule.textRole !== null && isPassedOn(rule.textRole, input, before)) &&
        rule.check(before).length > 0 &&
        !breaks(rule, before) &&
        breaks(rule, now),
    );
    if (rule !== undefined) return explored("broken-rule", one, `a result in which ${rule.text}`);
  }
  return null;
}

/** True if all texts in this role of the result are texts of the input. Then choosing one of them says nothing about their form. */
function isPassedOn(role: string, input: Tree, result: Tree): boolean {
  const textsOf = ({ places }: Tree) => places.filter(({ kind }) => kind === "text");
  const given = new Set(textsOf(input).map(({ value }) => value));
  return textsOf(result).every((place) => place.role !== role || given.has(place.value));
}

/** The only role in which two inputs differ; null if they differ in several roles or in their number of values. */
function otherRole(one: Read, origin: Read | undefined): string | null {
  const [values, before] = [one, origin].map((call) => call?.input?.places.filter(({ kind }) => kind !== "list") ?? []);
  if (values?.length !== before?.length) return null;
  const roles = values?.flatMap(({ role, value }, at) => {
    const old = before?.[at];
    return old?.role === role && old.value === value ? [] : [role, old?.role];
  });
  const [role = null, ...others] = new Set(roles);
  return others.length === 0 ? role : null;
}

/** Finds a rule that the change introduces in the tests' results and breaks at a neighbour whose input looks like theirs and exceeds none of their numbers. */
function newRule(origins: readonly Read[], near: readonly Read[]): Explored | null {
  const results = trees(origins.map(({ now }) => now));
  const old = trees(origins.map(({ before }) => before));
  // Four sums that are not negative prove no rule.
  const isSingle = results.every(({ places }) => places.length === 1);
  const possible = rulesOf(results).filter(({ isBySize, isOfOneNumber }) => !isBySize && !(isSingle && isOfOneNumber));
  const rules = all(possible, results, samplesMin).filter((rule) => old.some((tree) => breaks(rule, tree)));
  const conditions = conditionsOf(origins);
  const inputs = trees(origins.map(({ input }) => input));
  const latin = all(latinRulesOf(inputs), inputs, samplesMin);
  const spans = spansOf(inputs);
  const isBeyond = ({ places }: Tree) =>
    places.some(({ role, kind, value }) => {
      const span = kind === "number" ? spans.get(role) : undefined;
      return span !== undefined && (Number(value) < span.least || Number(value) > span.most);
    });
  for (const one of near) {
    const { input, now } = one;
    if (input === null || now === null || isBeyond(input) || conditions.some((rule) => breaks(rule, input))) continue;
    const isForeign = latin.some((one) => breaks(one, input));
    const rule = rules.find((one) => !(isForeign && one.textRole !== null) && breaks(one, now));
    if (rule !== undefined) return explored("new-rule", one, `a result in which ${rule.text}`);
  }
  return null;
}

function explored(kind: Explored["kind"], { call, candidate }: Read, expected: string): Explored {
  return { kind, input: call.input, expected, found: candidate ?? "no answer" };
}
