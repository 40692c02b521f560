/** The statements that a new version of a Go test has more than the old one, if they leave the others as they are. */
import { childOf, partsOf, sourceText, textsOf } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { changesOthers, type GrowthForm } from "../syntax/growth.ts";
import { leaves } from "./growth-form.ts";

interface Test {
  readonly tree: SyntaxTree;
  /** Its function. */
  readonly node: SyntaxNode;
  readonly form: GrowthForm;
}

/** Runs beside or behind the test's statements, or goes on when they panic: only a deferred function itself can recover, not what it calls. */
const runsOn = /\b(?:recover|Parallel)\b|\bgo\s+func\b|\bdefer\s+(?!func\b|\w+\.Close\(\))/u;

/** Null if something of the new version may change more than that. */
export function extraStatements(old: Test, young: Test): ReadonlySet<SyntaxNode> | null {
  const { tree, node } = young;
  if (runsOn.test(sourceText(tree, node))) return null;
  const [statements, olds] = [statementsOf(young), statementsOf(old)];
  const known = new Set(olds.map((statement) => subtestName(statement, old.tree)));
  const subtests = statements.filter((statement) => {
    const name = subtestName(statement, tree);
    return name !== null && !known.has(name) && isSubtest(statement, young);
  });
  const extra = statements.filter((statement) => !subtests.includes(statement)).slice(olds.length);
  if (extra.length > 0 && /\b(?:defer|Cleanup)\b/u.test(sourceText(tree, node))) return null;
  const names = definedIn(partsOf(childOf(old.node, "Block")), old.tree);
  return extra.every((statement) => isLocal(statement, young, names)) ? new Set([...subtests, ...extra]) : null;
}

/** Statements of a function that are no rows. */
function statementsOf({ node, form }: Test): SyntaxNode[] {
  return partsOf(childOf(node, "Block")).filter((statement) => !form.isCheck(statement));
}

/** Defines or sets plain names of the test, or checks what it goes through; any other statement may reach more. */
function isLocal(node: SyntaxNode, test: Test, names: ReadonlySet<string>): boolean {
  const { tree } = test;
  if (changesOthers(tree, node) || sourceText(tree, node).includes("&")) return false;
  switch (node.name) {
    case "VarDecl":
      return true;
    case "Assignment": {
      const at = node.children.findIndex(({ name }) => name === "=");
      const targets = node.children.slice(0, at).filter(({ name }) => name !== ",");
      return (
        at > 0 &&
        targets.every((target) => {
          const name = sourceText(tree, target);
          return target.name === "VariableName" && (name === "_" || names.has(name));
        })
      );
    }
    case "ForStatement":
      return childOf(node, "RangeClause") !== undefined && isOwnBlock(childOf(node, "Block"), test);
    default:
      return isSubtest(node, test);
  }
}

/** Only definitions of its own and checks. */
function isOwnBlock(block: SyntaxNode | undefined, test: Test): boolean {
  if (block === undefined || leaves(block, test.tree)) return false;
  const statements = partsOf(block);
  return statements.every((statement, index) => {
    const names = definedIn(statements.slice(0, index), test.tree);
    return test.form.isCheck(statement) || isLocal(statement, test, names);
  });
}

/** Names that statements define for those behind them. */
function definedIn(statements: readonly SyntaxNode[], tree: SyntaxTree): ReadonlySet<string> {
  return new Set(
    statements.filter(({ name }) => name === "VarDecl").flatMap((node) => [...textsOf(tree, node, /^DefName$/u)]),
  );
}

/** `t.Run("…", func(t *testing.T) { … })` that sets nothing outside of it. */
function isSubtest(statement: SyntaxNode, test: Test): boolean {
  if (subtestName(statement, test.tree) === null || sourceText(test.tree, statement).includes("&")) return false;
  const run = partsOf(childOf(childOf(statement, "CallExpr"), "Arguments"))[1];
  return run?.name === "FunctionLiteral" && isOwnBlock(childOf(run, "Block"), test);
}

/** Its name as it is written; null for anything but a subtest with a plain name. */
function subtestName(statement: SyntaxNode, tree: SyntaxTree): string | null {
  const call = statement.name === "ExprStatement" ? childOf(statement, "CallExpr") : undefined;
  const [callee, list] = call?.children ?? [];
  const [name] = partsOf(list);
  const isRun = callee !== undefined && sourceText(tree, callee) === "t.Run";
  return isRun && name?.name === "String" ? sourceText(tree, name) : null;
}
