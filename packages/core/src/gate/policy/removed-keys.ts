/** Policy keys that were removed. An overlay that still sets one gets an error that explains why. */

const chances =
  "replaced: risk is now a chance of harm, set by risk.bounds and the weights in risk.for and risk.against (docs/RISK.md)";

/** The dotted path of each removed key, and what to do instead. */
const removedKeys: ReadonlyMap<string, string> = new Map([
  ["risk.bands", chances],
  ["risk.factors", chances],
]);

/** The error for a removed key; undefined for any other key. */
export function removalOf(path: string): string | undefined {
  return removedKeys.get(path);
}
