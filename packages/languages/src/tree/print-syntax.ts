/** Prints a part of a syntax tree without comments and formatting, and lists its names. Two parts that print the same do the same. */
import type { SyntaxNode } from "./syntax-node.ts";

const comment = /^(?:(?:line_|block_|html_)?comment|hash_bang_line)$/u;
/** A comment of any grammar. */
export const isComment = ({ name }: SyntaxNode): boolean => comment.test(name);
/** Nodes whose text counts verbatim, with inner spaces. */
const opaque = /^(?:(?:template_)?string|regex|jsx_text|(?:interpreted_|raw_)?string_literal)$/u;
const mentioned: ReadonlySet<string> = new Set([
  "this",
  "self",
  "identifier",
  "type_identifier",
  "package_identifier",
  "property_identifier",
  "shorthand_property_identifier",
  "shorthand_property_identifier_pattern",
]);

/** The normal form of `node`, without the nodes in `without`. */
export function printSyntax(node: SyntaxNode, without: ReadonlySet<SyntaxNode> = nothing): string {
  const parts: string[] = [];
  print(node, { parts, without });
  return parts.join(" ");
}
const nothing: ReadonlySet<SyntaxNode> = new Set();

function print(node: SyntaxNode, options: { readonly parts: string[]; readonly without: ReadonlySet<SyntaxNode> }) {
  const { parts, without } = options;
  if (isComment(node) || without.has(node)) return;
  if (opaque.test(node.name)) parts.push(quotedAlike(textOf(node)));
  else if (node.children.length === 0) parts.push(textOf(node));
  else {
    parts.push(`${node.name}(`);
    for (const piece of printsOf(node)) {
      if (typeof piece === "string") parts.push(piece);
      else print(piece, options);
    }
    parts.push(")");
  }
}

/** The children of a node that count, and the texts between them. */
export function printsOf(node: SyntaxNode): (SyntaxNode | string)[] {
  const pieces: (SyntaxNode | string)[] = [];
  let at = node.from;
  for (const [index, child] of node.children.entries()) {
    pieces.push(...between(node.tree.text.slice(at, child.from)));
    at = child.to;
    if (!isOptionalMark(node, index)) pieces.push(child);
  }
  return [...pieces, ...between(node.tree.text.slice(at, node.to))];
}

/** The text between nodes, without the backslashes that join lines of Python. */
function between(gap: string): string[] {
  const text = gap.replaceAll(/\\(?=\r?\n)/gu, " ").trim();
  return text === "" ? [] : [text];
}

/** Lists in which a comma before the closing bracket adds nothing. */
const lists =
  /^(?:arguments|argument_list|formal_parameters|parameters|parameter_list|type_arguments|type_parameters|object|object_pattern|array|array_pattern|array_expression|named_imports|export_clause|enum_body|dictionary|list|set|literal_value|field_initializer_list|field_declaration_list|enum_variant_list|use_list|struct_pattern|import_from_statement)$/u;
/** In these, a comma makes one element a tuple. */
const tuples = /^tuple(?:_expression|_pattern|_type)?$/u;

/** Whether a mark is a semicolon that ends a statement, or a comma at the end of a list. */
function isOptionalMark(parent: SyntaxNode, index: number): boolean {
  const name = parent.children[index]?.name;
  if (name === ";") return !parent.tree.isRust && !/^(?:for_(?:statement|clause)|class_body)$/.test(parent.name);
  if (name !== "," || !/^[)\]}]$/.test(parent.children[index + 1]?.name ?? "")) return false;
  const before = parent.children.slice(0, index).filter((child) => !isComment(child));
  // In `[,]` the comma counts as an element.
  if (before.length < 2 || before.at(-1)?.name === ",") return false;
  return lists.test(parent.name) || (tuples.test(parent.name) && before.some((child) => child.name === ","));
}

/** A plain text in double quotes, whatever its quotes are. */
export function quotedAlike(text: string): string {
  // In Ruby, the quotes decide whether `#{a}` is computed.
  const inner = /^(['"])((?:(?!#[{@$])[^'"\\\n])*)\1$/.exec(text)?.[2];
  return inner === undefined ? text : `"${inner}"`;
}

/** The names that a node reads or binds, including those in its templates. */
export function namesIn(node: SyntaxNode, without: ReadonlySet<SyntaxNode> = nothing): Set<string> {
  const names = new Set<string>();
  const visit = (piece: SyntaxNode, isMember = false): void => {
    if (isComment(piece) || without.has(piece)) return;
    const hasMember = piece.name === "member_expression" || piece.name === "attribute";
    if (hasMember) addOwnProperty(piece, names);
    else if (mentioned.has(piece.name) && !isMember) names.add(textOf(piece));
    // A string can name a fixture.
    else if (/^[Ss]tring$/.test(piece.name) && piece.to - piece.from < 80) names.add(textOf(piece).slice(1, -1));
    for (const child of piece.children)
      visit(child, hasMember && (child.field === "attribute" || child.field === "property"));
  };
  visit(node);
  return names;
}

/** Adds `limit` for `self.limit`, which means the class member of that name. */
function addOwnProperty(node: SyntaxNode, names: Set<string>): void {
  const [owner, property] = [node.children[0], node.children.at(-1)];
  if (owner === undefined || property === undefined || owner.to - owner.from > 40) return;
  if (!/^(?:property_)?identifier$/.test(property.name)) return;
  if (/^(self|cls|this|super\s*\(.*\)|type\s*\(\s*self\s*\)|self\s*\.\s*__class__)$/s.test(textOf(owner)))
    names.add(textOf(property));
}

/** The source text of a node; empty for undefined. */
export function textOf(node: SyntaxNode | undefined): string {
  return node === undefined ? "" : node.tree.text.slice(node.from, node.to);
}

/** A node and all nodes below it, in the order of the text, except nodes that `isLeftOut` selects and everything below these. */
export function* nodesIn(root: SyntaxNode, isLeftOut?: (node: SyntaxNode) => boolean): Generator<SyntaxNode> {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isLeftOut?.(node) === true) continue;
    yield node;
    for (const child of node.children.toReversed()) waiting.push(child);
  }
}

/** The distinct texts of all nodes of a kind, such as identifiers, at any depth. */
export function textsOf(root: SyntaxNode, kind: RegExp): Set<string> {
  return new Set([...nodesIn(root)].filter(({ name }) => kind.test(name)).map(textOf));
}

/** The first child with one of the names. */
export function childOf(node: SyntaxNode | undefined, ...names: string[]): SyntaxNode | undefined {
  return node?.children.find((child) => names.includes(child.name));
}

/** The first child with that field. */
export function fieldOf(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  return node?.children.find((child) => child.field === field && !isComment(child));
}

/** Its children with that field, without comments and punctuation. */
export function partsIn(node: SyntaxNode | undefined, field: string): SyntaxNode[] {
  return partsOf(node).filter((child) => child.field === field);
}

/** Children without comments and punctuation. */
export function partsOf(node: SyntaxNode | undefined): SyntaxNode[] {
  return (node?.children ?? []).filter((child) => !isComment(child) && /^[A-Za-z]/.test(child.name));
}

/** The operator of an operation, as written; undefined for any other node. */
export const signOf = (node: SyntaxNode): string | undefined => fieldOf(node, "operator")?.name;

/** Whether a node is a string without computed parts. */
export const isPlainText = ({ name, children }: SyntaxNode): boolean =>
  /^(?:template_)?string$/u.test(name) &&
  children.every((child) => !/^(?:interpolation|template_substitution)$/u.test(child.name));

/** Returns the line, counted from 1, of each offset; offsets may come in any order. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
