/**
 * Lists what code depends on besides its inputs (SECURITY T26, T29, T30): environment, clock, chance, place, stack and loaded modules, and changes of the
 * language's own objects. Code that behaves differently during checks needs such a dependence, so a change that adds one asks. Names are read from the syntax
 * tree, with escapes and constant expressions computed. Pure.
 *
 * Folder: what code depends on besides its inputs.
 */

import { fieldOf, lineFinder, partsOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { readSyntax } from "../../tree/syntax-tree.ts";
import { definitionDigest } from "./comparing.ts";
import { isElapsedTime } from "./elapsed-time.ts";
import { chainOf, constantText, decodedLiteral, isAnyMember } from "./member-chain.ts";
import { type TypeNameForm, typeNames } from "./type-names.ts";
import type { Surrounding, Use } from "./use.ts";

/** What counts in a file of JavaScript or Python, by the documentation of Node's globals and modules and of Python's library and data model. */
export interface SurroundingRules {
  /** Chains that count, such as `process.argv`. */
  readonly chains: readonly RegExp[];
  /** Exceptions: chains that tell nothing about where code runs. */
  readonly plain: readonly RegExp[];
  /** Chains that do not count if they only measure how long a call takes. */
  readonly clocks: RegExp;
  /** Methods that decide how values compare. */
  readonly definitions: RegExp;
  /** Objects that all code shares: assigning to a member changes the language. */
  readonly shared: RegExp;
  /** The dependence of an import statement; null if there is none. */
  readonly imports: (statement: string) => string | null;
  /** Uses that other rules found. */
  readonly others: readonly Use[];
  readonly typeNames: TypeNameForm;
  /** Whether a single name may define a method, and whether it is used. */
  readonly readName: (node: SyntaxNode, place: NamePlace) => { readonly mayDefine: boolean; readonly isUsed: boolean };
  /** The dependence of a call, apart from the names in it; null if there is none. */
  readonly callUse: (call: SyntaxNode) => string | null;
  /** The targets of an assignment. */
  readonly targetsOf: (assignment: SyntaxNode) => readonly SyntaxNode[];
  /** Whether the definition of a comparing method is honest. */
  readonly isPlainDefinition: (method: SyntaxNode | null, around: readonly SyntaxNode[]) => boolean;
  /** The node that defines a comparing method by this name; undefined for any other use of the name. */
  readonly definitionOf: (name: SyntaxNode, place: NamePlace) => SyntaxNode | undefined;
  /** The form under which the rules know a chain. */
  readonly knownChain: (chain: string, place: NamePlace) => string;
  /** The chain in which a parameter's name no longer looks like a global. */
  readonly globalChain: (chain: string, node: SyntaxNode) => string;
  /** The report of a chain that counts; null if it does not count at this place. */
  readonly chainUse: (chain: string, node: SyntaxNode, place: NamePlace) => string | null;
  /** Whether a chain is harmless at this place. */
  readonly isPlainThere: (chain: string, node: SyntaxNode, place: NamePlace) => boolean;
}

export interface NamePlace {
  readonly parent: SyntaxNode | null;
  /** The nodes that contain the parent, the nearest last. */
  readonly around: readonly SyntaxNode[];
  readonly rules: SurroundingRules;
}

/** Strings that name folders of the machine. */
const machinePath =
  /^(?:\/(?:proc|sys|etc|dev|home|root|tmp|usr|opt|var|run|mnt|workspace|report)(?:\/|$)|\/\.dockerenv)[\w./-]*/u;

/**
 * Environment variables that tell where code runs. Reading any other is configuration: it is unset everywhere, also in checks, unless somebody sets it.
 */
export const environmentVariable = String.raw`(?:CI|HOME|USER|LOGNAME|PATH|PWD|OLDPWD|SHELL|SHLVL|TERM|TZ|LANG|LANGUAGE|HOSTNAME|HOST|TMPDIR|TEMP|TMP|COLUMNS|LINES|EDITOR|DISPLAY|INIT_CWD|container|_|(?:LC|NODE|NPM|npm|PYTHON|PYTEST|PY|JEST|VITEST|VITE|MOCHA|TAP|AVA|NYC|TEST|GITHUB|GITLAB|TRAVIS|CIRCLE|JENKINS|BUILD|RUNNER|SSH|XDG|DOCKER|KUBERNETES|CARGO|RUST|GO|JAVA|CLAUDE|ANTHROPIC|AEDEV|FORCE|NO)_?\w*|\w*(?:TEST|SANDBOX|CI_)\w*)`;

const usesMax = 2_000;

/** All uses, in the order of the text. Throws `UnreadableText` beyond the parser's bounds. */
export function surroundingsIn(
  path: string,
  text: string,
  rulesOf: (tree: SyntaxTree) => SurroundingRules,
): Surrounding[] {
  const tree = readSyntax(withoutNameEscapes(text), path);
  const rules = rulesOf(tree);
  const lineOf = lineFinder(tree.text);
  const found = withLines([...rules.others, ...typeNames(tree, rules.typeNames)], tree);
  const visit = (node: SyntaxNode, parent: SyntaxNode | null, around: readonly SyntaxNode[]): void => {
    if (found.length >= usesMax) return;
    const place = { parent, around, rules };
    const what = useOf(node, place);
    if (what !== null) found.push({ what, line: lineOf(node.from), digest: digestOf(what, node, place) });
    // The parts of a counted chain are the same use, and the parts of a plain chain are plain.
    const isDone = isAnyMember(node) && (what !== null || isPlain(node, place));
    const outer = outerNodes(place);
    for (const child of node.children) if (!isDone || child !== node.children[0]) visit(child, node, outer);
  };
  visit(tree.root, null, []);
  return found;
}

/** Replaces the offset of each use with its line. */
export function withLines(uses: readonly Use[], tree: SyntaxTree): Surrounding[] {
  const lineOf = lineFinder(tree.text);
  return uses.slice(0, usesMax).map(({ at, ...use }) => ({ ...use, line: lineOf(at) }));
}

/** Decodes escaped letters, which the grammar does not read in names. In strings the result means the same. */
function withoutNameEscapes(text: string): string {
  return text.replace(/\\u(?:\{0*([0-9a-fA-F]{2})\}|00([0-9a-fA-F]{2}))/gu, (written, short, long) => {
    const letter = String.fromCharCode(Number.parseInt(short ?? long, 16));
    return /[\w$]/u.test(letter) ? letter : written;
  });
}

function useOf(node: SyntaxNode, place: NamePlace): string | null {
  const { rules } = place;
  switch (node.name) {
    case "shorthand_property_identifier":
      return definitionUse(node, place) ?? chainUse(node, place);
    case "identifier": {
      const { mayDefine, isUsed } = rules.readName(node, place);
      return (mayDefine ? definitionUse(node, place) : null) ?? (isUsed ? chainUse(node, place) : null);
    }
    case "member_expression":
    case "subscript_expression":
    case "meta_property":
    case "attribute":
    case "subscript":
      return chainUse(node, place);
    case "call_expression":
    case "call":
      return rules.callUse(node) ?? loadUse(node, place);
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

/** The dependence of `require("os")`, `__import__("os")` or `import("os")`. */
function loadUse(node: SyntaxNode, place: NamePlace): string | null {
  const { rules } = place;
  const callee = fieldOf(node, "function");
  const name = textOf(callee);
  if (!/^(?:require|import|__import__)$/u.test(name)) return null;
  const [argument] = partsOf(fieldOf(node, "arguments"));
  const module = constantText(argument);
  return module === null ? `${name}([…])` : (rules.imports(`import "${module}"`) ?? optionalImport(node, place));
}

/** An import in a `try` or with `.catch`: the module may exist in one place and be missing in another. */
function optionalImport(node: SyntaxNode, place: NamePlace): string | null {
  const outer = outerNodes(place);
  // Only the block of the `try` itself, not `catch` or `finally`.
  const isInTry = outer.some(
    (one, index) => one.name === "try_statement" && (outer[index + 1] ?? node) === fieldOf(one, "body"),
  );
  const isCaught = place.parent?.name === "member_expression" && /\.\s*catch$/u.test(textOf(place.parent));
  return isInTry || isCaught ? `optional: ${textOf(node).replace(/\s+/gu, " ").slice(0, 80)}` : null;
}

/** An assignment such as `Object.is = …` to an object that all code shares. */
function writeUse(node: SyntaxNode, { rules }: NamePlace): string | null {
  const chain = rules
    .targetsOf(node)
    .map(chainOf)
    .find((one) => one !== null && rules.shared.test(one));
  return chain == null ? null : `${chain} = …`;
}

/** A method that decides how values compare. */
function definitionUse(node: SyntaxNode, place: NamePlace): string | null {
  const { parent, around, rules } = place;
  const name = decodedLiteral(textOf(node));
  if (!rules.definitions.test(name) || rules.isPlainDefinition(parent, around)) return null;
  return isOnlyCalled(place) ? null : name;
}

/** The digest of an equality's definition, which shows a rewrite; undefined for any other use. */
function digestOf(what: string, node: SyntaxNode, place: NamePlace): string | undefined {
  const { parent, rules } = place;
  if (parent === null || !rules.definitions.test(what) || otherMethods.test(what)) return undefined;
  const definition = rules.definitionOf(node, place);
  return definition === undefined ? undefined : definitionDigest(definition);
}

const otherMethods = /^__(?!(?:eq|ne)__$)/u;

/** Whether a method is only called, as in `date.valueOf()`, which defines nothing. */
function isOnlyCalled({ parent, around }: NamePlace): boolean {
  const call = around.at(-1);
  const isAnyMember = parent?.name === "member_expression" || parent?.name === "attribute";
  return isAnyMember && fieldOf(call, "function") === parent && partsOf(fieldOf(call, "arguments")).length === 0;
}

/** The use of a chain such as `process.env.CI` or `globalThis["proc" + "ess"]`. A computed member that is not constant is `[…]`. */
function chainUse(node: SyntaxNode, place: NamePlace): string | null {
  const { rules } = place;
  const written = chainOf(node);
  if (written === null || isPlain(node, place)) return null;
  const chain = rules.knownChain(written, place);
  const counted = rules.globalChain(chain, node);
  return rules.chains.some((rule) => rule.test(counted)) ? rules.chainUse(chain, node, place) : null;
}

function isPlain(node: SyntaxNode, place: NamePlace): boolean {
  const { rules } = place;
  const chain = rules.knownChain(chainOf(node) ?? "", place);
  return (
    rules.plain.some((rule) => rule.test(chain)) ||
    rules.isPlainThere(chain, node, place) ||
    (rules.clocks.test(chain) && isElapsedTime(node, outerNodes(place)))
  );
}

/** The nodes that contain a node, the nearest last. */
export function outerNodes({ parent, around }: NamePlace): SyntaxNode[] {
  return parent === null ? [] : [...around, parent];
}

/** The use of a string that names a folder of the machine. */
function stringUse(node: SyntaxNode, { parent }: NamePlace): string | null {
  // In a joined text, only the outermost piece counts.
  const isJoined = /^(?:binary_(?:expression|operator)|concatenated_string)$/u.test(parent?.name ?? "");
  if (parent !== null && isJoined && constantText(parent) !== null) return null;
  const text = constantText(node);
  const found = text === null ? undefined : machinePath.exec(text)?.[0];
  return found === undefined ? null : `"${found}"`;
}
