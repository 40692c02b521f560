/** Lists what Rust code depends on besides its inputs, and statics that can change. It searches the text without comments, strings and test modules. Pure. */

import { definitionDigest } from "../shared/surroundings/comparing.ts";
import { withLines } from "../shared/surroundings/surroundings.ts";
import type { Surrounding, Use } from "../shared/surroundings/use.ts";
import { childOf, fieldOf, isComment, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";

import { isRustText, isTestModule } from "./rust-tests.ts";

export function rustSurroundings(path: string, source: string): Surrounding[] {
  const tree = readSyntax(source, path);
  return withLines(usesIn(tree), tree);
}

function usesIn(tree: SyntaxTree): Use[] {
  const units = tree.text.split("");
  const uses: Use[] = [];
  const blank = (node: SyntaxNode): void => {
    const isComparison = node.name === "impl_item" && (isPlainEquality(node) || isPrivateOrder(node));
    const end = isComparison ? (fieldOf(node, "body")?.from ?? node.from) : node.to;
    if (isComparison || isTestModule(node) || isComment(node) || isRustText(node) || node.name === "char_literal")
      for (let at = node.from; at < end; at += 1) if (units[at] !== "\n") units[at] = " ";
    if (isTestModule(node)) return;
    const compares = isComparison ? null : comparingTrait(node);
    const digest = compares === "PartialEq" ? definitionDigest(node) : undefined;
    if (compares !== null) uses.push({ what: `impl ${compares} for`, at: startOf(node), digest });
    for (const child of node.children) blank(child);
  };
  blank(tree.root);
  // A raw name such as `r#env` means the same as `env`.
  const text = units.join("").replaceAll(/\br#(?=[\p{L}_])/gu, "  ");
  const found = [...text.matchAll(rustPatterns)].map((match) => ({
    what: match[0].replace(/\s+/gu, " "),
    at: match.index,
  }));
  return [...found, ...actingAssertions(text), ...uses].toSorted((one, other) => one.at - other.at);
}

/** The trait of an implementation that decides how values compare or are dropped; null for any other node. */
function comparingTrait(node: SyntaxNode): string | null {
  const trait = node.name === "impl_item" ? fieldOf(node, "trait") : undefined;
  if (trait === undefined) return null;
  const name = nameOf((trait.name === "generic_type" ? fieldOf(trait, "type") : undefined) ?? trait);
  return /^(?:Partial)?(?:Eq|Ord)$|^Drop$/u.test(name) ? name : null;
}

/** The offset at which an implementation begins, after its attributes. */
const startOf = (node: SyntaxNode) => childOf(node, "unsafe", "impl")?.from ?? node.from;

/** The text of an implementation before its methods. */
const headerOf = (node: SyntaxNode) => node.tree.text.slice(startOf(node), fieldOf(node, "body")?.from);

/** Whether an implementation is equality with the same type that compares each field directly, without methods, arithmetic or constants. */
function isPlainEquality(node: SyntaxNode): boolean {
  const body = fieldOf(node, "body");
  const name = /^impl\s+PartialEq\s+for\s+(\w+)\s*$/u.exec(headerOf(node))?.[1];
  const method = childOf(body, "function_item");
  const other = /^fn\s+eq\s*\(\s*&self\s*,\s*(\w+)\s*:/u.exec(textOf(method))?.[1];
  const [expression, ...rest] = partsOf(fieldOf(method, "body"));
  // Inside a module or function, the name may mean another type.
  if (name === undefined || !node.tree.root.children.includes(node)) return false;
  if (partsOf(body).length !== 1 || other === undefined || expression === undefined || rest.length > 0) return false;
  const text = textOf(expression).replaceAll(/\s+/gu, "");
  const fields = fieldsOf(name, node.tree);
  return comparesFields(text, { other, fields });
}

interface Operands {
  readonly other: string;
  readonly fields: readonly string[];
}

/** Whether a text without blanks compares all fields: `self.a==other.a&&other.b==self.b`. */
function comparesFields(text: string, { other, fields }: Operands): boolean {
  const form = new RegExp(`^(?:self\\.(\\w+)==${other}\\.\\1|${other}\\.(\\w+)==self\\.\\2)$`, "u");
  const compared = text.split("&&").map((part) => form.exec(part));
  const names = new Set(compared.map((found) => found?.[1] ?? found?.[2]));
  return fields.length > 0 && names.size === fields.length && fields.every((field) => names.has(field));
}

/** The fields of a type of the file, by name or number; none if the file has several types of that name. */
function fieldsOf(name: string, tree: SyntaxTree): string[] {
  const [type, ...more] = typesOf(name, tree);
  if (type === undefined || more.length > 0) return [];
  const fields = partsOf(fieldOf(type, "body")).filter(({ name }) => name !== "visibility_modifier");
  if (fields.some(({ name }) => name === "attribute_item")) return [];
  return fields.map((field, at) => (field.name === "field_declaration" ? nameOf(field) : String(at)));
}

function typesOf(name: string, tree: SyntaxTree): SyntaxNode[] {
  return tree.root.children.filter((item) => item.name === "struct_item" && nameOf(item) === name);
}

const nameOf = (node: SyntaxNode) => textOf(fieldOf(node, "name") ?? node);

/**
 * Whether an implementation is equality or order of a type that only function bodies of its file use, such as the entries of a heap, and that the file's tests
 * don't mention. From another type, a signature or an inner module, its values could reach a test, which may compare them.
 */
function isPrivateOrder(node: SyntaxNode): boolean {
  const name = /^impl(?:<[^>]*>)?\s+(?:[\w:]+::)?(?:Partial)?(?:Eq|Ord)\s+for\s+(\w+)(?:<[^>]*>)?\s*$/u.exec(
    headerOf(node),
  )?.[1];
  const [type] = name === undefined ? [] : typesOf(name, node.tree);
  if (name === undefined || type === undefined || childOf(type, "visibility_modifier") !== undefined) return false;
  return node.tree.root.children.every((one) => one === type || keepsInside(one, name));
}

/** Whether an item mentions the type only inside function bodies, or is an implementation for it. */
function keepsInside(node: SyntaxNode, name: string): boolean {
  if (isComment(node)) return true;
  if (isTestModule(node)) return !mentions(node, name, node.tree);
  if (node.name === "mod_item") return false;
  const body = fieldOf(node, "body");
  const isOwn = node.name === "impl_item" && new RegExp(`\\b${name}(?:<[^>]*>)?\\s*$`, "u").test(headerOf(node));
  if (isOwn) return true;
  if (node.name === "impl_item") return (body?.children ?? []).every((child) => keepsInside(child, name));
  if (node.name !== "function_item") return !mentions(node, name, node.tree);
  return (
    body !== undefined &&
    !new RegExp(`\\b${name}\\b|\\bimpl\\b|\\bdyn\\b`, "u").test(node.tree.text.slice(node.from, body.from))
  );
}

const mentions = ({ from, to }: SyntaxNode, name: string, tree: SyntaxTree) =>
  new RegExp(`\\b${name}\\b`, "u").test(tree.text.slice(from, to));

/** Dependencies in Rust's text without comments. In the patterns, a space stands for any space. */
const rustPatterns = new RegExp(
  [
    String.raw`\b(?:std|core|alloc) ?:: ?(?:env|process|panic|backtrace|time|any|thread|net|os|ptr|mem|fs|intrinsics)\b`,
    String.raw`\b(?:std|core|alloc) ?:: ?\{[^;]*?\b(?:env|process|panic|backtrace|time|any|thread|net|os|ptr|mem|fs|intrinsics)\b`,
    String.raw`\b(?:std|core|alloc) as \w+|\bextern crate\b|\b(?:SystemTime|Instant) ?:: ?now\b`,
    String.raw`\bcfg ?!? ?\(|\b(?:option_)?env ?! ?\(|\bunsafe\b|\btype_name\b|\bset_hook\b`,
    String.raw`#!?\[ ?(?:no_mangle|link_section|ctor|export_name|cfg|cfg_attr|path|derivative|educe|derive_where)\b`,
    String.raw`\b(?:PartialEq|PartialOrd|Eq|Ord|Drop) as \w+|\bimpl\b[^{;]*\$\w+ (?:<[^{;]*> ?)?for\b|\buse\b[^;]*?\bas (?:(?:debug_)?assert\w*|panic|matches|vec|format)\b|\bmacro_rules ?! ?\$`,
    String.raw`\b(?:std|core) ?:: ?(?:\{[^;]*?)?\bcfg\w*\b`,
    String.raw`\binclude(?:_str|_bytes)? ?!|\bmacro_rules ?! ?(?:(?:debug_)?assert\w*|panic|unreachable|todo|unimplemented|matches|vec|format|e?print(?:ln)?|write(?:ln)?|dbg|cfg)\b|\b(?:file|line|column|module_path) ?! ?\(|\bthread_local ?!|\bstatic mut\b|\bstatic \w+ ?: ?[^=;]*(?:Atomic\w+|Cell\b|Mutex|RwLock)`,
  ]
    .join("|")
    .replaceAll(" ?", String.raw`\s*`)
    .replaceAll(" ", String.raw`\s+`),
  "gu",
);

const changesNothing =
  /^(?:is_\w+|as_(?!mut)\w+|to_\w+|into\w*|checked_\w+|wrapping_\w+|saturating_\w+|len|contains|contains_key|get|iter|all|any|min|max|abs|abs_diff|eq|ne|lt|le|gt|ge|cmp|partial_cmp|starts_with|ends_with|first|last|count|windows|chunks|unwrap|expect|ok|err|from|unwrap_or\w*|map_or\w*|and_then|clone|copied|cloned|map|filter|rev|sum|zip|enumerate|keys|values|chars|bytes|matches|size_of|pow|rem_euclid|div_euclid|round|floor|ceil|trunc|start|end)$/u;

/**
 * Finds `debug_assert!` with effects, which a release build leaves out. `text`: without comments and the content of strings. A call counts unless its name, or
 * its declaration in this file without `mut`, shows that it changes nothing. Not seen: another file's method with a harmless name, a function passed as a
 * value, an iterator that is used up.
 */
function actingAssertions(text: string): { what: string; at: number }[] {
  return [...text.matchAll(/\bdebug_assert\w*\s*!\s*[([{]/gu)].flatMap((found) => {
    const start = found.index + found[0].length;
    const given = text.slice(start, endOf(text, start));
    const calls = [...given.matchAll(/(?<![\w!])([a-z_]\w*)\s*(?:::\s*<[^()]*>\s*)?\(/gu)].map(([, name = ""]) => name);
    const acts =
      given.length >= givenMax ||
      /\{|&\s*mut\b|[^=!<>.]=[^=>]|<<=|>>=|\b(?!(?:matches|format)\b)\w+\s*!\s*[([{]/u.test(given) ||
      calls.some((name) => mayChange(name, text));
    return acts ? [{ what: `${found[0]}${given}`.replace(/\s+/gu, " ").slice(0, 100), at: found.index }] : [];
  });
}

function mayChange(name: string, text: string): boolean {
  const declared = [...text.matchAll(new RegExp(String.raw`\bfn\s+${name}\b\s*(?:<[^(]*>)?\s*\(([^)]*)\)`, "gu"))];
  if (declared.length === 0) return !changesNothing.test(name);
  return changesShared.test(text) || declared.some(([, parameters = ""]) => /\bmut\b/u.test(parameters));
}
/** Types whose values change without `mut`. */
const changesShared = /\b(?:\w*Cell|Mutex|RwLock|Atomic\w+)\b/u;

/** Longer arguments are not read and count. */
const givenMax = 2000;

/** The end of the bracket that was opened before `start`. */
function endOf(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < start + givenMax && at < text.length; at += 1) {
    const letter = text.charAt(at);
    if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
    if (depth === 0) return at;
  }
  return start + givenMax;
}
