/** Rewrites JavaScript and TypeScript source into a form that the grammar can parse. Pure. */
import { type Readable, withInsertions } from "./readable.ts";

/** `x! = 1`, `a[b]! += 2`: the grammar ends a statement at `!`, and takes what follows for another one. Not `!=`, nor `! ==`. */
const assertedTarget = /(?<=[\w$\]])!(?=\s+(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>]))/gu;
/**
 * `import a from './a.json' with { type: 'json' }`: the grammar takes `with` for a statement. Only at the start of a line, and of plain words, so that no code is
 * lost where the line is part of a text.
 */
const attributes =
  /^([ \t]*(?:import\b|export\b|\})[^;\n"']*(?:"[^"\n]*"|'[^'\n]*')[ \t]*)(with[ \t]*\{[ \t]*\w+[ \t]*:[ \t]*(?:"[\w-]*"|'[\w-]*')[ \t]*,?[ \t]*\})/gmu;

/** `public override name: string` among the parameters of a constructor. */
const overriding = /(?<=\b(?:public|private|protected)\s+)override(?=\s+(?:readonly\s+)?[\w$]+\s*[?:=,)])/gu;
/** `(name) += 1`, which is left when the type of `(name as string) += 1` is blanked. */
const parenthesizedTarget =
  /(?<![\w$)\]]\s*)\((\s*[\w$.[\]]+\s*)\)(?=\s*(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>]))/gu;

/** `import a = require("a")` and `import b = a.b`, which are constants. */
const requiring = /(^|;)([ \t]*)import(?=\s+[\w$]+\s*=\s*[\w$])/gmu;

/** `export default class {`: the grammar wants a name. */
const unnamedClass = /\bexport\s+default\s+(?:abstract\s+)?class(?=\s*(?:\{|(?:extends|implements)\b))/gu;
const className = " d";

/** The text with spaces for what the grammar does not know, and names for what has none. */
export function readableJavaScript(text: string, isTyped: boolean): Readable {
  const plain = text.replaceAll(attributes, (_, before: string, given: string) => before + spaces(given));
  const untyped = isTyped
    ? plain
        .replaceAll(assertedTarget, " ")
        .replaceAll(overriding, spaces)
        .replaceAll(requiring, "$1$2const ")
        .replaceAll(parenthesizedTarget, " $1 ")
    : plain;
  const insertions: number[] = [];
  const named = untyped.replaceAll(unnamedClass, (found, offset: number) => {
    insertions.push(offset + found.length + insertions.length * className.length);
    return `${found}${className}`;
  });
  return withInsertions(named, className, insertions);
}

const spaces = (text: string) => text.replaceAll(/\S/gu, " ");
