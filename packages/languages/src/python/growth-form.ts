/** Which parts of a Python test file may grow: tables that are only looped over, statements that only check, and harmless statements at a test's end. */

import { type GrowthForm, statementsIn, TableNames } from "../shared/growth.ts";
import type { FoundStatements, Piece } from "../shared/test-file.ts";
import { childOf, fieldOf, namesIn, nodesIn, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { isPythonCheck } from "./assertions.ts";
import { boundTargets, pythonChangesOthers, pythonImport, targetsIn } from "./python-syntax.ts";

export function pythonGrowth(tree: SyntaxTree): GrowthForm {
  const isPlain = (node: SyntaxNode) => !assigns(node) && !pythonChangesOthers(node);
  return {
    tables: loopedTables(tree),
    isCheck: (statement) => isPythonCheck(statement) && isPlain(statement),
    isPlain,
  };
}

/** The nodes of a table. */
const tableNames: readonly string[] = ["list", "tuple", "set"];

/** Lists in `for … in […]` and `parametrize("…", […])`, also behind a name that the file uses in no other way. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  const named = new TableNames(printSyntax(tree.root));
  for (const node of nodesIn(tree.root)) {
    const looped = loopedIn(node);
    if (looped !== undefined && tableNames.includes(looped.name)) tables.add(looped);
    if (looped?.name === "identifier") named.use(textOf(looped));
    const [target, , value] = node.children;
    const isBinding = node.name === "assignment" && node.field !== "right" && node.children.length === 3;
    if (isBinding && target?.name === "identifier" && value !== undefined && tableNames.includes(value.name))
      named.bind(textOf(target), value);
  }
  for (const table of named.tables()) tables.add(table);
  return new Set([...tables].filter((table) => !table.children.some(({ name }) => name.includes("splat"))));
}

/** The value that a node loops over if it checks each element. */
function loopedIn(node: SyntaxNode): SyntaxNode | undefined {
  if (node.name === "for_statement") {
    const body = fieldOf(node, "body");
    const isWhole = body !== undefined && body === node.children.at(-1) && checksSomething(body) && !leaves(body);
    return isWhole ? fieldOf(node, "right") : undefined;
  }
  const isTable = /^@\s*(pytest\s*\.\s*)?mark\s*\.\s*parametrize\b/;
  if (node.name !== "decorator" || !isTable.test(textOf(node))) return undefined;
  return partsOf(fieldOf(childOf(node, "call"), "arguments"))[1];
}

function checksSomething(node: SyntaxNode): boolean {
  return isPythonCheck(node) || node.children.some((child) => checksSomething(child));
}

/** Whether a node ends its loop early. */
function leaves(node: SyntaxNode): boolean {
  if (/^(?:function_definition|lambda)$/.test(node.name)) return false;
  return /^(?:(?:break|return|raise)_statement|yield)$/.test(node.name) || node.children.some(leaves);
}

function assigns(node: SyntaxNode): boolean {
  return (
    /^(?:named_expression|yield|await|(?:list|set|dictionary)_comprehension)$/.test(node.name) ||
    node.children.some(assigns)
  );
}

/** A `yield` changes the whole function, and `global` or `nonlocal` every use of a name. */
const changesWhole = /\b(?:yield|global|nonlocal)\b/u;

/** `pieceWithout`: the test without some of its statements. */
export function pythonStatements(
  all: readonly SyntaxNode[],
  { form }: { form: GrowthForm },
  pieceWithout: (extra: ReadonlySet<SyntaxNode>) => Piece,
): FoundStatements {
  return statementsIn(all, form, {
    pieceWithout,
    mayFollow: (extra, before) => {
      const read = new Set(before.flatMap((node) => [...namesIn(node)]));
      const bound = new Set(before.flatMap((node) => boundIn(node)));
      // A name that a function binds anywhere is local from its start.
      const changesFirst = (name: string) => read.has(name) && !bound.has(name);
      return extra.every(
        (node) =>
          isLocal(node) &&
          form.isPlain(node) &&
          !changesWhole.test(textOf(node)) &&
          !boundIn(node).some((name) => changesFirst(name) || /[^\x20-\x7e]/u.test(name)),
      );
    },
  });
}

/** Whether a statement assigns a plain name or expects an error; any other may reach code that the first statements left to run later. */
function isLocal(node: SyntaxNode): boolean {
  const [assignment] = node.name === "expression_statement" ? node.children : [];
  if (assignment?.name === "assignment")
    return (
      assignment.children[0]?.name === "identifier" &&
      assignment.children[2]?.field === "right" &&
      assignment.children[2].name !== "assignment"
    );
  return node.name === "with_statement" && /^with\s+(?:self\.assertRaises|pytest\.raises|raises)\b/u.test(textOf(node));
}

/** The names that a statement binds in its function. */
function boundIn(node: SyntaxNode): string[] {
  const namesOf = (targets: readonly SyntaxNode[]) =>
    targets.flatMap((one) => (one.name === "identifier" ? [textOf(one)] : []));
  if (/^(?:function|class)_definition$/u.test(node.name)) return namesOf(targetsIn(fieldOf(node, "name")));
  if (pythonImport.test(node.name) || node.name === "delete_statement") return namesOf(targetsIn(node));
  const within = node.children.flatMap((child) => boundIn(child));
  // A single name in a pattern binds the matched value.
  if (node.name === "case_pattern" || node.name === "splat_pattern")
    return [
      ...within,
      ...namesOf(node.children.flatMap((child) => (child.children.length === 1 ? targetsIn(child) : []))),
    ];
  return node.name === "for_in_clause" ? within : [...within, ...namesOf(boundTargets(node))];
}
