/** Tells which annotations of Python run nothing and are read by nobody while the program runs. Pure. */
import { importOf, pythonImport } from "../python/python-syntax.ts";
import { fieldOf, isComment, nodesIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { hasCode } from "./part.ts";

const quiet =
  /^(?:type|type_parameter|(?:generic|union|member)_type|identifier|attribute|subscript|string(?:_start|_content|_end)?|escape_sequence|integer|float|true|false|none|ellipsis|tuple|list|dictionary|parenthesized_expression|(?:unary|binary)_operator|comment)$/u;

/** Whether an expression has nothing but names, members, elements, literals and `|` in it. */
export const isQuiet = (node: SyntaxNode): boolean =>
  [...nodesIn(node)].every((one) => {
    if (one.name === "binary_operator") return fieldOf(one, "operator")?.name === "|";
    return one.name === "string" ? !hasCode(one) : quiet.test(one.name) || !/[a-z:=]/u.test(one.name);
  });

/** Whether nothing runs when a function is defined, besides its own definition. */
export const isQuietFunction = (definition: SyntaxNode): boolean => {
  const parts = [...(fieldOf(definition, "parameters")?.children ?? []), fieldOf(definition, "return_type")];
  return parts.every((one) => one === undefined || !(one.name === "type" || one.field === "value") || isQuiet(one));
};

const reads = /\b(?:Annotated|__annotations__|__annotate__|get_type_hints|get_annotations|inspect)\b|\bsignature\(/u;
const bases = /^(?:object|ABC|abc\.ABC|(?:typing\.)?(?:Protocol|Generic)(?:\[.*\])?|(?:\w+)?(?:Exception|Error))$/su;
/** Modules of Python whose decorators read no types. */
const typelessModules = ["contextlib", "abc", "functools", "typing", "typing_extensions"];
const typeless = new RegExp(
  `^@(?:(?:${typelessModules.join("|")})\\.)?(property|staticmethod|classmethod|abstractmethod|(?:async)?contextmanager|cached_property|lru_cache|cache|wraps|overload|override|final)(?:\\([^()]*\\))?$`,
  "u",
);

const builtin = /^(?:int|str|float|bool|bytes|complex|list|dict|tuple|set|frozenset|None|Any|Optional|Union|Literal)$/u;
const namesIn = (type: SyntaxNode) =>
  [...nodesIn(type)].flatMap((one) => (/^(?:identifier|string)$/u.test(one.name) ? textOf(one) : []));

/** Whether a node is an annotation, or a mark of one, that can be left out. */
export function pythonTypes(tree: SyntaxTree): (node: SyntaxNode, around: readonly SyntaxNode[]) => boolean {
  const used = namesUsedAsValues(tree);
  const isTypeless = typelessDecorators(tree);
  const isReadByFile = reads.test(tree.text);

  /** Whether a function or class may be seen by code that reads its types. */
  const isSeen = (one: SyntaxNode, around: readonly SyntaxNode[]): boolean => {
    if (one.name === "decorated_definition")
      return partsOf(one).some((part) => part.name === "decorator" && !isTypeless(part));
    if (one.name === "class_definition" && !hasPlainBases(one)) return true;
    const isMethod = around[around.indexOf(one) - 2]?.name === "class_definition";
    return /^(?:class|function)_definition$/u.test(one.name) && !isMethod && used.has(textOf(fieldOf(one, "name")));
  };

  return (node, around) => {
    if (!/^(?:type|->|:)$/u.test(node.name) || isReadByFile) return false;
    const definition = around.findLast(({ name }) => /^(?:(?:function|class)_definition|lambda)$/u.test(name));
    if (
      definition?.name !== "function_definition" ||
      around.some((one) => one.name === "decorator" || isSeen(one, around))
    )
      return false;
    const parent = around.at(-1);
    if (parent === undefined) return false;
    const at = parent.children.indexOf(node);
    const type = node.name === "type" ? node : parent.children.slice(at).find((one) => !isComment(one) && one !== node);
    if (type?.name !== "type" || !isQuiet(type)) return false;
    // Whoever makes the objects of a class may choose the arguments by their types.
    if (textOf(fieldOf(definition, "name")) === "__init__" && namesIn(type).some((name) => !builtin.test(name)))
      return false;
    if (parent === definition) return node.name !== ":";
    return parent.name === "parameters" || (parent.name === "assignment" && !declaresOuter(definition));
  };
}

/** Whether a class has no base that may read what its classes declare. */
const hasPlainBases = (definition: SyntaxNode): boolean =>
  partsOf(fieldOf(definition, "superclasses")).every((one) => bases.test(textOf(one)));

const declaresOuter = (definition: SyntaxNode): boolean =>
  [...nodesIn(definition)].some(({ name }) => /^(?:global|nonlocal)_statement$/u.test(name));

/** Names that are handed on, so that other code gets the functions and classes themselves: `f` in `run(f)`, not in `f(1)`. */
function namesUsedAsValues({ root }: SyntaxTree): Set<string> {
  const found = new Set<string>();
  const visit = (node: SyntaxNode, parent?: SyntaxNode): void => {
    if (node.name === "type" || pythonImport.test(node.name)) return;
    const isCalled = parent?.name === "call" && node.field === "function";
    const isName =
      /^(?:(?:class|function)_definition|keyword_argument)$/u.test(parent?.name ?? "") && node.field === "name";
    const isMember = parent?.name === "attribute";
    const asks =
      parent?.name === "call" && /^(?:isinstance|issubclass|super)$/u.test(textOf(fieldOf(parent, "function")));
    if (node.field === "superclasses" || (asks && node.field === "arguments")) return;
    if (node.name === "identifier" && !isCalled && !isName && !isMember) found.add(textOf(node));
    for (const child of node.children) visit(child, node);
  };
  visit(root);
  return found;
}

/** Tells decorators of Python itself, which read no types. */
export function typelessDecorators({ root }: SyntaxTree): (decorator: SyntaxNode) => boolean {
  const foreign = new Set<string>();
  for (const node of nodesIn(root)) {
    if (/^(?:function|class)_definition$/u.test(node.name)) foreign.add(textOf(fieldOf(node, "name")));
    if (!pythonImport.test(node.name)) continue;
    const { module, names } = importOf(node);
    if (!typelessModules.includes(module ?? "")) for (const { name, own } of names) foreign.add(own ?? name);
  }
  for (const module of typelessModules) foreign.delete(module);
  return (decorator) => {
    const text = textOf(decorator);
    const name = typeless.exec(text)?.[1];
    if (name !== undefined) return text.includes(".") || !foreign.has(name);
    // `@a.setter` belongs to the property `a`, which the definition below has as its name.
    const property = /^@(\w+)\.(?:setter|getter|deleter)$/u.exec(text)?.[1];
    return property !== undefined && decorator.tree.text.slice(decorator.to).trimStart().startsWith(`def ${property}(`);
  };
}
