/** Recognizes a class that only got methods. Pure. */
import { childOf, fieldOf, partsOf, printSyntax } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";
import type { AdditionForm } from "./addition-form.ts";
import { hasMeaningAsMember, testCaseNames } from "./reserved-names.ts";

/**
 * The names of the new methods; null for anything but two versions of a class with the same head, of which the new one has all members of the old one in their order. A class that inherits from an unknown one
 * could override something by any name.
 */
export function addedMethods(form: AdditionForm, old: SyntaxNode, young: SyntaxNode): string[] | null {
  const [before, after] = [classOf(old), classOf(young)];
  if (before === null || after === null || headOf(before) !== headOf(after)) return null;
  const isTestCase = inheritsTestCase(before);
  if (!isTestCase && inherits(before)) return null;
  const kept = partsOf(before.body);
  const names: (string | null)[] = [];
  let at = 0;
  for (const member of partsOf(after.body)) {
    const expected = kept[at];
    if (expected !== undefined && printSyntax(expected) === printSyntax(member)) at += 1;
    else names.push(form.methodIn(member));
  }
  const isFree = (name: string | null): name is string =>
    name !== null &&
    !hasMeaningAsMember(name) &&
    !form.isLookedFor(name) &&
    !(isTestCase && (name.startsWith("_") || testCaseNames.has(name)));
  return at === kept.length && names.length > 0 && names.every(isFree) ? names : null;
}

interface Class {
  readonly node: SyntaxNode;
  readonly body: SyntaxNode;
}

function classOf(node: SyntaxNode): Class | null {
  const inner = fieldOf(node, "declaration") ?? node;
  const body = /^class_(?:declaration|definition)$/u.test(inner.name) ? fieldOf(inner, "body") : undefined;
  return body === undefined ? null : { node, body };
}

const headOf = ({ node, body }: Class) => printSyntax(node, new Set([body]));

const headText = ({ node, body }: Class) =>
  node.tree.text
    .slice(node.from, (childOf(node, ":") ?? body).from)
    .replaceAll(/\s+/gu, " ")
    .trim();

const inheritsTestCase = (one: Class) =>
  /^class \w+ ?\( ?(?:unittest\.)?(?:TestCase|IsolatedAsyncioTestCase) ?\)$/u.test(headText(one));

const inherits = (one: Class) => !/^(?:export )?class \w+(?: ?\( ?(?:object)? ?\))?$/u.test(headText(one));
