/** Tells whether code may look for a name by a text that it computes, so that a name means something although no part of the code has it. Pure. */
import { fieldOf, isPlainText, nodesIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

const always =
  /^(?:(?:builtins\.)?(?:eval|exec|globals|locals|vars|dir)|(?:globalThis\.|window\.)?(?:eval|Function)|(?:inspect\.)?getmembers|.*\.MethodByName|.*\.FieldByName)$/u;
const byText =
  /^(?:getattr|setattr|hasattr|delattr|(?:operator\.)?(?:attrgetter|methodcaller)|Reflect\.(?:get|set|has))$/u;
const wholes = /^(?:this|self|exports|module\.exports|globalThis|window|global|super)$/u;

export function findsByText({ root }: SyntaxTree): boolean {
  const modules = new Set(
    [...nodesIn(root)].flatMap((node) => (node.name === "namespace_import" ? partsOf(node).map(textOf) : [])),
  );
  return [...nodesIn(root)].some((node) => isSought(node, modules));
}

function isSought(node: SyntaxNode, modules: ReadonlySet<string>): boolean {
  const { name, children } = node;
  if (name === "with_statement") return children[1]?.name === "parenthesized_expression";
  if (name === "attribute") return /\.__dict__$/u.test(textOf(node));
  if (/^(?:call|call_expression|new_expression)$/u.test(name)) {
    const called = textOf(fieldOf(node, "function") ?? fieldOf(node, "constructor"));
    if (always.test(called)) return true;
    const texts = partsOf(fieldOf(node, "arguments"));
    const sought = /attrgetter|methodcaller/u.test(called) ? texts : texts.slice(1, 2);
    return byText.test(called) && !sought.every(isPlainText);
  }
  if (name !== "subscript_expression") return false;
  const [object, index] = [textOf(fieldOf(node, "object")), fieldOf(node, "index")];
  return (
    (wholes.test(object) || modules.has(object)) &&
    index !== undefined &&
    !isPlainText(index) &&
    index.name !== "number"
  );
}
