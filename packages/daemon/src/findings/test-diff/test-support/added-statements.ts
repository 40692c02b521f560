/**
 * Recognizes new statements at the top of a helper that hardly could do anything to existing tests, although they run when the file is loaded: another constant like one that is there, a constant of a
 * plain value, an error that is thrown for plain reasons, and a new assertion of chai. Whether existing tests notice as much as before is tried on mutants (ADR 0041). Pure.
 */
import { childOf, partsOf, printSyntax, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { hasMeaningAsMember } from "./reserved-names.ts";

interface AddedStatement {
  /** New names that others could use. */
  readonly names: readonly string[];
  /** Texts that what is called may take for names of files. */
  readonly texts: readonly string[];
}

/** Statements at the top of a file. */
export interface TopStatements {
  readonly tree: SyntaxTree;
  readonly statements: readonly SyntaxNode[];
}

/** Null for any other statement than those. `statement` is one of `young`. */
export function addedStatement(statement: SyntaxNode, young: TopStatements, old: TopStatements): AddedStatement | null {
  const values = new PlainValues(young);
  if (isPlainRefusal(values, statement)) return { names: [], texts: [] };
  const constant = constantIn(young.tree, statement);
  if (constant !== null) {
    if (/^pytest/u.test(constant.name)) return null;
    if (values.isPlain(constant.value)) return { names: [constant.name], texts: [] };
    const form = formOf(young.tree, statement);
    const isLike = old.statements.some((one) => constantIn(old.tree, one) !== null && formOf(old.tree, one) === form);
    const texts = literalsIn(constant.value).map((one) => sourceText(young.tree, one).replaceAll(/^["']|["']$/gu, ""));
    const isHarmless = texts.every((text) => harmlessText.test(text)) && onlyReads(young.tree, constant.value);
    return isLike && isHarmless ? { names: [constant.name], texts } : null;
  }
  const heads = old.statements.flatMap((one) => pluginIn(old.tree, one)?.head ?? []);
  const plugin = pluginIn(young.tree, statement);
  if (plugin === null || plugin.names === null || !heads.includes(plugin.head)) return null;
  return { names: plugin.names, texts: [] };
}

/** A plain name, a number, or a path of a file of data: nothing that leads to code elsewhere. */
const harmlessText = /^(?:[\w-]+|[\w./-]+\.(?:json|csv|tsv|txt|xml|html|md|ya?ml|toml))$/u;
/** What is called by such a name gives something, and changes nothing. */
const reading =
  /^(?:(?:read|load|parse|fixture|sample|example|golden)\w*|rows?|cases?|tables?|data|json|text|lines|join|resolve|URL|Path|open|(?:JSON\.parse|json\.loads?|fs\.readFileSync|path\.(?:join|resolve)|os\.path\.join)|.*\.read_text)$/su;
const doing = /^(?:Assignment|Update|Await|Yield|Arrow|Function|Lambda|Class|Tagged|Dynamic|Named|Postfix)/u;

/** Whether it calls what reads, and does nothing else. */
function onlyReads(tree: SyntaxTree, value: SyntaxNode): boolean {
  let calls = 0;
  const isFine = (node: SyntaxNode): boolean => {
    if (doing.test(node.name)) return false;
    if (node.name === "CallExpression" || node.name === "NewExpression") {
      const callee = node.children[node.name === "NewExpression" ? 1 : 0];
      if (callee === undefined || !reading.test(sourceText(tree, callee))) return false;
      calls += 1;
    }
    return node.children.every(isFine);
  };
  return isFine(value) && calls > 0;
}

function constantIn(tree: SyntaxTree, statement: SyntaxNode): { name: string; value: SyntaxNode } | null {
  if (statement.name === "ExportDeclaration") {
    const inner = childOf(statement, "VariableDeclaration");
    return inner === undefined ? null : constantIn(tree, inner);
  }
  const parts = statement.children.filter(({ name }) => name !== ";");
  const isConstant = statement.name === "VariableDeclaration" && parts.length === 4 && parts[0]?.name === "const";
  const isAssigned = statement.name === "AssignStatement" && parts.length === 3 && parts[1]?.name === "AssignOp";
  const [name, , value] = isConstant ? parts.slice(1) : isAssigned ? parts : [];
  if (name === undefined || value === undefined || !/^Variable(?:Definition|Name)$/u.test(name.name)) return null;
  return isAssigned && sourceText(tree, parts[1] ?? statement) !== "=" ? null : { name: sourceText(tree, name), value };
}

/** Without the name that it gives, and without what its texts and numbers are. */
function formOf(tree: SyntaxTree, statement: SyntaxNode): string {
  const constant = childOf(statement, "VariableDeclaration") ?? statement;
  const name = childOf(constant, "VariableDefinition", "VariableName");
  const literals = literalsIn(statement);
  const print = printSyntax(tree, statement, new Set([...literals, ...(name === undefined ? [] : [name])]));
  return [print, ...literals.map((one) => one.name)].join("\n");
}

function literalsIn(node: SyntaxNode): SyntaxNode[] {
  return /^(?:String|Number)$/u.test(node.name) ? [node] : node.children.flatMap(literalsIn);
}

/** `if (plain) throw new Error(plain)`, in braces or not. */
function isPlainRefusal(values: PlainValues, statement: SyntaxNode): boolean {
  const [condition, branch, ...others] = partsOf(statement).slice(1);
  if (statement.name !== "IfStatement" || condition === undefined || branch === undefined || others.length > 0)
    return false;
  const [thrown, ...more] = branch.name === "Block" ? partsOf(branch) : [branch];
  const made = thrown?.name === "ThrowStatement" ? childOf(thrown, "NewExpression") : undefined;
  if (made === undefined || more.length > 0 || !values.isPlain(condition)) return false;
  const isError = /^new (?:Type|Range)?Error\b/u.test(values.textOf(made));
  return isError && partsOf(childOf(made, "ArgList")).every((one) => values.isPlain(one));
}

const plainKinds: ReadonlySet<string> = new Set(
  (
    "String Number BooleanLiteral Boolean None null VariableName PropertyName ParenthesizedExpression BinaryExpression ConditionalExpression UnaryExpression " +
    "MemberExpression ArrayExpression TupleExpression ObjectExpression DictionaryExpression Property PropertyDefinition TemplateString Interpolation InterpolationStart InterpolationEnd " +
    "CompareOp ArithOp LogicOp in instanceof not and or is ArrowFunction Arrow ParamList ObjectPattern ArrayPattern PatternProperty VariableDefinition CallExpression NewExpression ArgList"
  ).split(" "),
);
/** Methods of lists, texts and sets that change nothing and whose functions are plain values here. */
const plainMethods =
  /\.(?:map|filter|flatMap|flat|some|every|includes|has|join|slice|startsWith|endsWith|trim|toLowerCase|toUpperCase)$/u;
const plainFunctions =
  /^(?:Object\.(?:keys|values|entries)|Array\.isArray|Number\.(?:isInteger|isFinite)|String|Number|Boolean)$/u;

/** Expressions of literals, operators, methods that change nothing, and constants of a file that have such values or come from JSON: reading a field of anything else may run code. */
class PlainValues {
  readonly #tree: SyntaxTree;
  readonly #known = new Set(["undefined"]);

  constructor({ tree, statements }: TopStatements) {
    this.#tree = tree;
    for (const statement of statements) {
      const constant = constantIn(tree, statement);
      if (constant === null) continue;
      const isRead = constant.value.name === "CallExpression" && isCallOfJson(tree, constant.value);
      if (isRead || this.isPlain(constant.value)) this.#known.add(constant.name);
    }
  }

  textOf(node: SyntaxNode): string {
    return sourceText(this.#tree, node);
  }

  isPlain(node: SyntaxNode, inner: ReadonlySet<string> = new Set()): boolean {
    if (/^[^A-Za-z]/u.test(node.name)) return true;
    if (!plainKinds.has(node.name)) return false;
    const [first, second] = node.children;
    const all = (nodes: readonly SyntaxNode[], names = inner) => nodes.every((one) => this.isPlain(one, names));
    const text = first === undefined ? "" : this.textOf(first);
    switch (node.name) {
      case "VariableName":
        return inner.has(this.textOf(node)) || this.#known.has(this.textOf(node));
      case "ArrowFunction": {
        const parameters = childOf(node, "ParamList");
        const names = definedIn(parameters).map((one) => this.textOf(one));
        return all(node.children, new Set([...inner, ...names]));
      }
      case "NewExpression":
        return /^(?:Set|Map)$/u.test(second === undefined ? "" : this.textOf(second)) && all(node.children.slice(2));
      case "CallExpression": {
        if (plainFunctions.test(text)) return all(node.children.slice(1));
        return first?.name === "MemberExpression" && plainMethods.test(text) && all(node.children);
      }
      case "UnaryExpression":
        return /^(?:!|-|\+|not)$/u.test(text) && all(node.children);
      default:
        return all(node.children);
    }
  }
}

const isCallOfJson = (tree: SyntaxTree, call: SyntaxNode) =>
  /^(?:JSON\.parse|json\.loads?)$/u.test(sourceText(tree, call.children[0] ?? call));

function definedIn(node: SyntaxNode | undefined): SyntaxNode[] {
  if (node === undefined) return [];
  return node.name === "VariableDefinition" ? [node] : node.children.flatMap(definedIn);
}

/** `chai.use(({ Assertion }) => { Assertion.addMethod("name", function …) })`; no names for anything else in such braces. */
function pluginIn(tree: SyntaxTree, statement: SyntaxNode): { head: string; names: readonly string[] | null } | null {
  const call = statement.name === "ExpressionStatement" ? childOf(statement, "CallExpression") : undefined;
  const [given, ...more] = partsOf(childOf(call, "ArgList"));
  const body = given?.name === "ArrowFunction" && more.length === 0 ? childOf(given, "Block") : undefined;
  if (call === undefined || body === undefined) return null;
  const head = tree.text.slice(call.from, body.from).replaceAll(/\s+/gu, " ");
  if (!/^chai\.use\(\(\{ ?Assertion ?\}\) => $/u.test(head)) return null;
  const names = partsOf(body).map((one) => assertionIn(tree, one));
  return { head, names: names.every((name) => name !== null) ? names : null };
}

function assertionIn(tree: SyntaxTree, statement: SyntaxNode): string | null {
  const call = statement.name === "ExpressionStatement" ? childOf(statement, "CallExpression") : undefined;
  const [callee] = call?.children ?? [];
  const [title, body, ...more] = partsOf(childOf(call, "ArgList"));
  const isAdded = callee !== undefined && /^Assertion\.add(?:Method|Property)$/u.test(sourceText(tree, callee));
  if (!isAdded || title === undefined || body?.name !== "FunctionExpression" || more.length > 0) return null;
  const name = /^(["'])([a-z]\w*)\1$/iu.exec(sourceText(tree, title))?.[2] ?? null;
  return name === null || hasMeaningAsMember(name) || chaiNames.has(name) ? null : name;
}

/** What chai's own assertions are called; a method of such a name takes the place of one. */
const chaiNames: ReadonlySet<string> = new Set(
  (
    "to be been is that which and has have with at of same but does still also not deep nested own ordered any all a an include includes contain contains ok true false numeric " +
    "callable null undefined NaN exist exists empty arguments Arguments equal equals eq eql eqls above gt greaterThan least gte greaterThanOrEqual below lt lessThan most lte " +
    "lessThanOrEqual within instanceof instanceOf property ownProperty haveOwnProperty ownPropertyDescriptor haveOwnPropertyDescriptor length lengthOf match matches string keys key " +
    "throw throws Throw respondTo respondsTo itself satisfy satisfies closeTo approximately members oneOf change changes increase increases decrease decreases by extensible sealed " +
    "frozen finite iterable containSubset subset rejected rejectedWith fulfilled eventually become notify assert"
  ).split(" "),
);
