/** What the initializer of a package variable of Go does as the program starts. */

import { fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { goChangesOthers, goPackages, isGoLiteral } from "./go-syntax.ts";

/**
 * True if it may do more than make a value: it receives from a channel, or calls anything but conversions, `make`, and standard functions whose arguments can't run
 * code of the package.
 */
export function initializerActs(node: SyntaxNode): boolean {
  return textOf(node).includes("<-") || acts(node, { packages: goPackages(node.tree) });
}

interface File {
  /** Import paths by local name. */
  readonly packages: ReadonlyMap<string, string>;
}

function acts(node: SyntaxNode, file: File): boolean {
  if (node.name === "func_literal") return false;
  return (node.name === "call_expression" && !isMaking(node, file)) || node.children.some((child) => acts(child, file));
}

/** A call that makes a value and nothing else. */
function isMaking(call: SyntaxNode, { packages }: File): boolean {
  const callee = fieldOf(call, "function");
  if (callee === undefined) return false;
  if (callee.name !== "selector_expression") return builtIns.test(textOf(callee));
  const [owner, member] = [fieldOf(callee, "operand"), fieldOf(callee, "field")];
  const path = owner?.name === "identifier" ? packages.get(textOf(owner)) : undefined;
  if (path === undefined || member === undefined) return false;
  const name = `${path}.${textOf(member)}`;
  const isPlain = partsOf(fieldOf(call, "arguments")).every((one) => isGoLiteral(one) || plain.test(one.name));
  return ofTexts.has(name) || (isPlain && standard.test(name) && !goChangesOthers(callee));
}

const plain = /^(?:true|false|(?:slice|map)_type|type_identifier)$/u;
/** The type of their parameters is never an interface or a function. */
const ofTexts = new Set("errors.New regexp.MustCompile time.Date math/big.NewInt strings.Repeat".split(" "));
/** Standard packages that are usual in initializers and do nothing to other tests; of `flag` what declares an option. */
const standard =
  /^(?:(?:bytes|errors|math(?:\/\w+)?|net\/(?:netip|url)|path(?:\/filepath)?|reflect|regexp|strconv|strings|sync|time|unicode(?:\/\w+)?|encoding\/\w+)\.\w+|fmt\.(?:Errorf|Sprint\w*)|flag\.(?:Bool|Duration|Float64|Int|Int64|String|Uint|Uint64))$/u;
const builtIns = /^(?:make|new|len|string|bool|byte|rune|u?int(?:8|16|32|64)?|float(?:32|64))$/u;
