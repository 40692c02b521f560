/** Rewrites JavaScript and TypeScript source into a form that the grammar can parse. Pure. */
import { type Readable, withInsertions } from "./readable.ts";

/** They end a line and its comment, too. In a text between quotes, the last two don't; such a file is reported as one with errors. */
const lineEnds = /\r(?!\n)|[\u2028\u2029]/gu;
/** `x! = 1`, `a[b]! += 2`: the grammar ends a statement at `!`, and takes what follows for another one. Not `!=`, nor `! ==`. */
const assertedTarget = /(?<=[\w$\]])!(?=\s+(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>]))/gu;
/**
 * `import a from './a.json' with { type: 'json' }`: the grammar takes `with` for a statement. Only at the start of a line, and of plain words, so that no code is
 * lost where the line is part of a text.
 */
const attributes =
  /^([ \t]*(?:import\b|export\b|\})[^;\n"']*(?:"[^"\n]*"|'[^'\n]*')[ \t]*)(with[ \t]*\{[ \t]*\w+[ \t]*:[ \t]*(?:"[\w-]*"|'[\w-]*')[ \t]*,?[ \t]*\})/gmu;

/** `public override name: string`, which the grammar does not know among the parameters of a constructor. */
const overriding = /(?<=\b(?:public|private|protected)\s+)override(?=\s+(?:readonly\s+)?[\w$]+\s*[?:=,)])/gu;
/** `(name) += 1`, which is left when the type of `(name as string) += 1` is blanked. */
const parenthesizedTarget =
  /(?<![\w$)\]]\s*)\((\s*[\w$.[\]]+\s*)\)(?=\s*(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>]))/gu;

/** `export default class {`: the grammar wants a name. */
const unnamedClass = /\bexport\s+default\s+(?:abstract\s+)?class(?=\s*\{|\s+(?:extends|implements)\b)/gu;
const className = " d";

/** The text with spaces for what the grammar does not know, and a name for a class without one. */
export function readableJavaScript(text: string, isTyped: boolean): Readable {
  const plain = text
    .replaceAll(lineEnds, "\n")
    .replaceAll(attributes, (_, before: string, given: string) => before + spaces(given));
  const untyped = isTyped
    ? plain.replaceAll(assertedTarget, " ").replaceAll(overriding, spaces).replaceAll(parenthesizedTarget, " $1 ")
    : plain;
  const insertions: number[] = [];
  const named = untyped.replaceAll(unnamedClass, (found, offset: number) => {
    insertions.push(offset + found.length + insertions.length * className.length);
    return `${found}${className}`;
  });
  return withInsertions(named, className, insertions);
}

const spaces = (text: string) => text.replaceAll(/\S/gu, " ");
