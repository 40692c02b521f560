/**
 * Lists what code depends on besides its inputs (SECURITY T26, T29, T30): environment, clock, chance, place, stack and loaded modules, and what it does to
 * the language's own objects. Names are read from the syntax tree, with escapes and constant expressions computed. Pure. A change that adds such a
 * dependence asks: code that behaves differently where it is checked needs one.
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

/** What counts in a file of JavaScript or Python. Sources: the documentation of Node's globals and modules, of Python's standard library and data model. */
export interface SurroundingRules {
  /** Names with their members, such as `process.argv`. */
  readonly chains: readonly RegExp[];
  /** Exceptions that say nothing about where code runs. */
  readonly plain: readonly RegExp[];
  /** Those that may measure how long a call takes. */
  readonly clocks: RegExp;
  /** Methods that decide how values compare. */
  readonly definitions: RegExp;
  /** Objects that all code shares: what assigns to their members changes the language. */
  readonly shared: RegExp;
  /** What an import statement depends on; null if nothing. */
  readonly imports: (statement: string) => string | null;
  /** What is found besides names. */
  readonly others: readonly Use[];
  readonly typeNames: TypeNameForm;
  /** Whether a name that stands alone may define a method, and whether it is used. */
  readonly readName: (node: SyntaxNode, place: NamePlace) => { readonly mayDefine: boolean; readonly isUsed: boolean };
  /** What a call depends on besides the names in it; null if nothing. */
  readonly callUse: (call: SyntaxNode) => string | null;
  /** What an assignment gives a value. */
  readonly targetsOf: (assignment: SyntaxNode) => readonly SyntaxNode[];
  /** Whether the definition of a comparing method is honest. */
  readonly isPlainDefinition: (method: SyntaxNode | null, around: readonly SyntaxNode[]) => boolean;
  /** What defines such a method by its name; undefined for any other use. */
  readonly definitionOf: (name: SyntaxNode, place: NamePlace) => SyntaxNode | undefined;
  /** The form under which the rules know a chain. */
  readonly knownChain: (chain: string, place: NamePlace) => string;
  /** The same without a name that means a parameter. */
  readonly globalChain: (chain: string, node: SyntaxNode) => string;
  /** How a chain that counts is reported; null if it counts for nothing where it stands. */
  readonly chainUse: (chain: string, node: SyntaxNode, place: NamePlace) => string | null;
  /** Whether a chain says nothing where it stands. */
  readonly isPlainThere: (chain: string, node: SyntaxNode, place: NamePlace) => boolean;
}

export interface NamePlace {
  readonly parent: SyntaxNode | null;
  /** The nodes that contain the parent, the nearest last. */
  readonly around: readonly SyntaxNode[];
  readonly rules: SurroundingRules;
}

/** Strings that name places of the machine. */
const machinePath =
  /^(?:\/(?:proc|sys|etc|dev|home|root|tmp|usr|opt|var|run|mnt|workspace|report)(?:\/|$)|\/\.dockerenv)[\w./-]*/u;

/**
 * Environment variables that say where code runs. Reading another one by its name is configuration: it is unset in checks as it is elsewhere, unless
 * somebody sets it.
 */
export const environmentVariable = String.raw`(?:CI|HOME|USER|LOGNAME|PATH|PWD|OLDPWD|SHELL|SHLVL|TERM|TZ|LANG|LANGUAGE|HOSTNAME|HOST|TMPDIR|TEMP|TMP|COLUMNS|LINES|EDITOR|DISPLAY|INIT_CWD|container|_|(?:LC|NODE|NPM|npm|PYTHON|PYTEST|PY|JEST|VITEST|VITE|MOCHA|TAP|AVA|NYC|TEST|GITHUB|GITLAB|TRAVIS|CIRCLE|JENKINS|BUILD|RUNNER|SSH|XDG|DOCKER|KUBERNETES|CARGO|RUST|GO|JAVA|CLAUDE|ANTHROPIC|AEDEV|FORCE|NO)_?\w*|\w*(?:TEST|SANDBOX|CI_)\w*)`;

const usesMax = 2_000;

/** Every use in the order of the text. Throws `UnreadableText` beyond the parser's bounds. */
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
    // The parts of a chain that was counted are the same use, and those of a plain one are plain.
    const isDone = isAnyMember(node) && (what !== null || isPlain(node, place));
    const outer = outerNodes(place);
    for (const child of node.children) if (!isDone || child !== node.children[0]) visit(child, node, outer);
  };
  visit(tree.root, null, []);
  return found;
}

/** The uses with their lines. */
export function withLines(uses: readonly Use[], tree: SyntaxTree): Surrounding[] {
  const lineOf = lineFinder(tree.text);
  return uses.slice(0, usesMax).map(({ at, ...use }) => ({ ...use, line: lineOf(at) }));
}

/** A letter of a name can be written as an escape, which the grammar does not read. In a string it means the same. */
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

/** `require("os")`, `__import__("os")`, `import("os")`. */
function loadUse(node: SyntaxNode, place: NamePlace): string | null {
  const { rules } = place;
  const callee = fieldOf(node, "function");
  const name = textOf(callee);
  if (!/^(?:require|import|__import__)$/u.test(name)) return null;
  const [argument] = partsOf(fieldOf(node, "arguments"));
  const module = constantText(argument);
  return module === null ? `${name}([…])` : (rules.imports(`import "${module}"`) ?? optionalImport(node, place));
}

/** What is imported in a `try`, or with `.catch`, is there in one place and missing in another. */
function optionalImport(node: SyntaxNode, place: NamePlace): string | null {
  const outer = outerNodes(place);
  // The block of a `try` itself, not those of `catch` and `finally`.
  const isInTry = outer.some(
    (one, index) => one.name === "try_statement" && (outer[index + 1] ?? node) === fieldOf(one, "body"),
  );
  const isCaught = place.parent?.name === "member_expression" && /\.\s*catch$/u.test(textOf(place.parent));
  return isInTry || isCaught ? `optional: ${textOf(node).replace(/\s+/gu, " ").slice(0, 80)}` : null;
}

/** `Object.is = …`: the language's own objects are everybody's. */
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

/** What tells an equality from a rewritten one; undefined for any other use. */
function digestOf(what: string, node: SyntaxNode, place: NamePlace): string | undefined {
  const { parent, rules } = place;
  if (parent === null || !rules.definitions.test(what) || otherMethods.test(what)) return undefined;
  const definition = rules.definitionOf(node, place);
  return definition === undefined ? undefined : definitionDigest(definition);
}

const otherMethods = /^__(?!(?:eq|ne)__$)/u;

/** `date.valueOf()` defines nothing. */
function isOnlyCalled({ parent, around }: NamePlace): boolean {
  const call = around.at(-1);
  const isAnyMember = parent?.name === "member_expression" || parent?.name === "attribute";
  return isAnyMember && fieldOf(call, "function") === parent && partsOf(fieldOf(call, "arguments")).length === 0;
}

/** `process.env.CI`, `globalThis["proc" + "ess"]`, `new Date()`. A computed name that is not constant is `[…]`. */
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

/** A path of the machine, or a name that only a test's surroundings have, in a string. */
function stringUse(node: SyntaxNode, { parent }: NamePlace): string | null {
  // Only the outermost piece of a joined text counts.
  const isJoined = /^(?:binary_(?:expression|operator)|concatenated_string)$/u.test(parent?.name ?? "");
  if (parent !== null && isJoined && constantText(parent) !== null) return null;
  const text = constantText(node);
  const found = text === null ? undefined : machinePath.exec(text)?.[0];
  return found === undefined ? null : `"${found}"`;
}
