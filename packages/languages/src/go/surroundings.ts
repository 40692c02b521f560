/**
 * Lists what Go code depends on besides its inputs: members of imported packages, start-up functions, build constraints other than system and version,
 * and package variables that functions write to. Reads the syntax tree. Pure.
 */

import { environmentVariable, withLines } from "../shared/surroundings/surroundings.ts";
import { keptIn, type Surrounding, type Use } from "../shared/surroundings/use.ts";
import { childOf, fieldOf, partsIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { goComparisons } from "./comparisons.ts";
import { goPlatformPattern } from "./go.ts";

import { goDefined, goImports, goPackages, goRootOf, goSign, goUsedIn, isGoLiteral } from "./go-syntax.ts";

interface GoFile {
  /** Paths of imported packages by their name in this file. */
  readonly packages: ReadonlyMap<string, string>;
  /** Methods that write to their receiver. */
  readonly writing: ReadonlySet<string>;
  /** Names given to `len`. */
  readonly counted: ReadonlySet<string>;
  /** Package variables that this file declares. */
  readonly variables: ReadonlySet<string>;
  /** Package variables such as a channel, which keep what earlier calls put in. */
  readonly holders: ReadonlySet<string>;
  /** String variables without a value: the linker or another file sets them. */
  readonly unset: ReadonlySet<string>;
  /** Package variables of the type `sync.Once`. */
  readonly onces: ReadonlySet<string>;
}
interface Place extends GoFile {
  /** Names of each enclosing function or block. */
  readonly scopes: readonly ReadonlySet<string>[];
  readonly isInFunction: boolean;
  /** The code runs once: in a function given to `sync.Once`, or directly in `init`; a function inside `init` may be called later. */
  readonly isOnce: boolean;
  readonly isInit: boolean;
}

/** `beside`: texts of the other files of the package. */
export function goSurroundings(path: string, text: string, beside: readonly string[]): Surrounding[] {
  const tree = readSyntax(text, path);
  return withLines([...goComparisons(tree, beside), ...goUses(tree)], tree);
}

function goUses(tree: SyntaxTree): Use[] {
  const file = readFile(tree);
  const found: Use[] = importUses(tree);
  const visit = (node: SyntaxNode, place: Place): void => {
    const here = enter(node, place);
    found.push(...usesOf(node, here).map((what) => ({ what, at: node.from })));
    const defined = goDefined(node);
    for (const child of node.children) if (!defined.includes(child)) visit(child, here);
  };
  visit(tree.root, { ...file, scopes: [], isInFunction: false, isOnce: false, isInit: false });
  return found;
}

const functions = /^(?:(?:function|method)_declaration|func_literal)$/u;
const blocks =
  /^(?:block|(?:if|for|expression_switch|type_switch|select)_statement|(?:expression|type|communication|default)_case)$/u;

function enter(node: SyntaxNode, place: Place): Place {
  const isFunction = functions.test(node.name);
  if (!isFunction && !blocks.test(node.name)) {
    const called = node.name === "call_expression" ? textOf(node.children[0] ?? node) : "";
    const isOnce = called.endsWith(".Do") && place.onces.has(called.slice(0, -3));
    return isOnce ? { ...place, isOnce } : place;
  }
  const scopes = [...place.scopes, declaredIn(node)];
  const here = { ...place, scopes, isInFunction: place.isInFunction || isFunction };
  if (node.name === "function_declaration" && nameOf(node) === "init") return { ...here, isOnce: true, isInit: true };
  return place.isInit && isFunction ? { ...here, isOnce: false, isInit: false } : here;
}

function nameOf(declaration: SyntaxNode): string {
  return textOf(fieldOf(declaration, "name") ?? declaration);
}

/** Names declared directly in a function or block. */
function declaredIn(scope: SyntaxNode): Set<string> {
  const names = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    if (!/^(?:(?:function|method)_declaration|const_spec|type_spec|type_alias)$/u.test(node.name))
      for (const name of goDefined(node)) names.add(textOf(name));
    for (const child of node.children) if (!functions.test(child.name) && !blocks.test(child.name)) visit(child);
  };
  visit(scope);
  return names;
}

function usesOf(node: SyntaxNode, place: Place): string[] {
  switch (node.name) {
    case "selector_expression":
      return memberUses(node, place);
    case "comment":
      return constraintUses(textOf(node));
    case "function_declaration":
      return nameOf(node) === "init" ? ["func init"] : [];
    case "inc_statement":
    case "dec_statement":
      return node.children.slice(0, 1).flatMap((target) => writeUse(target, true, place));
    case "assignment_statement":
      return assignmentUses(node, place);
    case "unary_expression":
      return goSign(node) === "&" && place.isInFunction
        ? partsIn(node, "operand").flatMap((target) => writeUse(target, true, place))
        : [];
    case "call_expression":
      return [...typeNameUses(node, place), ...callUses(node, place)];
    case "identifier":
      return nameUses(textOf(node), place);
    default:
      return [];
  }
}

function nameUses(name: string, { holders, unset, scopes, isInFunction, isOnce }: Place): string[] {
  if (!isInFunction || isOnce || scopes.some((names) => names.has(name))) return [];
  if (holders.has(name)) return [keptIn(name)];
  return unset.has(name) ? [`set from outside: ${name}`] : [];
}

function importUses(tree: SyntaxTree): Use[] {
  return goImports(tree).flatMap(({ name, path, at }) => {
    if (name === "." || rules.imports.test(path)) return [{ what: `import of ${path}`, at }];
    return name === "_" && path !== "embed" ? [{ what: `import of ${path} for its effects`, at }] : [];
  });
}

/** Uses such as `os.Args`, under any name that the import gives to `os`. */
function memberUses(node: SyntaxNode, { packages, scopes }: Place): string[] {
  const [owner, member] = partsOf(node);
  if (owner?.name !== "identifier" || member === undefined) return [];
  const name = textOf(owner);
  const path = scopes.some((names) => names.has(name)) ? undefined : packages.get(name);
  if (path === undefined) return [];
  const use = `${path}.${textOf(member)}`;
  if (!rules.members.test(use) || rules.plain.test(use)) return [];
  const variable = /^os\.(?:Getenv|LookupEnv)$/u.test(use) ? variableRead(node) : null;
  if (variable !== null) return rules.variables.test(variable) ? [`${use} of ${variable}`] : [];
  return [use];
}

/** The environment variable that a call reads, if its name is a plain string. */
function variableRead(node: SyntaxNode): string | null {
  return /^\s*\(\s*"([A-Za-z_]\w*)"\s*\)/u.exec(node.tree.text.slice(node.to, node.to + 200))?.[1] ?? null;
}

/** A constraint such as `//go:build release` can select other files in checks than elsewhere. */
function constraintUses(comment: string): string[] {
  const terms = /^\/\/(?:go:build|\s*\+build)\s(.*)$/u.exec(comment)?.[1];
  if (terms === undefined) return /^\/\/go:(?:linkname|cgo_)/u.test(comment) ? [comment.split(/\s/u)[0] ?? ""] : [];
  const own = (terms.match(/[\w.]+/gu) ?? []).filter((term) => !rules.constraints.test(term));
  return own.length === 0 ? [] : [`build constraint ${own.join(" ")}`];
}

function assignmentUses(node: SyntaxNode, place: Place): string[] {
  const used = partsIn(node, "right").flatMap(goUsedIn);
  return partsIn(node, "left").flatMap((target) => {
    const name = textOf(goRootOf(target));
    const isUpdate = fieldOf(node, "operator")?.name !== "=" || used.some((one) => textOf(one) === name);
    return writeUse(target, isUpdate, place);
  });
}

/** A write to a package variable; writing to a cache by key counts only if the code reads the cache's size. */
function writeUse(target: SyntaxNode, isUpdate: boolean, place: Place): string[] {
  const { scopes, isInFunction, isOnce, packages, counted } = place;
  const root = goRootOf(target);
  const name = textOf(root);
  if (!isInFunction || isOnce || root.name !== "identifier" || name === "_") return [];
  if (scopes.some((names) => names.has(name))) return [];
  if (packages.has(name)) return [`changes what was imported: ${packages.get(name)}`];
  const key = target.name === "index_expression" ? fieldOf(target, "index") : undefined;
  const isCache = key !== undefined && !isGoLiteral(key) && !isUpdate && !counted.has(name);
  return isCache ? [] : [keptIn(textOf(target))];
}

/** `hits.Add(1)`, or a call of a method that writes to its receiver, on a package variable. */
function callUses(node: SyntaxNode, place: Place): string[] {
  const { scopes, writing, variables, isInFunction, isOnce } = place;
  const callee = fieldOf(node, "function");
  if (callee?.name !== "selector_expression" || !isInFunction || isOnce) return [];
  const root = goRootOf(callee);
  const name = textOf(root);
  const method = textOf(fieldOf(callee, "field") ?? callee);
  if (root.name !== "identifier" || !variables.has(name) || scopes.some((names) => names.has(name))) return [];
  return writing.has(method) || /^(?:Add|Inc|Swap|CompareAndSwap|Next)$/u.test(method) ? [keptIn(name)] : [];
}

/** `fmt.Sprintf("%T", x)` reads a type's name; a format with words is a message and does not count. */
function typeNameUses(call: SyntaxNode, { packages, scopes }: Place): string[] {
  const callee = fieldOf(call, "function");
  if (callee?.name !== "selector_expression") return [];
  const [owner = "", member] = partsOf(callee).map(textOf);
  const [format = ""] = partsOf(fieldOf(call, "arguments")).map(textOf);
  const isFormat = packages.get(owner) === "fmt" && member === "Sprintf" && !scopes.some((names) => names.has(owner));
  return isFormat && /^["`][^A-Za-z%]*%(?:\[\d+\])?(?:T|#v)[^A-Za-z%]*["`]$/u.test(format)
    ? ["a type's name: fmt.Sprintf"]
    : [];
}

function readFile(tree: SyntaxTree): GoFile {
  const file = {
    tree,
    packages: goPackages(tree),
    writing: new Set<string>(),
    counted: new Set<string>(),
    variables: new Set<string>(),
    onces: new Set<string>(),
    holders: new Set<string>(),
    unset: new Set<string>(),
  };
  const visit = (node: SyntaxNode, isInFunction: boolean): void => {
    if (node.name === "method_declaration") addWriting(node, file.writing);
    if (node.name === "var_spec" && !isInFunction)
      for (const name of goDefined(node)) {
        file.variables.add(textOf(name));
        addKind(textOf(node), textOf(name), file);
      }
    if (node.name === "call_expression" && /^(?:len|cap)$/u.test(textOf(node.children[0] ?? node)))
      for (const part of partsOf(fieldOf(node, "arguments"))) file.counted.add(textOf(goRootOf(part)));
    for (const child of node.children) visit(child, isInFunction || functions.test(node.name));
  };
  visit(tree.root, false);
  return file;
}

function addKind(declaration: string, name: string, file: Record<"onces" | "holders" | "unset", Set<string>>): void {
  if (/\ssync\.Once$/u.test(declaration)) file.onces.add(name);
  if (/\bchan\b|\bsync\.(?:Map|Pool)\b|\blist\.|\bring\.|\batomic\./u.test(declaration)) file.holders.add(name);
  if (/^[\w\s,]+\sstring$/u.test(declaration)) file.unset.add(name);
}

function addWriting(method: SyntaxNode, writing: Set<string>): void {
  const receiver = fieldOf(childOf(fieldOf(method, "receiver"), "parameter_declaration"), "name");
  const own = textOf(receiver);
  const name = fieldOf(method, "name");
  const writes = (node: SyntaxNode): boolean =>
    (/^(?:assignment|inc|dec)_statement$/u.test(node.name) && textOf(goRootOf(node.children[0] ?? node)) === own) ||
    node.children.some(writes);
  if (own !== "" && name !== undefined && writes(method)) writing.add(textOf(name));
}

/** Rules by import path and member, so that renaming a package hides nothing. */
const rules = {
  imports:
    /^(?:unsafe|reflect|syscall|testing(?:\/.*)?|plugin|os\/exec|os\/user|os\/signal|runtime\/\w+|C|expvar|golang\.org\/x\/sys\/.*)$/u,
  members: new RegExp(
    [
      String.raw`^os\.(?:Environ|ExpandEnv|Getenv|LookupEnv|Args|Hostname|Getwd|Getpid|Getppid|Getuid|Geteuid|Getgid|Executable|User\w+Dir|TempDir|Stat|Lstat|Readlink|Exit|ReadFile|ReadDir|Open|OpenFile|DirFS|FindProcess)$`,
      String.raw`^runtime\.|^time\.(?:Now|Since|Until|AfterFunc)$|^flag\.(?:Lookup|CommandLine|Visit|VisitAll|Parsed|NFlag|Set)$`,
      String.raw`^(?:testing|reflect|unsafe|syscall|debug|rand|math/rand(?:/v2)?|crypto/rand|hash/maphash|os/user|os/exec|os/signal)\.`,
      String.raw`^net\.(?:Interface\w*|Lookup\w+)$|^path/filepath\.(?:Glob|Walk|WalkDir|EvalSymlinks|Abs)$|^io/ioutil\.Read\w+$`,
    ].join("|"),
    "u",
  ),
  /** Members that don't tell where a value comes from, unlike a type's name or a function's address. */
  plain:
    /^runtime\.(?:GOMAXPROCS|NumCPU|Gosched|KeepAlive)$|^reflect\.(?:DeepEqual|Zero|New|Make(?:Slice|Map\w*|Chan)|Append\w*|Copy|Type|Kind|Value|Struct(?:Field|Tag)|Invalid|Bool|Int\d*|Uint\w*|Float\d+|Complex\d+|String|Slice|Array|Map|Chan|Func|Ptr|Pointer|Interface|Struct|UnsafePointer)$/u,
  variables: new RegExp(`^${environmentVariable}$`, "u"),
  /** Constraints for systems, processors, versions and compilers; any other is a tag that somebody sets. */
  constraints: new RegExp(String.raw`^(?:${goPlatformPattern}|unix|cgo|gc|gccgo|ignore|go\d[\w.]*)$`, "u"),
};
