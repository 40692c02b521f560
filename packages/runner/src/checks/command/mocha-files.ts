/** Tells files that call mocha's globals from those that call QUnit's methods of the same names. Pure. */

const calls = /\b(?:it|test|specify)\s*\(/u;
const callsOfItsOwn = /(?<!\bQUnit\.)\b(?:it|test|specify)\s*\(/u;
/** Uses that neither bind nor write the name, and a comment that only names globals. */
const knownUses = /(?<![\w$.'"`[])QUnit\.\w+\b(?!\s*=(?!=))|\/\*\s*globals?\s[\w\s,:$]*\*\//gu;

/** Whether mocha runs tests of a file. One that makes its own `QUnit` may call mocha under that name. */
export function callsMocha(content: string): boolean {
  return callsOfItsOwn.test(content) || (calls.test(content) && content.replaceAll(knownUses, "").includes("QUnit"));
}
