/**
 * Rewrites a JavaScript or TypeScript file so that it reports which paths through its changed lines run. Every test runner and compiler reads it like the
 * original. Pure.
 */

import { type Form, type ProbedFile, type ProbeOptions, Probing } from "../shared/probing.ts";
import { fieldOf, isComment, partsIn, signOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { insideOf, isFunction, isType } from "./javascript-syntax.ts";

const isStatement = ({ name }: SyntaxNode) =>
  /(?:_statement|_declaration|^statement_block|^(?:internal_)?module)$/u.test(name);
/** Statements that don't run, or run before the file's first statement. */
const silent =
  /^(?:(?:generator_)?function|import|export|type_alias|interface|ambient|enum)_(?:declaration|statement)$|^(?:import_alias|(?:internal_)?module|function_signature)$/u;
const withBody =
  /^(?:if|for|for_in|while|do|try|switch|with|labeled)_statement$|^statement_block$|^(?:abstract_)?class_declaration$/u;
const constants = /^(?:number|string|true|false|null)$/u;
const emptyValue = /^(?:null|undefined|false|0|0n|""|''|``|\[\s*\]|\{\s*\})$/u;
const plainStatement = /^(?:expression|lexical|variable)_/u;
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

/** The reporting function, as a declaration, so that it exists before the file's first statement runs. */
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
    // A path that is not reported does not count.
  }
  return value;
}`;
}

function formOf(name: string): Form {
  return {
    statement: (token) => `${name}('${token}');`,
    condition: (yes, no, isNullish) => [`${name}('${yes}','${no}',(`, `)${isNullish ? ",1" : ""})`],
    blockName: "statement_block",
    statementsOf: (nodes) => nodes.filter(isStatement),
    isLabel: () => false,
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
  const body = fieldOf(node, "body") ?? fieldOf(node, "consequence") ?? node.children.find(isStatement);
  return Math.max(node.from + 1, body?.from ?? 0);
}

/** Methods that the language calls to make texts. */
const forLanguage = /^(?:toString|toJSON|toLocaleString|inspect|\[Symbol\.toStringTag\])$/u;

interface Walk {
  probing: Probing;
  /** The name of the reporting function. */
  name: string;
  /** The statements after each `if`. */
  after: Map<SyntaxNode, readonly SyntaxNode[]>;
  /** Bodies of methods that the language calls. */
  forLanguage: Set<SyntaxNode>;
}

function list(nodes: readonly SyntaxNode[], walk: Walk, isForLanguage = false): void {
  const { probing, after } = walk;
  const statements = nodes.filter(isStatement);
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
  return name === "expression_statement" && inner[0]?.name === "string" && inner.length <= 2;
}

function choice(node: SyntaxNode, { probing, after }: Walk): void {
  const condition = insideOf(fieldOf(node, "condition"));
  const yes = fieldOf(node, "consequence") ?? null;
  const no = fieldOf(node, "alternative")?.children.find(isStatement) ?? null;
  const following = after.get(node) ?? [];
  if (no !== null) after.set(no, following);
  if (condition === undefined) return;
  probing.condition(condition, { yes, no, after: yes !== null && leaves(yes) ? following : [] });
}

function leaves(body: SyntaxNode): boolean {
  const last = body.name === "statement_block" ? body.children.findLast(isStatement) : body;
  return last !== undefined && /^(?:return|throw|break|continue)_statement$/u.test(last.name);
}

function visit(node: SyntaxNode, walk: Walk): void {
  const { probing, name } = walk;
  const [body = null, value] = [fieldOf(node, "body"), fieldOf(node, "value") ?? fieldOf(node, "right")];
  const condition = insideOf(fieldOf(node, "condition"));
  const around = (token: string) => [`(${name}('${token}'),(`, "))"] as const;
  const isExpression = body !== null && body.name !== "statement_block";
  switch (node.name) {
    case "statement_block":
      list(node.children, walk, walk.forLanguage.has(node));
      return;
    case "switch_body":
      for (const label of node.children) {
        list(partsIn(label, "body"), walk);
        for (const one of partsIn(label, "value")) visit(one, walk);
      }
      return;
    case "if_statement":
      choice(node, walk);
      break;
    case "while_statement":
    case "do_statement":
      if (condition !== undefined)
        probing.condition(condition, { yes: node.name === "do_statement" ? null : body, no: null, kinds: ["true"] });
      break;
    case "for_statement":
    case "for_in_statement":
      if (isExpression) probing.part(body, "statement", (token) => [`{${name}('${token}');`, "}"]);
      break;
    case "ternary_expression": {
      const [yes = null, no = null] = [fieldOf(node, "consequence"), fieldOf(node, "alternative")];
      const question = fieldOf(node, "condition");
      if (question !== undefined) probing.condition(question, { yes, no });
      break;
    }
    case "binary_expression":
      logical(node, probing);
      break;
    case "method_definition": {
      const named = fieldOf(node, "name");
      if (named !== undefined && body !== null && forLanguage.test(probing.textOf(named))) walk.forLanguage.add(body);
      break;
    }
    case "augmented_assignment_expression":
      if (value !== undefined && /^(?:\|\||&&|\?\?)=$/u.test(signOf(node) ?? ""))
        probing.part(value, "evaluated", around);
      break;
    case "arrow_function":
      if (isExpression) probing.part(body, "statement", around);
      break;
    case "assignment_pattern":
    case "object_assignment_pattern":
    case "required_parameter":
      // A plain value decides nothing.
      if (value !== undefined && !isPlain(value)) probing.part(value, "default", around);
      break;
    default:
  }
  if (
    (isFunction(node) || node.name === "catch_clause") &&
    body !== null &&
    !isExpression &&
    !body.children.some(isStatement)
  )
    probing.emptyBlock(body, (token) => `${name}('${token}');`);
  inside(node, walk);
}

function inside(node: SyntaxNode, walk: Walk): void {
  if (!isType(node)) for (const child of node.children) visit(child, walk);
}

function logical(node: SyntaxNode, probing: Probing): void {
  const [left, right, sign] = [fieldOf(node, "left"), fieldOf(node, "right"), signOf(node)];
  if (left === undefined || right === undefined) return;
  const kinds = ["evaluated", "skipped"] as const;
  if (sign === "??") probing.condition(left, { yes: right, no: null, kinds, isNullish: true, isFallback: true });
  if (sign === "&&" || sign === "||") probing.operands({ left, right, isAnd: sign === "&&" });
}

function isPlain({ name, children }: SyntaxNode): boolean {
  if (/^(?:object|array)$/u.test(name)) return children.length === 2;
  return (
    constants.test(name) ||
    (name === "unary_expression" && children.every((child) => isPlain(child) || /^[-+]$/u.test(child.name)))
  );
}
