/** Rewrites JavaScript and TypeScript source into a form that the grammar can parse, of the same length. Pure. */

/** `x! = 1`, `a[b]! += 2`: the grammar ends a statement at `!`, and takes what follows for another one. Not `!=`, nor `! ==`. */
const assertedTarget = /(?<=[\w$\]])!(?=\s+(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>]))/gu;
/**
 * `import a from './a.json' with { type: 'json' }`: the grammar takes `with` for a statement. Only at the start of a line, and of plain words, so that no code is
 * lost where the line is part of a text.
 */
const attributes =
  /^([ \t]*(?:import\b|export\b|\})[^;\n"']*(?:"[^"\n]*"|'[^'\n]*')[ \t]*)(with[ \t]*\{[ \t]*\w+[ \t]*:[ \t]*(?:"[\w-]*"|'[\w-]*')[ \t]*,?[ \t]*\})/gmu;

/** The text with spaces for what the grammar does not know; every offset stays. */
export function readableJavaScript(text: string, isTyped: boolean): string {
  const plain = text.replaceAll(
    attributes,
    (_, before: string, given: string) => before + given.replaceAll(/\S/gu, " "),
  );
  return isTyped ? plain.replaceAll(assertedTarget, " ") : plain;
}
