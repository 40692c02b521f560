/** Makes the text of a Python file that reports which ways through its changed lines are taken. Lines move, results of such a file are not used. Pure. */
import type { SyntaxNode } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { type Form, type ProbedFile, type ProbeOptions, Probing } from "./places.ts";

const isComment = ({ name }: SyntaxNode) => name === "Comment";
const isStatement = ({ name }: SyntaxNode) => /(Statement|Definition)$/u.test(name);
const compound = /^(If|For|While|Try|With|Match)Statement$/u;
/** A definition runs with its module; the scope of a name has to come first. */
const silent = /^((Function|Class|Type)Definition|DecoratedStatement|ScopeStatement)$/u;
const constants = /^(Number|String|Boolean|None)$/u;
const emptyValue = /^(?:None|False|0|""|''|\[\s*\]|\{\s*\}|\(\s*\))$/u;
/** A text whose inside is not evaluated. */
const plainString = /^(?:Continued)?String$/u;
const plainStatement = /^(Expression|Assign)Statement$/u;
const refusal = /^(?:raise\b|return\s+NotImplemented\b|sys\.exit\()/u;

/** The language calls them for texts and hashes. */
const forLanguage = /^__(?:hash|repr|str|format)__$/u;

/** Writes the call that reports a token; the empty token is reported by nobody. */
type Call = (token: string, other?: string, value?: "value") => string;
interface Walk {
  probing: Probing;
  call: Call;
  after: Map<SyntaxNode, readonly SyntaxNode[]>;
  /** Bodies of methods that the language calls. */
  forLanguage: Set<SyntaxNode>;
}

export function probePython(text: string, options: ProbeOptions): ProbedFile {
  const { root } = readSyntax(text, options.path);
  const tokens: string[] = [];
  // By number, because the inside of an f-string may have no quotes of its own.
  const numberOf = (token: string) => (token === "" ? -1 : tokens.push(token) - 1);
  const call: Call = (token, other = "", value = undefined) =>
    value === undefined
      ? `${options.name}(${numberOf(token)})`
      : `${options.name}(${numberOf(token)},${numberOf(other)},`;
  const probing = new Probing(text, options, formOf(call));
  const walk: Walk = { probing, call, after: new Map(), forLanguage: new Set() };
  list(root.children, walk);
  const { places } = probing;
  const at = statementsOf(root.children).find((node) => !isFirst(node, probing))?.from;
  return at === undefined || places.length === 0
    ? { text, places: [] }
    : { text: probing.result({ at, text: reporter(options, tokens) }), places };
}

/** A docstring, or an import that has to be the first. */
function isFirst(node: SyntaxNode, probing: Probing): boolean {
  if (node.name === "ImportStatement") return /^from\s+__future__\b/u.test(probing.textOf(node));
  return node.name === "ExpressionStatement" && plainString.test(node.children[0]?.name ?? "");
}

/** It has no module, so that it is none of the functions whose calls are recorded. */
function reporter({ name, channel }: ProbeOptions, tokens: readonly string[]): string {
  const source = `import os
opens, write, close, way, seen = os.open, os.write, os.close, os.O_WRONLY, set()
tokens = ${JSON.stringify(tokens)}
def report(yes, no=-1, *value):
    number = yes if not value or value[0] else no
    if number >= 0 and number not in seen:
        seen.add(number)
        try:
            pipe = opens(${JSON.stringify(channel)}, way)
            write(pipe, (tokens[number] + "\\n").encode())
            close(pipe)
        except OSError:
            pass
    return value[0] if value else None
report.__module__ = None
`;
  return `${name} = {"__name__": __name__}; __import__("builtins").exec(${JSON.stringify(source)}, ${name}); ${name} = ${name}["report"]\n`;
}

function formOf(call: Call): Form {
  return {
    statement: (token, node, indentation) =>
      compound.test(node.name) ? `${call(token)}\n${indentation}` : `${call(token)}; `,
    condition: (yes, no) => [`${call(yes, no, "value")}(`, "))"],
    blockName: "Body",
    statementsOf,
    isLabel: () => false,
    isConstant: (node) => constants.test(node.name),
    isSilent: (node) => silent.test(node.name),
    headEnd: (node) => bodyOf(node)?.from ?? node.to,
    plainStatement,
    refusal,
    emptyValue,
  };
}

const bodyOf = (node: SyntaxNode) => node.children.find(({ name }) => /Body$/u.test(name));

function statementsOf(nodes: readonly SyntaxNode[]): SyntaxNode[] {
  return nodes.flatMap((node) =>
    node.name === "StatementGroup" ? node.children.filter(isStatement) : isStatement(node) ? [node] : [],
  );
}

function list(nodes: readonly SyntaxNode[], walk: Walk, isForLanguage = false): void {
  const { probing, after } = walk;
  const statements = statementsOf(nodes);
  const start = statements.findIndex((node) => !isFirst(node, probing));
  const own = start === -1 ? [] : statements.slice(start);
  probing.statements(own, isForLanguage);
  for (const [index, node] of own.entries()) {
    after.set(node, own.slice(index + 1));
    visit(node, walk);
  }
}

function visit(node: SyntaxNode, walk: Walk): void {
  const { probing } = walk;
  const children = node.children.filter((child) => !isComment(child));
  const nextTo = (name: string) => children[children.findIndex((child) => child.name === name) + 1];
  switch (node.name) {
    case "FunctionDefinition":
      if (isStub(node)) return;
      if (children.some((child) => child.name === "VariableName" && forLanguage.test(probing.textOf(child)))) {
        const body = bodyOf(node);
        if (body !== undefined) walk.forLanguage.add(body);
      }
      break;
    case "Body":
      list(node.children, walk, walk.forLanguage.has(node));
      return;
    case "IfStatement":
      // What only type checkers import; the other sides run.
      if (isForTypes(children, probing)) {
        for (const body of children.filter(({ name }) => name === "Body").slice(1)) visit(body, walk);
        return;
      }
      choices(node, children, walk);
      break;
    case "WhileStatement": {
      const condition = nextTo("while");
      if (condition !== undefined)
        probing.condition(condition, { yes: bodyOf(node) ?? null, no: null, kinds: ["true"] });
      break;
    }
    case "ConditionalExpression": {
      const [yes = null, , condition, , no = null] = children;
      if (condition !== undefined) probing.condition(condition, { yes, no });
      break;
    }
    case "BinaryExpression":
      logical(children, probing);
      break;
    case "Guard":
      if (children[1] !== undefined) probing.condition(children[1], { yes: null, no: null });
      break;
    case "LambdaExpression": {
      const last = children.at(-1);
      if (last !== undefined) probing.part(last, "statement", (token) => [`(${walk.call(token)},(`, "))[1]"]);
      break;
    }
    case "AssertStatement": {
      // What follows the comma only runs if it fails.
      const end = children.findIndex(({ name }) => name === ",");
      for (const child of end === -1 ? children : children.slice(0, end)) asserted(child, walk);
      return;
    }
    case "TypeDef":
      return;
    default:
      if (children.some(({ name }) => name === "for") && node.name !== "ForStatement")
        for (const [index, child] of children.entries()) {
          const condition = children[index + 1];
          if (child.name === "if" && condition !== undefined) probing.condition(condition, { yes: null, no: null });
        }
  }
  for (const child of node.children) visit(child, walk);
}

/** An operand of `and` that does not hold fails the assertion. */
function asserted(node: SyntaxNode, walk: Walk): void {
  const isAnd = node.name === "BinaryExpression" && node.children.some(({ name }) => name === "and");
  if (!isAnd && node.name !== "ParenthesizedExpression") visit(node, walk);
  else for (const child of node.children) asserted(child, walk);
}

function isForTypes([, condition, body]: readonly SyntaxNode[], probing: Probing): boolean {
  if (condition === undefined || body === undefined) return false;
  const isName = /^(?:\w+\.)?TYPE_CHECKING$/u.test(probing.textOf(condition));
  return isName && statementsOf(body.children).every(({ name }) => name === "ImportStatement");
}

/** Only `...`, behind a docstring: a type or a protocol. */
function isStub(node: SyntaxNode): boolean {
  const last = statementsOf(bodyOf(node)?.children ?? []).filter(
    ({ children }) => !plainString.test(children[0]?.name ?? ""),
  );
  return last.length === 1 && last[0]?.children[0]?.name === "Ellipsis";
}

/** `if`, each `elif`, and `else`. */
function choices(node: SyntaxNode, children: readonly SyntaxNode[], { probing, after }: Walk): void {
  for (const [index, { name }] of children.entries()) {
    const [condition, yes, next, rest] = children.slice(index + 1);
    if ((name !== "if" && name !== "elif") || condition === undefined || yes === undefined) continue;
    const no = rest === undefined ? null : next?.name === "else" ? rest : restOf(rest, node);
    const following = no === null && leaves(yes) ? (after.get(node) ?? []) : [];
    probing.condition(condition, { yes, no, after: following });
  }
}

/** The `elif` that starts there and everything behind it; its own places report it. */
function restOf({ from }: SyntaxNode, { to }: SyntaxNode): SyntaxNode {
  return { name: "Body", from, to, children: [] };
}

function leaves(body: SyntaxNode): boolean {
  return /^(Return|Raise|Break|Continue)Statement$/u.test(statementsOf(body.children).at(-1)?.name ?? "");
}

function logical([left, operator, right]: readonly SyntaxNode[], probing: Probing): void {
  if (left === undefined || right === undefined) return;
  if (operator?.name === "and" || operator?.name === "or")
    probing.operands({ left, right, isAnd: operator.name === "and" });
}
