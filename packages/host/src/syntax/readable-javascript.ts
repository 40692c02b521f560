/** Rewrites JavaScript and TypeScript source into a form that the grammar can parse, of the same length. Pure. */

/** `x! = 1`, `a[b]! += 2`: the grammar ends a statement at `!`, and takes what follows for another one. Not `!=`, nor `! ==`. */
const assertedTarget = /(?<=[\w$\]])!(?=\s+(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>]))/gu;
/** `import a from './a.json' with { type: 'json' }`: the grammar takes `with` for a statement. */
const attributes = /(\b(?:from|import)\s*(?:"[^"\n]*"|'[^'\n]*')\s*)(with\s*\{[\s\w"',:.-]*\})/gu;

/** The text with spaces for what the grammar does not know; every offset stays. */
export function readableJavaScript(text: string, isTyped: boolean): string {
  const plain = text.replaceAll(
    attributes,
    (_, before: string, given: string) => before + given.replaceAll(/\S/gu, " "),
  );
  return isTyped ? plain.replaceAll(assertedTarget, " ") : plain;
}
