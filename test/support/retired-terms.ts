/** Finds retired terms in a source file's identifiers, short strings and name; camelCase and kebab-case are split into words. */
import ts from "typescript";

/** Names, each with its words in lower case between spaces. */
export type Names = ReadonlyMap<string, string>;

/** The names that contain the term, which is words in lower case, separated by spaces. */
export function namesWith(term: string, names: Names): string[] {
  return [...names].filter(([, words]) => words.includes(` ${term} `)).map(([name]) => name);
}

/** Every identifier, every string without a space, and the file's path. */
export function namesIn(path: string, text: string): Names {
  const found = new Set([path.replace(/^packages\/[^/]+\/(src|test)\//, "").replace(/\.\w+$/, "")]);
  const visit = (node: ts.Node): void => {
    const isName = ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node);
    if (isName && /^[#\w-]+$/.test(node.text)) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return new Map([...found].map((name) => [name, ` ${wordsOf(name).join(" ")} `]));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
