/** Prints a piece of a syntax tree without comments and formatting, and lists the names it mentions. Two pieces that print the same do the same. */
import type { SyntaxNode, SyntaxTree } from "./syntax-node.ts";

const comment = /^(?:(?:line_|block_|html_)?comment|hash_bang_line)$/u;
/** A comment of any grammar. */
export const isComment = ({ name }: SyntaxNode): boolean => comment.test(name);
/** Their text counts verbatim, inner spaces too. */
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
export function printSyntax(tree: SyntaxTree, node: SyntaxNode, without: ReadonlySet<SyntaxNode> = nothing): string {
  const parts: string[] = [];
  print(tree, node, { parts, without });
  return parts.join(" ");
}
const nothing: ReadonlySet<SyntaxNode> = new Set();

function print(
  tree: SyntaxTree,
  node: SyntaxNode,
  options: { readonly parts: string[]; readonly without: ReadonlySet<SyntaxNode> },
): void {
  const { parts, without } = options;
  if (isComment(node) || without.has(node)) return;
  if (opaque.test(node.name)) {
    parts.push(quotedAlike(tree.text.slice(node.from, node.to)));
    return;
  }
  if (node.children.length === 0) {
    parts.push(tree.text.slice(node.from, node.to));
    return;
  }
  parts.push(`${node.name}(`);
  let at = node.from;
  for (const [index, child] of node.children.entries()) {
    between(tree.text.slice(at, child.from), parts);
    at = child.to;
    if (!isOptionalMark(tree, node, index)) print(tree, child, options);
  }
  between(tree.text.slice(at, node.to), parts);
  parts.push(")");
}

/** Marks that join lines of Python stand between the nodes. */
function between(gap: string, parts: string[]): void {
  const text = gap.replaceAll(/\\(?=\r?\n)/gu, " ").trim();
  if (text !== "") parts.push(text);
}

/** A semicolon that ends a statement, and a comma before a closing bracket. */
function isOptionalMark({ isRust }: SyntaxTree, parent: SyntaxNode, index: number): boolean {
  const name = parent.children[index]?.name;
  if (name === ";") return !isRust && !/^for_(?:statement|clause)$/.test(parent.name);
  if (parent.name === "token_tree") return false;
  return name === "," && /^[)\]}]$/.test(parent.children[index + 1]?.name ?? "");
}

function quotedAlike(text: string): string {
  // In Ruby, the quotes decide what `#{a}` is.
  const inner = /^(['"])((?:(?!#[{@$])[^'"\\\n])*)\1$/.exec(text)?.[2];
  return inner === undefined ? text : `"${inner}"`;
}

/** Names that a piece reads or binds, including those in its templates. */
export function namesIn(tree: SyntaxTree, node: SyntaxNode, without: ReadonlySet<SyntaxNode> = nothing): Set<string> {
  const names = new Set<string>();
  const visit = (piece: SyntaxNode, isMember = false): void => {
    if (isComment(piece) || without.has(piece)) return;
    const text = () => tree.text.slice(piece.from, piece.to);
    const hasMember = piece.name === "member_expression" || piece.name === "attribute";
    if (hasMember) addOwnProperty(tree, piece, names);
    else if (mentioned.has(piece.name) && !isMember) names.add(text());
    // Fixtures can also be named in strings.
    else if (/^[Ss]tring$/.test(piece.name) && piece.to - piece.from < 80) names.add(text().slice(1, -1));
    for (const child of piece.children)
      visit(child, hasMember && (child.field === "attribute" || child.field === "property"));
  };
  visit(node);
  return names;
}

/** `self.limit` refers to the class member of that name. */
function addOwnProperty(tree: SyntaxTree, node: SyntaxNode, names: Set<string>): void {
  const [owner, property] = [node.children[0], node.children.at(-1)];
  if (owner === undefined || property === undefined || owner.to - owner.from > 40) return;
  if (!/^(?:property_)?identifier$/.test(property.name)) return;
  if (/^(self|cls|this|super\s*\(.*\)|type\s*\(\s*self\s*\)|self\s*\.\s*__class__)$/s.test(sourceText(tree, owner)))
    names.add(sourceText(tree, property));
}

export function sourceText(tree: SyntaxTree, node: SyntaxNode): string {
  return tree.text.slice(node.from, node.to);
}

/** The distinct texts of the pieces of a kind at any depth, such as the identifiers. */
export function textsOf(tree: SyntaxTree, root: SyntaxNode, kind: RegExp): Set<string> {
  const texts = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    if (kind.test(node.name)) texts.add(sourceText(tree, node));
    for (const child of node.children) visit(child);
  };
  visit(root);
  return texts;
}

/** The first child of that name. */
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
