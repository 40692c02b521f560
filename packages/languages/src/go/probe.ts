/** Rewrites a Go file so that it reports which paths through its changed lines run. Pure. */

import { type Form, type ProbedFile, type ProbeOptions, Probing } from "../shared/probing.ts";
import { childOf, fieldOf, partsOf } from "../tree/print-syntax.ts";
import { type SyntaxNode, UnreadableText } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { isGoLiteral } from "./go-syntax.ts";

/** Whether a node is a statement or block of a list; a labelled statement has no field either. */
const isItem = ({ name, field }: SyntaxNode) =>
  field === undefined && /_(?:statement|declaration)$|^block$/u.test(name);
const withBody = /^(?:(?:if|for|expression_switch|type_switch|select|labeled)_statement|block)$/u;
const silent = /^(?:const|type)_declaration$/u;
const plainStatement = /^(?:expression_statement|assignment_statement|(?:short_)?var_declaration)$/u;
const refusal =
  /^(?:panic\(|log\.(?:Fatal|Panic)|os\.Exit\(|return\b.*\b(?:errors\.New\(|fmt\.Errorf\(|[eE]rr\w*)[^,]*$)/su;

interface Walk {
  probing: Probing;
  /** The name of the reporting function. */
  name: string;
  after: Map<SyntaxNode, readonly SyntaxNode[]>;
}

export function probeGo(text: string, options: ProbeOptions): ProbedFile {
  const { root } = readSyntax(text, options.path);
  const clause = root.children.find(({ name }) => name === "package_clause");
  if (clause === undefined) throw new UnreadableText("no package clause");
  const { name } = options;
  const probing = new Probing(text, options, formOf(name));
  const walk: Walk = { probing, name, after: new Map() };
  for (const node of root.children) visit(node, walk);
  const { places } = probing;
  if (places.length === 0) return { text, places };
  const prologue = { at: clause.to, text: `; import ${name}os "os"; import ${name}sync "sync"` };
  return { text: `${probing.result(prologue)}\n${reporter(options)}`, places };
}

function reporter({ name, channel }: ProbeOptions): string {
  return `var ${name}lock ${name}sync.Mutex
var ${name}seen = map[string]bool{}
func ${name}(token string) {
	${name}lock.Lock()
	defer ${name}lock.Unlock()
	if token == "" || ${name}seen[token] { return }
	${name}seen[token] = true
	if pipe, err := ${name}os.OpenFile(${JSON.stringify(channel)}, ${name}os.O_WRONLY, 0); err == nil {
		_, _ = pipe.WriteString(token + "\\n")
		_ = pipe.Close()
	}
}
func ${name}if(yes, no string, value bool) bool {
	if value { ${name}(yes) } else { ${name}(no) }
	return value
}
`;
}

function formOf(name: string): Form {
  return {
    statement: (token) => `${name}("${token}"); `,
    condition: (yes, no) => [`${name}if("${yes}", "${no}", bool(`, "))"],
    blockName: "block",
    statementsOf: (nodes) => nodes.filter(isItem),
    isLabel: () => false,
    isConstant: (node) => isGoLiteral(node) || /^(?:true|false)$/u.test(node.name),
    isSilent: (node) => silent.test(node.name),
    headEnd: (node) => {
      if (!withBody.test(node.name)) return node.to;
      const body = node.children.find((child, index) => index > 0 && /^(?:block|\{)$/u.test(child.name));
      return Math.max(node.from + 1, body?.from ?? 0);
    },
    plainStatement,
    refusal,
    // Go has no falsy values: its logical operators only take truth values.
    emptyValue: /(?!)/u,
  };
}

function list(nodes: readonly SyntaxNode[], walk: Walk): void {
  const { probing, after } = walk;
  const items = nodes.filter(isItem);
  probing.statements(items);
  for (const [index, node] of items.entries()) {
    after.set(node, probing.following(items, index + 1));
    visit(node, walk);
  }
}

function visit(node: SyntaxNode, walk: Walk): void {
  const { probing, name } = walk;
  switch (node.name) {
    case "block":
    case "expression_case":
    case "type_case":
    case "communication_case":
    case "default_case":
      for (const child of node.children) if (!isItem(child)) visit(child, walk);
      list(node.children, walk);
      return;
    case "if_statement":
      choice(node, walk);
      break;
    case "for_statement": {
      const condition = loopCondition(node);
      const body = fieldOf(node, "body") ?? null;
      if (condition !== undefined) probing.condition(condition, { yes: body, no: null, kinds: ["true"] });
      break;
    }
    case "binary_expression":
      logical(node, probing);
      break;
    case "function_declaration":
    case "method_declaration":
    case "func_literal": {
      const block = fieldOf(node, "body");
      if (block !== undefined && !block.children.some(isItem))
        probing.emptyBlock(block, (token) => `${name}("${token}"); `);
      break;
    }
    case "const_declaration":
    case "type_declaration":
    case "import_declaration":
      return;
    default:
  }
  for (const child of node.children) visit(child, walk);
}

/** The condition of a loop: `a` in `for a { … }` and `for i := 0; a; i++ { … }`. */
function loopCondition(loop: SyntaxNode): SyntaxNode | undefined {
  const clause = childOf(loop, "for_clause", "range_clause");
  return clause === undefined
    ? partsOf(loop)
        .slice(1)
        .find(({ field }) => field === undefined)
    : fieldOf(clause, "condition");
}

function choice(node: SyntaxNode, { probing, after }: Walk): void {
  const [condition, yes] = [fieldOf(node, "condition"), fieldOf(node, "consequence")];
  const no = fieldOf(node, "alternative") ?? null;
  const following = after.get(node) ?? [];
  if (no !== null) after.set(no, following);
  if (condition === undefined || yes === undefined) return;
  const last = yes.children.findLast(isItem);
  const isLeft = last !== undefined && /^(?:return|goto|break|continue)_statement$/u.test(last.name);
  probing.condition(condition, { yes, no, after: no === null && isLeft ? following : [] });
}

function logical(node: SyntaxNode, probing: Probing): void {
  const [left, right, sign] = [fieldOf(node, "left"), fieldOf(node, "right"), fieldOf(node, "operator")?.name];
  if (left !== undefined && right !== undefined && (sign === "&&" || sign === "||"))
    probing.operands({ left, right, isAnd: sign === "&&" });
}
