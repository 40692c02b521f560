/** Rewrites a Python file so that it reports which paths through its changed lines run. Lines move, so the results of such a run are not used. Pure. */

import { type Form, type ProbedFile, type ProbeOptions, Probing, type Sides } from "../shared/probing.ts";
import { fieldOf, isPlainText, partsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { pythonImport } from "./python-syntax.ts";

const isStatement = ({ name }: SyntaxNode) => /_(?:statement|definition)$/u.test(name);
const compound = /^(?:if|for|while|try|with|match)_statement$/u;
/** A definition runs with its module, and `global` or `nonlocal` must come first. */
const silent = /^(?:(?:function|class|decorated)_definition|(?:type_alias|global|nonlocal)_statement)$/u;
const constants = /^(?:integer|float|true|false|none)$/u;
const emptyValue = /^(?:None|False|0|""|''|\[\s*\]|\{\s*\}|\(\s*\))$/u;
const plainStatement = /^expression_statement$/u;
const refusal = /^(?:raise\b|return\s+NotImplemented\b|sys\.exit\()/u;

/** Methods that the language calls to make texts and hashes. */
const forLanguage = /^__(?:hash|repr|str|format)__$/u;

/** Writes the call that reports a token; the empty token is not reported. */
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
  // A number stands for the token, because the inside of an f-string may have no quotes.
  const numberOf = (token: string) => (token === "" ? -1 : tokens.push(token) - 1);
  const call: Call = (token, other = "", value = undefined) =>
    value === undefined
      ? `${options.name}(${numberOf(token)})`
      : `${options.name}(${numberOf(token)},${numberOf(other)},`;
  const probing = new Probing(text, options, formOf(call));
  const walk: Walk = { probing, call, after: new Map(), forLanguage: new Set() };
  list(root.children, walk);
  const { places } = probing;
  const at = statementsOf(root.children).find((node) => !isFirst(node))?.from;
  return at === undefined || places.length === 0
    ? { text, places: [] }
    : { text: probing.result({ at, text: reporter(options, tokens) }), places };
}

/** Whether a statement must come first: a docstring or a `__future__` import. */
function isFirst(node: SyntaxNode): boolean {
  return node.name === "future_import_statement" || isText(node);
}

/** Whether a statement is only a plain string. */
function isText({ name, children: [text] }: SyntaxNode): boolean {
  if (name !== "expression_statement" || text === undefined) return false;
  return isPlainText(text) || (text.name === "concatenated_string" && text.children.every(isPlainText));
}

/** The reporting function. It has no module, so that its calls are not recorded. */
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
    blockName: "block",
    statementsOf,
    isLabel: () => false,
    isConstant: (node) => constants.test(node.name) || isPlainText(node),
    isSilent: (node) => silent.test(node.name),
    headEnd: (node) =>
      (fieldOf(node, "body") ?? fieldOf(node, "consequence"))
        ? (node.children.find(({ name }) => name === ":")?.to ?? node.to)
        : node.to,
    plainStatement,
    refusal,
    emptyValue,
  };
}

const statementsOf = (nodes: readonly SyntaxNode[]) => nodes.filter(isStatement);

function list(nodes: readonly SyntaxNode[], walk: Walk, isForLanguage = false): void {
  const { probing, after } = walk;
  const statements = statementsOf(nodes);
  const start = statements.findIndex((node) => !isFirst(node));
  const own = start === -1 ? [] : statements.slice(start);
  probing.statements(own, isForLanguage);
  for (const [index, node] of own.entries()) {
    after.set(node, own.slice(index + 1));
    visit(node, walk);
  }
}

function visit(node: SyntaxNode, walk: Walk): void {
  const { probing } = walk;
  const part = (field: string) => fieldOf(node, field);
  const parts = partsOf(node);
  switch (node.name) {
    case "function_definition": {
      const [name, body] = [part("name"), part("body")];
      if (isStub(body)) return;
      if (name !== undefined && body !== undefined && forLanguage.test(probing.textOf(name)))
        walk.forLanguage.add(body);
      break;
    }
    case "block":
      list(node.children, walk, walk.forLanguage.has(node));
      return;
    case "if_statement":
      // Only type checkers import this; the other sides run.
      if (isForTypes(node, probing)) {
        for (const side of node.children) if (side.field === "alternative") visit(side, walk);
        return;
      }
      choices(node, walk);
      break;
    case "match_statement":
      for (const child of [...parts, ...(part("body")?.children ?? [])]) if (child.name !== "block") visit(child, walk);
      return;
    case "while_statement":
      condition(part("condition"), { yes: part("body") ?? null, no: null, kinds: ["true"] }, probing);
      break;
    case "conditional_expression": {
      const [yes = null, , asked, , no = null] = parts;
      condition(asked, { yes, no }, probing);
      break;
    }
    case "boolean_operator": {
      const [left, right] = [part("left"), part("right")];
      if (left !== undefined && right !== undefined)
        probing.operands({ left, right, isAnd: part("operator")?.name === "and" });
      break;
    }
    // The condition of a comprehension, or the guard of a case.
    case "if_clause":
      condition(parts[1], { yes: null, no: null }, probing);
      break;
    case "lambda": {
      const body = part("body");
      if (body !== undefined) probing.part(body, "statement", (token) => [`(${walk.call(token)},(`, "))[1]"]);
      break;
    }
    case "assert_statement":
      // The message after the comma runs only if the assertion fails.
      if (parts[1] !== undefined) asserted(parts[1], walk);
      return;
    case "type":
      return;
  }
  for (const child of node.children) visit(child, walk);
}

function condition(asked: SyntaxNode | undefined, sides: Sides, probing: Probing): void {
  if (asked !== undefined) probing.condition(asked, sides);
}

/** Visits an assertion without placing operands of `and`: a false one fails the assertion. */
function asserted(node: SyntaxNode, walk: Walk): void {
  const isAnd = fieldOf(node, "operator")?.name === "and";
  if (!isAnd && node.name !== "parenthesized_expression") visit(node, walk);
  else for (const child of node.children) asserted(child, walk);
}

function isForTypes(node: SyntaxNode, probing: Probing): boolean {
  const [asked, body] = [fieldOf(node, "condition"), fieldOf(node, "consequence")];
  if (asked === undefined || body === undefined) return false;
  const isName = /^(?:\w+\.)?TYPE_CHECKING$/u.test(probing.textOf(asked));
  return isName && statementsOf(body.children).every(({ name }) => pythonImport.test(name));
}

/** Whether a body is only `...`, maybe after a docstring, as in a protocol. */
function isStub(body: SyntaxNode | undefined): boolean {
  const [only, ...others] = statementsOf(body?.children ?? []).filter((node) => !isText(node));
  return others.length === 0 && only?.children[0]?.name === "ellipsis";
}

/** Adds a probe to each branch: `if`, every `elif`, and `else`. */
function choices(node: SyntaxNode, { probing, after }: Walk): void {
  const sides = node.children.filter(({ field }) => field === "alternative");
  for (const [index, side] of [node, ...sides].entries()) {
    const yes = fieldOf(side, "consequence");
    if (yes === undefined) continue;
    const next = sides[index];
    // The `elif` and everything after it, which has its own places.
    const rest = next === undefined ? null : { ...node, name: "block", from: next.from, children: [] };
    const no = next?.name === "else_clause" ? (fieldOf(next, "body") ?? null) : rest;
    const following = no === null && leaves(yes) ? (after.get(node) ?? []) : [];
    condition(fieldOf(side, "condition"), { yes, no, after: following }, probing);
  }
}

function leaves(body: SyntaxNode): boolean {
  return /^(?:return|raise|break|continue)_statement$/u.test(statementsOf(body.children).at(-1)?.name ?? "");
}
