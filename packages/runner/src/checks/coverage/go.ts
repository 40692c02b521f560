/** Makes the text of a Go file that reports which ways through its changed lines are taken. Pure. */
import { type SyntaxNode, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { type Form, type ProbedFile, type ProbeOptions, Probing } from "./places.ts";

const isComment = ({ name }: SyntaxNode) => name.endsWith("Comment");
const isItem = (node: SyntaxNode) => /^[A-Z]/u.test(node.name) && !isComment(node);
const withBody = /^(If|For|Switch|TypeSwitch|Select|Labeled)Statement$|^Block$/u;
const silent = /^(Const|Type)Decl$/u;
const plainStatement = /^(ExprStatement|VarDecl|Assignment)$/u;
const refusal =
  /^(?:panic\(|log\.(?:Fatal|Panic)|os\.Exit\(|return\b.*\b(?:errors\.New\(|fmt\.Errorf\(|[eE]rr\w*)[^,]*$)/su;

interface Walk {
  probing: Probing;
  /** Of the reporting function. */
  name: string;
  after: Map<SyntaxNode, readonly SyntaxNode[]>;
}

export function probeGo(text: string, options: ProbeOptions): ProbedFile {
  const { root } = readSyntax(text, options.path);
  const clause = root.children.find(({ name }) => name === "PackageClause");
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
    blockName: "Block",
    statementsOf: (nodes) => nodes.filter(isItem),
    isLabel: (node) => node.name === "Case",
    isConstant: (node) => /^(Bool|Number|String)$/u.test(node.name),
    isSilent: (node) => silent.test(node.name),
    headEnd: (node) => {
      if (!withBody.test(node.name)) return node.to;
      const body = node.children.find((child, index) => index > 0 && /Block$|^LabeledStatement$/u.test(child.name));
      return Math.max(node.from + 1, body?.from ?? 0);
    },
    plainStatement,
    refusal,
    // Its operators only take truth values.
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
  const children = node.children.filter((child) => !isComment(child));
  switch (node.name) {
    case "Block":
    case "SwitchBlock":
    case "SelectBlock":
      list(node.children, walk);
      return;
    case "IfStatement":
      choice(node, children, walk);
      break;
    case "ForStatement": {
      const body = children.find((child) => child.name === "Block") ?? null;
      const head = children[1];
      const parts = head?.name === "ForClause" ? head.children.filter((child) => !isComment(child)) : [];
      const condition = parts.length > 0 ? parts[parts.findIndex((part) => part.name === ";") + 1] : head;
      if (condition !== undefined && isItem(condition) && !/^(Block|RangeClause)$/u.test(condition.name))
        probing.condition(condition, { yes: body, no: null, kinds: ["true"] });
      break;
    }
    case "BinaryExp":
      logical(children, probing);
      break;
    case "FunctionDecl":
    case "MethodDecl":
    case "FunctionLiteral": {
      const block = children.find((child) => child.name === "Block");
      if (block !== undefined && !block.children.some(isItem))
        probing.emptyBlock(block, (token) => `${name}("${token}"); `);
      break;
    }
    case "ConstDecl":
    case "TypeDecl":
    case "ImportDecl":
      return;
    default:
  }
  for (const child of node.children) visit(child, walk);
}

function choice(node: SyntaxNode, children: readonly SyntaxNode[], { probing, after }: Walk): void {
  const at = children.findIndex(({ name }) => name === "Block");
  const [condition, yes] = [children[at - 1], children[at]];
  const no = children[at + 2] ?? null;
  const following = after.get(node) ?? [];
  if (no !== null) after.set(no, following);
  if (condition === undefined || yes === undefined) return;
  const last = yes.children.findLast(isItem);
  const isLeft = last !== undefined && /^(Return|Goto)Statement$/u.test(last.name);
  probing.condition(condition, { yes, no, after: no === null && isLeft ? following : [] });
}

function logical([left, operator, right]: readonly SyntaxNode[], probing: Probing): void {
  if (left === undefined || right === undefined || operator?.name !== "LogicOp") return;
  probing.operands({ left, right, isAnd: probing.textOf(operator) === "&&" });
}
