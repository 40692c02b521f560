/** Finds functions with many own lines; the lines of a nested function count only for that function. */
import ts from "typescript";

export interface LongFunction {
  readonly name: string;
  readonly lines: number;
}

export function longFunctions(path: string, text: string, linesMax: number): LongFunction[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: LongFunction[] = [];
  const linesOf = (node: ts.Node) =>
    file.getLineAndCharacterOfPosition(node.end).line - file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const measure = (node: ts.Node): number => {
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += measure(child);
    });
    if (!isFunctionWithBody(node)) return inner;
    const lines = linesOf(node);
    if (lines - inner > linesMax) found.push({ name: nameOf(node), lines: lines - inner });
    // Its first line belongs to the function around it.
    return lines - 1;
  };
  measure(file);
  return found;
}

function isFunctionWithBody(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

function nameOf({ name, parent }: ts.FunctionLikeDeclaration): string {
  if (name !== undefined) return name.getText();
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : "(without a name)";
}
