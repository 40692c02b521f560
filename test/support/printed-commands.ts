/** Finds commands in aedev's output that are wrong usage. A command ends with its line, or before ` && `, `, `, `; `, a bracket, a backtick or two spaces. */
import ts from "typescript";
import { parseVerb } from "../../packages/cli/src/command-line/commander.ts";
import { splitLine } from "../../packages/cli/src/command-line/split-line.ts";
import { findVerb, verbNames } from "../../packages/cli/src/verb-table.ts";

/** Replaces computed parts of a literal. */
const computed = "x1";
const firstWords = new Set(verbNames.map((name) => name.split(" ")[0] ?? ""));
const start = /(?<![\w/.-])(?:\.\/bin\/)?aedev(?: (?=[a-z-])|(?=$))/gm;

/** Each command, split into words. */
export function commandsIn(text: string): string[][] {
  return [...text.matchAll(start)].flatMap((match) => {
    const words = shellWords(text.slice(match.index + match[0].length));
    const [first] = words;
    if (first === undefined || !(firstWords.has(first) || first.startsWith("-") || first === "help")) return [];
    return [words];
  });
}

/** The words up to the end of the command. */
function shellWords(text: string): string[] {
  const words: string[] = [];
  let rest = text;
  for (;;) {
    const part = /^(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|(?!<\/)[^\s"'`,;()&|\\]|[,;](?!\s|$)|[&|](?=\S))+/.exec(rest)?.[0];
    if (part === undefined) break;
    const word = part.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
      (_, ...groups: string[]) => groups.find((one) => one !== undefined && typeof one === "string") ?? "",
    );
    words.push(word);
    rest = rest.slice(part.length);
    const gap = /^ (?![\s()&|#]|\d?[<>](?![\w|-]+>))/.exec(rest)?.[0];
    if (gap === undefined) break;
    rest = rest.slice(gap.length);
  }
  const last = words.at(-1);
  if (last !== undefined && /[^.][.:]$/.test(last)) words[words.length - 1] = last.slice(0, -1);
  return words;
}

/** Why the program would end with exit code 2, found without running it; undefined if the line is valid. */
export async function wrongUsage(words: readonly string[]): Promise<string | undefined> {
  const line = splitLine(words);
  if (line.words.length === 0 || line.words[0] === "help") return undefined;
  const found = findVerb(line.words);
  if (found === undefined && line.words[1] === computed) return undefined;
  if (found === undefined)
    return line.rest.includes("--help") && firstWords.has(line.words[0] ?? "") ? undefined : "there is no such verb";
  const { verb } = await found.load();
  try {
    parseVerb(verb, {
      name: found.name,
      arguments: [...line.globals, ...line.words.slice(found.name.split(" ").length), ...line.rest],
    });
    return undefined;
  } catch (error) {
    // Computed text after a verb's arguments is options.
    if (words.at(-1) === computed) return wrongUsage(words.slice(0, -1));
    return error instanceof Error ? error.message : String(error);
  }
}

/** The texts of a source file's literals, with a plain word for every computed part. */
export function literalsOf(path: string, source: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => `${computed}${literal.text}`)].join(""));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return texts;
}
