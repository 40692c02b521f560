/** Reads from a source file's syntax the names that it declares and exports (not those that it passes on), and finds public names without a doc comment. */
import { posix } from "node:path";
import ts from "typescript";

export function exportedNames(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const declared = file.statements.flatMap((statement) =>
    declaredNames(statement).map((name) => ({ name, exported: isExported(statement) })),
  );
  const listed = new Set(file.statements.flatMap(listedNames));
  return [...new Set(declared.filter(({ name, exported }) => exported || listed.has(name)).map(({ name }) => name))];
}

/** The names of an index without a doc comment in their declaring file. A schema and the type of its name are described together. */
export function undocumentedNames(path: string, read: (path: string) => string, wanted?: readonly string[]): string[] {
  const text = read(path);
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const described = new Set(file.statements.filter(hasDocComment).flatMap(declaredNames).map(withoutSchema));
  const own = exportedNames(path, text).filter((name) => wanted?.includes(name) ?? true);
  const passedOn = file.statements.filter(ts.isExportDeclaration).flatMap(({ moduleSpecifier, exportClause }) => {
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
    const names = exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
    const target = posix.join(posix.dirname(path), moduleSpecifier.text);
    return undocumentedNames(
      target,
      read,
      wanted === undefined ? names : names.filter((name) => wanted.includes(name)),
    );
  });
  return [...own.filter((name) => !described.has(withoutSchema(name))).map((name) => `${path}: ${name}`), ...passedOn];
}

const withoutSchema = (name: string) => name.replace(/Schema$/, "").toLowerCase();

/** The first comment of a file is its header. */
function hasDocComment(statement: ts.Statement): boolean {
  return ts.getJSDocCommentsAndTags(statement).some(({ pos }) => pos !== statement.getSourceFile().text.indexOf("/**"));
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

/** The local names of `export { a, b as c }` without `from`. */
function listedNames(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) return [];
  if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) return [];
  return statement.exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}
