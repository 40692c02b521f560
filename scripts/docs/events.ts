/** The list of events by their stream: each with the first sentence of its schema's comment. */
import { posix } from "node:path";
import ts from "typescript";

const entry = "packages/contracts/src/events/event.ts";
/** The parts of `eventSchemas`, by their stream. */
const streams: Record<string, string> = {
  system: "system",
  repository: "repository",
  mission: "mission",
  task: "task",
  approvalEvents: "approval",
  canaryEvents: "canary",
  push: "its subject's",
};
const otherStreams: Record<string, string> = { AuditRequested: "audit" };

export function eventList(read: (path: string) => string): string {
  const all = Object.entries(streams).flatMap(([name, stream]) =>
    eventsOf(entry, name, read).map(({ type, comment }) => ({
      stream: otherStreams[type] ?? stream,
      line: `- \`${type}\`: ${firstSentence(comment)}`,
    })),
  );
  return [...Map.groupBy(all, ({ stream }) => stream)]
    .map(([stream, events]) => `## Stream: ${stream}\n\n${events.map(({ line }) => line).join("\n")}`)
    .join("\n\n");
}

/** The events of the object with this name, and of objects that it spreads, from other files too. */
function eventsOf(path: string, name: string, read: (path: string) => string): { type: string; comment: string }[] {
  const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  const declared = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find((declaration) => declaration.name.getText() === name)?.initializer;
  if (declared === undefined) {
    const from = importedFrom(file, name);
    if (from === undefined) throw new Error(`${path} neither declares nor imports ${name}`);
    return eventsOf(posix.join(posix.dirname(path), from), name, read);
  }
  if (!ts.isObjectLiteralExpression(declared)) throw new Error(`${name} in ${path} is no object`);
  return declared.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return eventsOf(path, property.expression.getText(), read);
    const comment = ts
      .getJSDocCommentsAndTags(property)
      .map((doc) => (typeof doc.comment === "string" ? doc.comment : ""))
      .join(" ");
    return [{ type: property.name?.getText() ?? "", comment: comment.replaceAll(/\s+/g, " ").trim() }];
  });
}

function importedFrom(file: ts.SourceFile, name: string): string | undefined {
  return file.statements.filter(ts.isImportDeclaration).flatMap(({ importClause, moduleSpecifier }) => {
    const names = importClause?.namedBindings;
    const isHere =
      names !== undefined && ts.isNamedImports(names) && names.elements.some((element) => element.name.text === name);
    return isHere && ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier.text] : [];
  })[0];
}

function firstSentence(comment: string): string {
  return /^(.*?)(?:\.(?= [A-Z`]|$)|; )/.exec(comment)?.[1] ?? comment;
}
