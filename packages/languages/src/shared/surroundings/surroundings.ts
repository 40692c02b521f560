/**
 * Lists what code depends on besides its inputs (SECURITY T26, T29, T30): environment, clock, chance, place, stack and loaded modules, and what it does to
 * the language's own objects. Names are read from the syntax tree, with escapes and constant expressions computed. Pure. A change that adds such a
 * dependence asks: code that behaves differently where it is checked needs one.
 *
 * Folder: what code depends on besides its inputs.
 */

import { languageOf } from "../../index.ts";
import { allDeclared, isAssignment } from "../../javascript/javascript-syntax.ts";
import { boundTargets, isVariable, pythonImport } from "../../python/python-syntax.ts";
import { fieldOf, lineFinder, partsOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { readSyntax } from "../../tree/syntax-tree.ts";
import { definitionDigest } from "./comparing/definition-digest.ts";
import { goComparisons } from "./comparing/go-comparisons.ts";
import { javascriptComparisons } from "./comparing/javascript-comparisons.ts";
import { uncomparedField } from "./comparing/python-fields.ts";
import { constantText, decodedLiteral } from "./constant-text.ts";
import { isElapsedTime } from "./elapsed-time.ts";
import { functionTexts } from "./function-text.ts";
import { goUses } from "./go-uses.ts";
import { isPlainImportedName } from "./imported-names.ts";
import { keptInJavascript } from "./kept-state/javascript.ts";
import { rootOf } from "./kept-state/member-paths.ts";
import { keptInPython } from "./kept-state/python.ts";
import type { Surrounding } from "./kept-state/use.ts";
import { localNames } from "./local-names.ts";
import { chainOf, variableRead } from "./member-chain.ts";
import { isPlainDefinition } from "./plain-definitions.ts";
import { rustUses } from "./rust-uses.ts";
import { javascriptRules, pythonRules, type SurroundingRules } from "./surrounding-rules.ts";
import { typeNames } from "./type-names.ts";
import { undeclaredNames } from "./undeclared-names.ts";

const usesMax = 2_000;

/** Every use in the order of the text. `beside`: texts of the other files of a Go package. Throws `UnreadableText` beyond the parser's bounds. */
export function surroundingsIn(path: string, text: string, beside: readonly string[] = []): Surrounding[] {
  const language = languageOf(path)?.testParser ?? null;
  if (language === null) return inCompiled(path, text, beside);
  const tree = readSyntax(withoutNameEscapes(text), path);
  const isPython = language === "python";
  const rules = isPython ? pythonRules : javascriptRules;
  const kept = isPython
    ? keptInPython(tree)
    : [...keptInJavascript(tree), ...functionTexts(tree), ...undeclaredNames(tree), ...javascriptComparisons(tree)];
  const locals = isPython ? new Set<SyntaxNode>() : localNames(tree);
  const declared = new Set(isPython ? [] : allDeclared(tree.root));
  const lineOf = lineFinder(tree.text);
  const found: Surrounding[] = [...kept, ...typeNames(tree, language)]
    .slice(0, usesMax)
    .map(({ at, ...use }) => ({ ...use, line: lineOf(at) }));
  const visit = (node: SyntaxNode, parent: SyntaxNode | null, around: readonly SyntaxNode[]): void => {
    if (found.length >= usesMax) return;
    const place = { parent, around, tree, rules, locals, declared };
    const what = useOf(node, place);
    if (what !== null) found.push({ what, line: lineOf(node.from), digest: digestOf(what, node, place) });
    // The parts of a chain that was counted are the same use, and those of a plain one are plain.
    const isMember = /^(?:(?:member|subscript)_expression|attribute|subscript)$/u.test(node.name);
    const isDone = isMember && (what !== null || isPlain(node, place));
    const outer = parent === null ? around : [...around, parent];
    for (const child of node.children) if (!isDone || child !== node.children[0]) visit(child, node, outer);
  };
  visit(tree.root, null, []);
  return found;
}

interface Place {
  parent: SyntaxNode | null;
  /** The nodes that contain the parent, the nearest last. */
  around: readonly SyntaxNode[];
  tree: SyntaxTree;
  rules: SurroundingRules;
  /** Names that mean a parameter. */
  locals: ReadonlySet<SyntaxNode>;
  /** Names where JavaScript declares them. */
  declared: ReadonlySet<SyntaxNode>;
}

function useOf(node: SyntaxNode, place: Place): string | null {
  const { rules } = place;
  switch (node.name) {
    case "shorthand_property_identifier":
      return definitionUse(node, place) ?? chainUse(node, place);
    case "identifier":
      if (rules === javascriptRules) return place.declared.has(node) ? null : chainUse(node, place);
      if (!isVariable(node) || place.parent?.name === "function_definition") return definitionUse(node, place);
      return (givenBy(node, place) ? definitionUse(node, place) : null) ?? chainUse(node, place);
    case "member_expression":
    case "subscript_expression":
    case "meta_property":
    case "attribute":
    case "subscript":
      return chainUse(node, place);
    case "call_expression":
    case "call":
      return formatUse(node, place) ?? loadUse(node, place) ?? uncomparedUse(node, place);
    case "assignment_expression":
    case "augmented_assignment_expression":
    case "assignment":
    case "augmented_assignment":
      return writeUse(node, place);
    case "property_identifier":
    case "private_property_identifier":
    case "shorthand_property_identifier_pattern":
      return definitionUse(node, place);
    case "import_statement":
    case "import_from_statement":
    case "future_import_statement":
      return rules.imports(textOf(node)) ?? optionalImport(node, place);
    case "template_string":
    case "binary_expression":
    case "string":
    case "concatenated_string":
    case "binary_operator":
      return stringUse(node, place);
    default:
      return null;
  }
}

/** What gives a name a value in Python: `def __eq__`, `__eq__ = coarse`, `import coarse as __eq__`. */
const giving =
  /^(?:function_definition|assignment|(?:import|import_from)_statement|for_statement|with_statement|named_expression)$/u;

/** The node around a name, or around a member, that gives it a value; undefined for any other use. */
function givenBy(node: SyntaxNode, place: Place): SyntaxNode | undefined {
  const outer = outerNodes(place);
  const giver = outer.findLast(({ name }) => giving.test(name));
  if (giver === undefined) return undefined;
  if (giver.name === "function_definition") return node.field === "name" && outer.at(-1) === giver ? giver : undefined;
  if (pythonImport.test(giver.name)) return giver;
  const target = isVariable(node) ? node : place.parent;
  const inside = outer.slice(outer.indexOf(giver));
  return inside.some((one) => boundTargets(one).some((bound) => bound === target)) ? giver : undefined;
}

/** Formatters of `Intl` take now if they get nothing. */
function formatUse(node: SyntaxNode, { tree, rules }: Place): string | null {
  const [callee, list] = [fieldOf(node, "function"), fieldOf(node, "arguments")];
  if (rules !== javascriptRules || callee?.name !== "member_expression" || list === undefined) return null;
  const method = /\.\s*(format(?:ToParts)?)$/u.exec(textOf(callee))?.[1];
  if (method === undefined || !tree.text.includes("DateTimeFormat")) return null;
  const [first] = partsOf(list);
  const isNow = first === undefined || /^(?:undefined|void\b.*)$/u.test(textOf(first));
  return isNow ? `${method}() of now` : null;
}

function uncomparedUse(node: SyntaxNode, { rules }: Place): string | null {
  return rules === pythonRules ? uncomparedField(node) : null;
}

/** `require("os")`, `__import__("os")`, `import("os")`. */
function loadUse(node: SyntaxNode, place: Place): string | null {
  const { rules } = place;
  const callee = fieldOf(node, "function");
  const name = textOf(callee);
  if (!/^(?:require|import|__import__)$/u.test(name)) return null;
  const [argument] = partsOf(fieldOf(node, "arguments"));
  const module = constantText(argument);
  return module === null ? `${name}([…])` : (rules.imports(`import "${module}"`) ?? optionalImport(node, place));
}

/** What is imported in a `try`, or with `.catch`, is there in one place and missing in another. */
function optionalImport(node: SyntaxNode, place: Place): string | null {
  const outer = outerNodes(place);
  const isInTry = outer.some(
    (one, index) => one.name === "try_statement" && isTriedPart(outer[index + 1] ?? node, one),
  );
  const isCaught = place.parent?.name === "member_expression" && /\.\s*catch$/u.test(textOf(place.parent));
  return isInTry || isCaught ? `optional: ${textOf(node).replace(/\s+/gu, " ").slice(0, 80)}` : null;
}

/** The block of a `try` itself, not those of `catch` and `finally`. */
function isTriedPart(part: SyntaxNode, statement: SyntaxNode): boolean {
  return part === fieldOf(statement, "body");
}

/** `Object.is = …`: the language's own objects are everybody's. */
function writeUse(node: SyntaxNode, { rules }: Place): string | null {
  const targets = rules === pythonRules ? boundTargets(node) : node.children.slice(0, 1);
  const chain = targets.map((target) => chainOf(target)).find((one) => one !== null && rules.shared.test(one));
  return chain == null ? null : `${chain} = …`;
}

/** A letter of a name can be written as an escape, which the grammar does not read. In a string it means the same. */
function withoutNameEscapes(text: string): string {
  return text.replace(/\\u(?:\{0*([0-9a-fA-F]{2})\}|00([0-9a-fA-F]{2}))/gu, (written, short, long) => {
    const letter = String.fromCharCode(Number.parseInt(short ?? long, 16));
    return /[\w$]/u.test(letter) ? letter : written;
  });
}

/** A method that decides how values compare. */
function definitionUse(node: SyntaxNode, place: Place): string | null {
  const { parent, around, tree, rules } = place;
  const name = decodedLiteral(textOf(node));
  if (!rules.definitions.test(name) || isPlainDefinition(parent, around, tree)) return null;
  return isOnlyCalled(place) ? null : name;
}

/** What tells an equality from a rewritten one; undefined for any other use. */
function digestOf(what: string, node: SyntaxNode, place: Place): string | undefined {
  const { parent, around, rules } = place;
  if (parent === null || !rules.definitions.test(what) || otherMethods.test(what)) return undefined;
  const outer = around.at(-1);
  if (rules === pythonRules) {
    const giver = givenBy(node, place);
    const isDecorated = giver === parent && outer?.name === "decorated_definition";
    return giver === undefined ? undefined : definitionDigest(isDecorated ? outer : giver);
  }
  if (outer !== undefined && isAssignment(outer)) return definitionDigest(outer);
  return parent.name === "member_expression" ? undefined : definitionDigest(parent);
}

const otherMethods = /^__(?!(?:eq|ne)__$)/u;

/** `date.valueOf()` defines nothing. */
function isOnlyCalled({ parent, around }: Place): boolean {
  const call = around.at(-1);
  const isMember = parent?.name === "member_expression" || parent?.name === "attribute";
  return isMember && fieldOf(call, "function") === parent && partsOf(fieldOf(call, "arguments")).length === 0;
}

/** `process.env.CI`, `globalThis["proc" + "ess"]`, `new Date()`. A computed name that is not constant is `[…]`. */
function chainUse(node: SyntaxNode, place: Place): string | null {
  const { parent, rules } = place;
  if (isPlainImportedName(node, outerNodes(place))) return null;
  const written = variableRead(chainOf(node), parent);
  if (written === null || isPlain(node, place)) return null;
  const chain = place.locals.has(rootOf(node)) ? written.replace(/^[\w$]+/u, "local") : written;
  const found = rules.chains.find((rule) => rule.test(chain));
  if (found === undefined) return null;
  if (chain === "Date") return dateUse(parent);
  if (rules.constructed?.test(chain) === true) return isConstructed(node, place) ? `new ${chain}()` : null;
  return written;
}

/** An event that is sent at once says nothing to the code that makes it. */
function isConstructed(node: SyntaxNode, { parent, around }: Place): boolean {
  if (fieldOf(parent ?? undefined, "constructor") !== node) return false;
  const callee = around.at(-1)?.name === "arguments" ? fieldOf(around.at(-2), "function") : undefined;
  return callee === undefined || !/dispatchEvent$/u.test(textOf(callee));
}

/** `new Date()` is now, and `new Date(year, month)` is in the local time zone, which decides nothing that varies if all is written out. */
function dateUse(parent: SyntaxNode | null): string | null {
  if (isDateOfNow(parent)) return "new Date()";
  const given = parent?.name === "new_expression" ? partsOf(fieldOf(parent, "arguments")) : [];
  return given.length > 1 && given.some(({ name }) => name !== "number") ? "new Date(year, month)" : null;
}

/** `join(__dirname, "x")`, `__dirname + "/x"`: a place to find files, not a question about it. */
function isPathPart(node: SyntaxNode, outer: readonly SyntaxNode[]): boolean {
  const [call, list] = [outer.at(-2), outer.at(-1)];
  if (list?.name === "template_substitution") return true;
  if (list?.name === "binary_expression") return list.children[0] === node && /^__dirname\s*\+/u.test(textOf(list));
  const callee = list?.name === "arguments" && call !== undefined ? textOf(call.children[0] ?? call) : "";
  return /(?:^|\.)(?:join|resolve|normalize|dirname|relative|pathToFileURL|createRequire)$/u.test(callee);
}

function outerNodes({ parent, around }: Place): SyntaxNode[] {
  return parent === null ? [] : [...around, parent];
}

/** `process.env.TZ = "UTC"` depends on nothing either, but Node's own variables decide how processes run. */
function isPlain(node: SyntaxNode, place: Place): boolean {
  const { parent, rules } = place;
  const chain = variableRead(chainOf(node), parent) ?? "";
  const isWritten = parent !== null && isAssignment(parent) && node.field === "left";
  // A method makes another object of its own class.
  const isOwnClass = chain === "self.__class__" && parent?.name === "call" && parent.children[0] === node;
  return (
    isOwnClass ||
    rules.plain.some((rule) => rule.test(chain)) ||
    (chain === "__dirname" && isPathPart(node, outerNodes(place))) ||
    (rules.clocks.test(chain) && isElapsedTime(node, outerNodes(place))) ||
    (isWritten && /^process\.env\.(?!NODE|npm)[A-Za-z_]\w*$/u.test(chain))
  );
}

function isDateOfNow(parent: SyntaxNode | null): boolean {
  if (parent === null || !/^(?:new|call)_expression$/u.test(parent.name))
    return !/^(?:(?:member|subscript|binary)_expression)$/u.test(parent?.name ?? "");
  const list = fieldOf(parent, "arguments");
  return list === undefined || textOf(list).replace(/\s/gu, "") === "()";
}

/** A path of the machine, or a name that only a test's surroundings have, in a string. */
function stringUse(node: SyntaxNode, { parent, rules }: Place): string | null {
  // Only the outermost piece of a joined text counts.
  const isJoined = /^(?:binary_(?:expression|operator)|concatenated_string)$/u.test(parent?.name ?? "");
  if (parent !== null && isJoined && constantText(parent) !== null) return null;
  const text = constantText(node);
  const found = text === null ? undefined : rules.strings.exec(text)?.[0];
  return found === undefined ? null : `"${found}"`;
}

function inCompiled(path: string, text: string, beside: readonly string[]): Surrounding[] {
  if (!/\.(?:go|rs)$/u.test(path)) return [];
  const tree = readSyntax(text, path);
  const uses = path.endsWith(".go") ? [...goComparisons(tree, beside), ...goUses(tree)] : rustUses(tree);
  const lineOf = lineFinder(text);
  return uses.slice(0, usesMax).map(({ at, ...use }) => ({ ...use, line: lineOf(at) }));
}
