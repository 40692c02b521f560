/**
 * Makes the text of a JavaScript or TypeScript file that reports which ways through its changed lines are taken. Every test runner and compiler reads
 * it like the file itself. Pure.
 */
import { isComment } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { type Form, type ProbedFile, type ProbeOptions, Probing } from "./places.ts";

const isStatement = ({ name }: SyntaxNode) => /(Statement|Declaration|^Block)$/u.test(name);
const isLabel = ({ name }: SyntaxNode) => /^(Case|Default)Label$/u.test(name);
/** They don't run, or before the file's first statement. */
const silent =
  /^(Function|Import|Export|TypeAlias|Interface|Namespace|Ambient|Enum|AmbientFunction|ImportEquals)Declaration$/u;
const withBody = /^(If|For|While|Do|Try|Switch|With|Labeled)Statement$|^Block$|^ClassDeclaration$/u;
const constants = /^(Number|String|BooleanLiteral|null)$/u;
const emptyValue = /^(?:null|undefined|false|0|0n|""|''|``|\[\s*\]|\{\s*\})$/u;
const plainStatement = /^(Expression|Variable)/u;
const refusal = /^(?:throw\b|(?:return\s+)?(?:await\s+)?(?:Promise\.reject\(|new\s+\w*Error\(|process\.exit\([^0)]))/u;

export function probeJavaScript(text: string, options: ProbeOptions): ProbedFile {
  const { root } = readSyntax(text, options.path);
  const { name } = options;
  const probing = new Probing(text, options, formOf(name));
  list(root.children, { probing, name, after: new Map(), forLanguage: new Set() });
  const { places } = probing;
  if (places.length === 0) return { text, places };
  const isTyped = /\.([cm]?ts|tsx)$/u.test(options.path) && !text.startsWith("#!");
  return { text: `${isTyped ? "// @ts-nocheck\n" : ""}${probing.result()}\n;${reporter(options)}\n`, places };
}

/** A function declaration, because those exist before the file's first statement runs. */
function reporter({ name, channel }: ProbeOptions): string {
  return `function ${name}(yes, no, value, kind) {
  const token = arguments.length === 1 ? yes : (kind === 1 ? value === null || value === undefined : value) ? yes : no;
  const state = (${name}.state ??= { seen: Object.create(null), files: null });
  if (token === '' || state.seen[token]) return value;
  state.seen[token] = true;
  try {
    const own = globalThis.process;
    state.files ??= own.getBuiltinModule ? own.getBuiltinModule('node:fs') : require('node:fs');
    const pipe = state.files.openSync(${JSON.stringify(channel)}, 'w');
    state.files.writeSync(pipe, token + '\\n');
    state.files.closeSync(pipe);
  } catch {
    // What is not reported does not count.
  }
  return value;
}`;
}

function formOf(name: string): Form {
  return {
    statement: (token) => `${name}('${token}');`,
    condition: (yes, no, isNullish) => [`${name}('${yes}','${no}',(`, `)${isNullish ? ",1" : ""})`],
    blockName: "Block",
    statementsOf: (nodes) => nodes.filter(isStatement),
    isLabel,
    isConstant: (node) => constants.test(node.name),
    isSilent: (node) => silent.test(node.name),
    headEnd,
    plainStatement,
    refusal,
    emptyValue,
  };
}

function headEnd(node: SyntaxNode): number {
  if (!withBody.test(node.name)) return node.to;
  const body = node.children.find((child) => isStatement(child) || child.name.endsWith("Body"));
  return Math.max(node.from + 1, body?.from ?? 0);
}

/** The language calls them for texts. */
const forLanguage = /^(?:toString|toJSON|toLocaleString|inspect|\[Symbol\.toStringTag\])$/u;

interface Walk {
  probing: Probing;
  /** Of the reporting function. */
  name: string;
  /** The statements behind each `if`. */
  after: Map<SyntaxNode, readonly SyntaxNode[]>;
  /** Bodies of methods that the language calls. */
  forLanguage: Set<SyntaxNode>;
}

function list(nodes: readonly SyntaxNode[], walk: Walk, isForLanguage = false): void {
  const { probing, after } = walk;
  const statements = nodes.filter((node) => isStatement(node) || isLabel(node));
  const start = statements.findIndex((node) => !isDirective(node));
  const own = start === -1 ? [] : statements.slice(start);
  probing.statements(own, isForLanguage);
  for (const [index, node] of own.entries()) {
    after.set(node, probing.following(own, index + 1));
    visit(node, walk);
  }
}

function isDirective({ name, children }: SyntaxNode): boolean {
  const inner = children.filter((child) => !isComment(child));
  return name === "ExpressionStatement" && inner[0]?.name === "String" && inner.length <= 2;
}

function choice(node: SyntaxNode, { probing, after }: Walk): void {
  const condition = innerOf(node);
  const [yes = null, no = null] = node.children.filter(isStatement);
  const following = after.get(node) ?? [];
  if (no !== null) after.set(no, following);
  if (condition === undefined) return;
  probing.condition(condition, { yes, no, after: yes !== null && leaves(yes) ? following : [] });
}

function leaves(body: SyntaxNode): boolean {
  const last = body.name === "Block" ? body.children.findLast(isStatement) : body;
  return last !== undefined && /^(Return|Throw|Break|Continue)Statement$/u.test(last.name);
}

function visit(node: SyntaxNode, walk: Walk): void {
  const { probing, name } = walk;
  const children = node.children.filter((child) => !isComment(child));
  const body = children.find(isStatement) ?? null;
  const condition = innerOf(node);
  const around = (token: string) => [`(${name}('${token}'),(`, "))"] as const;
  switch (node.name) {
    case "Block":
    case "SwitchBody":
      list(node.children, walk, walk.forLanguage.has(node));
      for (const label of children.filter(isLabel)) inside(label, walk);
      return;
    case "IfStatement":
      choice(node, walk);
      break;
    case "WhileStatement":
    case "DoStatement":
      if (condition !== undefined)
        probing.condition(condition, { yes: node.name === "DoStatement" ? null : body, no: null, kinds: ["true"] });
      break;
    case "ForStatement":
      if (body !== null && body.name !== "Block")
        probing.part(body, "statement", (token) => [`{${name}('${token}');`, "}"]);
      break;
    case "ConditionalExpression": {
      const [question, , yes = null, , no = null] = children;
      if (question !== undefined) probing.condition(question, { yes, no });
      break;
    }
    case "BinaryExpression":
      logical(children, probing);
      break;
    case "MethodDeclaration": {
      const named = children.find((child) => child.name === "PropertyDefinition");
      if (named !== undefined && body !== null && forLanguage.test(probing.textOf(named))) walk.forLanguage.add(body);
      break;
    }
    case "AssignmentExpression":
      if (children[1]?.name === "UpdateOp" && children[2] !== undefined && isLogical(probing.textOf(children[1])))
        probing.part(children[2], "evaluated", around);
      break;
    case "ArrowFunction": {
      const last = children.at(-1);
      if (last !== undefined && last.name !== "Block") probing.part(last, "statement", around);
      break;
    }
    case "ParamList":
    case "ArrayPattern":
    case "PatternProperty":
      for (const [index, child] of children.entries()) {
        const value = children[index + 1];
        // A plain value decides nothing.
        if (child.name === "Equals" && value !== undefined && !isPlain(value)) probing.part(value, "default", around);
      }
      break;
    default:
  }
  if (/Function|^MethodDeclaration$|^CatchClause$/u.test(node.name)) {
    const block = children.find((child) => child.name === "Block");
    if (block !== undefined && !block.children.some(isStatement))
      probing.emptyBlock(block, (token) => `${name}('${token}');`);
  }
  inside(node, walk);
}

function inside(node: SyntaxNode, walk: Walk): void {
  if (/Type|^(Interface|Ambient)/u.test(node.name)) return;
  for (const child of node.children) visit(child, walk);
}

const isLogical = (operator: string) => /^(\|\||&&|\?\?)=$/u.test(operator);

function logical([left, operator, right]: readonly SyntaxNode[], probing: Probing): void {
  if (left === undefined || right === undefined || operator?.name !== "LogicOp") return;
  const kinds = ["evaluated", "skipped"] as const;
  const sign = probing.textOf(operator);
  if (sign === "??") probing.condition(left, { yes: right, no: null, kinds, isNullish: true, isFallback: true });
  if (sign === "&&" || sign === "||") probing.operands({ left, right, isAnd: sign === "&&" });
}

/** What stands in the parentheses of `if`, `while` and `do`. */
function innerOf(node: SyntaxNode): SyntaxNode | undefined {
  const parentheses = node.children.find(({ name }) => name === "ParenthesizedExpression");
  return parentheses?.children.find((child) => !/^[()]$/u.test(child.name) && !isComment(child));
}

function isPlain({ name, children }: SyntaxNode): boolean {
  if (/^(Object|Array)Expression$/u.test(name)) return children.length === 2;
  return (
    constants.test(name) ||
    (name === "UnaryExpression" && children.every((child) => isPlain(child) || child.name === "ArithOp"))
  );
}
