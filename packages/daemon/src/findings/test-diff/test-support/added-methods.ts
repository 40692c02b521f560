/** Recognizes a class that only got methods. Pure. */
import { childOf, fieldOf, partsOf, printSyntax, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { addedFunction, hasDecoratedParameter } from "./new-function.ts";
import { hasMeaningAsMember, testCaseNames } from "./reserved-names.ts";

interface Code {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
}

/**
 * The names of the new methods; null for anything but two versions of a class with the same head, of which the new one has all members of the old one in their order. A class that inherits from an unknown one
 * could override something by any name.
 */
export function addedMethods(old: Code, young: Code): string[] | null {
  const [before, after] = [classOf(old), classOf(young)];
  if (before === null || after === null || headOf(before) !== headOf(after)) return null;
  const isTestCase = inheritsTestCase(before);
  if (!isTestCase && inherits(before)) return null;
  const kept = partsOf(before.body);
  const names: (string | null)[] = [];
  let at = 0;
  for (const member of partsOf(after.body)) {
    const expected = kept[at];
    if (expected !== undefined && printSyntax(before.tree, expected) === printSyntax(after.tree, member)) at += 1;
    else names.push(methodName(after.tree, member));
  }
  // What libraries of JavaScript look for in objects of theirs, or of runners.
  const isMarked = (name: string) => after.body.name === "class_body" && /^[_$]/u.test(name);
  const isFree = (name: string | null): name is string =>
    name !== null &&
    !hasMeaningAsMember(name) &&
    !isMarked(name) &&
    !(isTestCase && (name.startsWith("_") || testCaseNames.has(name)));
  return at === kept.length && names.length > 0 && names.every(isFree) ? names : null;
}

interface Class extends Code {
  readonly body: SyntaxNode;
}

function classOf({ tree, node }: Code): Class | null {
  const inner = fieldOf(node, "declaration") ?? node;
  const body = /^class_(?:declaration|definition)$/u.test(inner.name) ? fieldOf(inner, "body") : undefined;
  return body === undefined ? null : { tree, node, body };
}

const headOf = ({ tree, node, body }: Class) => printSyntax(tree, node, new Set([body]));

const headText = ({ tree, node, body }: Class) =>
  tree.text
    .slice(node.from, (childOf(node, ":") ?? body).from)
    .replaceAll(/\s+/gu, " ")
    .trim();

const inheritsTestCase = (one: Class) =>
  /^class \w+ ?\( ?(?:unittest\.)?(?:TestCase|IsolatedAsyncioTestCase) ?\)$/u.test(headText(one));

const inherits = (one: Class) => !/^(?:export )?class \w+(?: ?\( ?(?:object)? ?\))?$/u.test(headText(one));

/** Of a method with a plain name, which may be static or a getter. */
function methodName(tree: SyntaxTree, member: SyntaxNode): string | null {
  if (member.name === "function_definition") return addedFunction(tree, member);
  if (member.name === "decorated_definition") {
    const [decorator, inner, ...others] = member.children;
    const isPlain = /^@(?:staticmethod|classmethod|property)\s*$/u.test(
      decorator === undefined ? "" : sourceText(tree, decorator),
    );
    return isPlain && inner?.name === "function_definition" && others.length === 0 ? addedFunction(tree, inner) : null;
  }
  const name = member.name === "method_definition" ? fieldOf(member, "name") : undefined;
  if (name?.name !== "property_identifier") return null;
  const before = member.children.slice(0, member.children.indexOf(name));
  const isPlain = before.every((one) => /^(?:async|static|get|\*|accessibility_modifier)$/u.test(one.name));
  return isPlain && !hasDecoratedParameter(tree, member) ? sourceText(tree, name) : null;
}
