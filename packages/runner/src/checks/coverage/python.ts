/** Makes the text of a Python file that reports which ways through its changed lines are taken. Lines move, results of such a file are not used. Pure. */
import { readSyntax, type SyntaxNode } from "@aedev/host/syntax/syntax-tree";
import { type Form, type ProbedFile, type ProbeOptions, Probing } from "./places.ts";

const isComment = ({ name }: SyntaxNode) => name === "Comment";
const isStatement = ({ name }: SyntaxNode) => /(Statement|Definition)$/u.test(name);
const compound = /^(If|For|While|Try|With|Match)Statement$/u;
/** A definition runs with its module; the scope of a name has to come first. */
const silent = /^((Function|Class|Type)Definition|DecoratedStatement|ScopeStatement)$/u;
const constants = /^(Number|String|Boolean|None)$/u;
const refusal = /^(?:raise\b|return\s+NotImplemented\b|sys\.exit\()/u;

/** The language calls them for texts and hashes. */
const forLanguage = /^__(?:hash|repr|str|format)__$/u;

interface Walk {
  probing: Probing;
  /** Of the reporting function. */
  name: string;
  after: Map<SyntaxNode, readonly SyntaxNode[]>;
  /** Bodies of methods that the language calls. */
  forLanguage: Set<SyntaxNode>;
}

export function probePython(text: string, options: ProbeOptions): ProbedFile {
  const { root } = readSyntax(text, options.path);
  const { name } = options;
  const probing = new Probing(text, options, formOf(text, name));
  const walk: Walk = { probing, name, after: new Map(), forLanguage: new Set() };
  list(root.children, walk);
  const { places } = probing;
  const at = statementsOf(root.children).find((node) => !isFirst(node, probing))?.from;
  return at === undefined || places.length === 0
    ? { text, places: [] }
    : { text: probing.result({ at, text: reporter(options) }), places };
}

/** A docstring, or an import that has to be the first. */
function isFirst(node: SyntaxNode, probing: Probing): boolean {
  if (node.name === "ImportStatement") return /^from\s+__future__\b/u.test(probing.textOf(node));
  return node.name === "ExpressionStatement" && /String$/u.test(node.children[0]?.name ?? "");
}

/** It has no module, so that it is none of the functions whose calls are recorded. */
function reporter({ name, channel }: ProbeOptions): string {
  const source = `import os
opens, write, close, way, seen = os.open, os.write, os.close, os.O_WRONLY, set()
def report(yes, no="", *value):
    token = yes if not value or value[0] else no
    if token and token not in seen:
        seen.add(token)
        try:
            pipe = opens(${JSON.stringify(channel)}, way)
            write(pipe, (token + "\\n").encode())
            close(pipe)
        except OSError:
            pass
    return value[0] if value else None
report.__module__ = None
`;
  return `${name} = {"__name__": __name__}; exec(${JSON.stringify(source)}, ${name}); ${name} = ${name}["report"]\n`;
}

function formOf(text: string, name: string): Form {
  const refuses = (nodes: readonly SyntaxNode[]): boolean => {
    const [only] = nodes;
    if (nodes.length === 1 && only?.name === "Body") return refuses(statementsOf(only.children));
    const last = nodes.at(-1);
    if (last === undefined || nodes.length > 3) return false;
    const isPlain = nodes.slice(0, -1).every((node) => /^(Expression|Assign)Statement$/u.test(node.name));
    return isPlain && refusal.test(text.slice(last.from, last.to));
  };
  return {
    statement: (token, node, indentation) =>
      compound.test(node.name) ? `${name}('${token}')\n${indentation}` : `${name}('${token}'); `,
    condition: (yes, no) => [`${name}('${yes}','${no}',(`, "))"],
    isBlock: (node) => node.name === "Body",
    isLabel: () => false,
    isConstant: (node) => constants.test(node.name),
    isSilent: (node) => silent.test(node.name),
    headEnd: (node) => bodyOf(node)?.from ?? node.to,
    refuses,
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
      // What only type checkers read.
      if (/TYPE_CHECKING$/u.test(probing.textOf(children[1] ?? node))) return;
      choices(node, children, walk);
      break;
    case "WhileStatement": {
      const condition = nextTo("while");
      if (condition !== undefined) probing.condition(condition, { yes: bodyOf(node) ?? null, no: null, onlyYes: true });
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
      if (last !== undefined) probing.part(last, "statement", (token) => [`(${walk.name}('${token}'),(`, "))[1]"]);
      break;
    }
    // Its other side is a failure; the inside of a text has quotes that ours would end.
    case "AssertStatement":
    case "FormatString":
    case "ParamList":
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

/** Only `...`, behind a docstring: a type or a protocol. */
function isStub(node: SyntaxNode): boolean {
  const last = statementsOf(bodyOf(node)?.children ?? []).filter(
    ({ children }) => !/String$/u.test(children[0]?.name ?? ""),
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
