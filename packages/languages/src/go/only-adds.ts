/**
 * Tells whether a change of a Go test file does more than add. It only adds if every declaration of the base is still there, unchanged or checking more,
 * and no new declaration affects another. It compares syntax trees; assertions are counted elsewhere. Pure.
 */

import { type GrowthForm, isGrownPiece, pieceOf } from "../shared/growth.ts";
import { fieldOf, partsOf, printSyntax, textOf, textsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import {
  type GoImport,
  goChangesOthers,
  goDefined,
  goImports,
  goPackages,
  goSpecs,
  goUsedIn,
  isGoLiteral,
  predeclared,
} from "./go-syntax.ts";
import { goGrowth } from "./growth-form.ts";
import { extraStatements } from "./test-statements.ts";

/** False if the change only adds; true also for an unreadable text and an empty base. */
export function changesExistingGo(before: string, after: string): boolean {
  const { isShared, edited } = changedGo(before, after);
  return isShared || edited.length > 0;
}

/** `edited`: tests of the base whose own statements changed otherwise. `isShared`: more than tests changed, or it is not known what. */
export function changedGo(before: string, after: string): { isShared: boolean; edited: string[] } {
  const edited: string[] = [];
  const isShared = changesMoreThanTests(before, after, edited);
  return { isShared, edited: isShared ? [] : edited };
}

function changesMoreThanTests(before: string, after: string, edited: string[]): boolean {
  const [old, young] = [readSyntax(before, "a.go"), readSyntax(after, "a.go")];
  if (old.errors.length + young.errors.length > 0) return true;
  if (directives(before).join("\n") !== directives(after).join("\n")) return true;
  const imports = goImports(young);
  const gone = new Set(goImports(old).map(importKey));
  const fresh = imports.filter((one) => !gone.delete(importKey(one)));
  // In a file that imports C, comments are code.
  if (gone.size > 0 || imports.some(({ path }) => path === "C")) return true;
  const added = new Set(declarations(young));
  const candidates = Map.groupBy(added, ({ key }) => key);
  const grown: Grown[] = [];
  for (const declaration of declarations(old)) {
    const same = candidates.get(declaration.key)?.filter((other) => added.has(other)) ?? [];
    const kept = same.find((other) => isKept(declaration, other));
    const found = kept ?? (isTest(declaration.node) ? same[0] : undefined);
    if (found === undefined) return true;
    added.delete(found);
    if (kept === undefined) edited.push(...definedIn(found.node));
    else if (!isSame(declaration, kept)) grown.push({ old: declaration, young: kept });
  }
  const types = new Set([...added].flatMap((declaration) => ownTypes(declaration)));
  return (
    fresh.some((one) => isTakingOver(one)) ||
    ![...added].every((declaration) => isHarmless(declaration, types)) ||
    usesFresh(grown, fresh, imports) ||
    callsFresh(grown, [...added])
  );
}

/**
 * Whether a new test file acts on its package's tests or code before they run: by `init`, `TestMain`, a blank or dot import, a redefined predeclared name,
 * a method on a type of another file, or a package variable whose initializer does more than make a value. Also true if the file does not parse.
 */
export function actsOnGoPackage(text: string): boolean {
  const tree = readSyntax(text, "a.go");
  if (tree.errors.length > 0 || /^\/\/(?:go:linkname|export )/mu.test(text)) return true;
  const added = declarations(tree);
  const types = new Set(added.flatMap((declaration) => ownTypes(declaration)));
  return (
    goImports(tree).some((one) => isTakingOver(one) && one.path !== "embed") ||
    !added.every((declaration) => declaration.node.name === "package_clause" || isHarmless(declaration, types))
  );
}

/** Compares imports as written, because the name that another package gives itself is unknown. */
const importKey = ({ written, path }: GoImport) => `${written ?? ""} ${path}`;

const isTakingOver = ({ name }: GoImport) => /^[._]$/u.test(name);

/**
 * Whether an existing test uses a newly imported package that is not well known: nobody knows what that package does. If the import gives it no name, its
 * name is unknown too, so any use of an unknown name counts.
 */
function usesFresh(grown: readonly Grown[], fresh: readonly GoImport[], imports: readonly GoImport[]): boolean {
  const unknown = fresh.filter(({ path }) => !wellKnown.test(path));
  const names = new Set(unknown.map(({ name }) => name));
  const isNamed = unknown.every(({ written }) => written !== null);
  const imported = imports.filter((one) => !unknown.includes(one)).map(({ name }) => name);
  return grown.some(({ old, young }) => {
    const own = new Set([
      ...textsOf(old.node, /^(?:package_)?identifier$/u),
      ...ownNames(young),
      ...imported,
      ...predeclared,
    ]);
    const used = goUsedIn(young.node).map(textOf);
    return used.some((name) => names.has(name) || !(isNamed || own.has(name)));
  });
}

/** The names that a test defines in its outer block; after an inner block, its names may mean something else. */
function ownNames({ node }: Declaration): string[] {
  return partsOf(fieldOf(node, "body"))
    .filter(({ name }) => name === "short_var_declaration")
    .flatMap(goDefined)
    .map(textOf);
}

/** Assertion libraries, and the standard library except packages that act on the process. */
const wellKnown =
  /^(?:bufio|bytes|cmp|context|encoding|errors|fmt|hash|html|io|iter|maps|math|net|path|reflect|regexp|slices|sort|strconv|strings|sync|text|time|unicode)(?:\/\w+)*$|^github\.com\/(?:stretchr\/testify|google\/go-cmp|frankban\/quicktest|onsi\/gomega)(?:\/|$)/u;

/** Whether an old test uses something new in its file that can run, and so may do anything: a function, a variable with one, a value of a type with methods. */
function callsFresh(grown: readonly Grown[], added: readonly Declaration[]): boolean {
  const running = new Set<string>();
  const receivers = new Set(added.map(({ node }) => receiverOf(node)).filter((name) => name !== ""));
  const mentions = ({ node }: Declaration) => textsOf(node, /^(?:type_)?identifier$/u);
  const isRunning = (declaration: Declaration) => {
    const { node } = declaration;
    if (node.name === "function_declaration" || textsOf(node, /^func_literal$/u).size > 0) return true;
    const names = [...definedIn(node), ...mentions(declaration)];
    return names.some((name) => receivers.has(name) || running.has(name));
  };
  // A variable can get its value from another one, in any order.
  for (let size = -1; size < running.size; ) {
    size = running.size;
    for (const declaration of added)
      if (isRunning(declaration)) for (const name of definedIn(declaration.node)) running.add(name);
  }
  return grown.some(({ young }) => [...mentions(young)].some((name) => running.has(name)));
}

interface Declaration {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
  readonly form: GrowthForm;
  /** Its kind and all names that it declares. */
  readonly key: string;
}

/** Both versions of a declaration that grew. */
interface Grown {
  readonly old: Declaration;
  readonly young: Declaration;
}

function declarations(tree: SyntaxTree): Declaration[] {
  const form = goGrowth(tree);
  return partsOf(tree.root)
    .filter(({ name }) => name !== "import_declaration")
    .map((node) => ({
      tree,
      node,
      form,
      key: `${node.name} ${definedIn(node).join(" ")} ${receiverOf(node)}`,
    }));
}

/** Comments that the compiler reads, such as build constraints, each with the line after it. */
function directives(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.flatMap((line, index) => {
    return /^\/\/(?:go:|line |\s*\+build )|\/\*line /u.test(line) ? [line, lines[index + 1] ?? ""] : [];
  });
}

/** Compares an example with its comments, because they decide what it checks. */
function isSame({ node }: Pick<Declaration, "tree" | "node">, other: Declaration): boolean {
  const isExample = node.name === "function_declaration" && (definedIn(node)[0] ?? "").startsWith("Example");
  return isExample ? textOf(node) === textOf(other.node) : printSyntax(node) === printSyntax(other.node);
}

/** Whether a declaration is unchanged, got more rows, or is a test whose new statements leave the others alone. */
function isKept({ tree, node, form }: Omit<Declaration, "key">, other: Declaration): boolean {
  if (isSame({ tree, node }, other)) return true;
  if (node.name === "var_declaration")
    return !initializerActs(other.node) && isGrownPiece(pieceOf(node, { form }), pieceOf(other.node, other));
  if (!isTest(node)) return false;
  const extra = extraStatements({ node, form }, other);
  if (extra === null) return false;
  const bodyOf = (one: SyntaxNode) => fieldOf(one, "body") ?? null;
  return isGrownPiece(
    pieceOf(node, { form }, { body: bodyOf(node) }),
    pieceOf(other.node, other, { body: bodyOf(other.node), without: extra.atEnd, inserted: extra.anywhere }),
  );
}

const testName = /^(?:Test|Benchmark|Fuzz)(?![a-z])/u;

function isTest(node: SyntaxNode): boolean {
  const name = node.name === "function_declaration" ? fieldOf(node, "name") : undefined;
  return name !== undefined && testName.test(textOf(name)) && textOf(name) !== "TestMain";
}

/** Whether a new declaration affects no existing code: it redefines no known name, adds no method to a known type and runs nothing at program start. */
function isHarmless(declaration: Declaration, types: ReadonlySet<string>): boolean {
  const { node } = declaration;
  const isNew = isNewName(declaration);
  switch (node.name) {
    case "function_declaration":
      return isNew && !/^(?:init|main|TestMain)$/u.test(definedIn(node)[0] ?? "");
    case "type_declaration":
    case "const_declaration":
      return isNew;
    case "var_declaration":
      return isNew && !initializerActs(node);
    case "method_declaration":
      return types.has(receiverOf(node));
    default:
      return false;
  }
}

const isNewName = ({ node }: Declaration) => definedIn(node).every((name) => !predeclared.has(name));

/** The types that a declaration creates; an alias creates none. */
function ownTypes({ node }: Declaration): string[] {
  const isAlias = goSpecs(node).some(({ name }) => name === "type_alias");
  return node.name !== "type_declaration" || isAlias ? [] : definedIn(node);
}

/** The receiver's type; empty unless it is a plain name or a pointer to one. */
function receiverOf(node: SyntaxNode): string {
  const written = fieldOf(partsOf(fieldOf(node, "receiver"))[0], "type");
  const pointed = written?.name === "pointer_type" ? partsOf(written)[0] : written;
  const type = pointed?.name === "generic_type" ? fieldOf(pointed, "type") : pointed;
  return type?.name === "type_identifier" ? textOf(type) : "";
}

function definedIn(node: SyntaxNode): string[] {
  return [node, ...goSpecs(node)].flatMap(goDefined).map(textOf);
}

/**
 * Whether an initializer may do more than make a value: it receives from a channel, or it calls something other than a conversion, `make` or a standard
 * function whose arguments can't run code of the package.
 */
function initializerActs(node: SyntaxNode): boolean {
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

/** Whether a call only makes a value. */
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
/** Functions without interfaces or functions among their parameters. */
const ofTexts = new Set("errors.New regexp.MustCompile time.Date math/big.NewInt strings.Repeat".split(" "));
/** Standard functions that initializers often call and that affect no other test; from `flag`, those that declare an option. */
const standard =
  /^(?:(?:bytes|errors|math(?:\/\w+)?|net\/(?:netip|url)|path(?:\/filepath)?|reflect|regexp|strconv|strings|sync|time|unicode(?:\/\w+)?|encoding\/\w+)\.\w+|fmt\.(?:Errorf|Sprint\w*)|flag\.(?:Bool|Duration|Float64|Int|Int64|String|Uint|Uint64))$/u;
const builtIns = /^(?:make|new|len|string|bool|byte|rune|u?int(?:8|16|32|64)?|float(?:32|64))$/u;
