/** Policy keys that were removed. An overlay that still sets one gets an error that explains why. */

const chances =
  "replaced: risk is now a chance of harm, set by risk.bounds and the weights in risk.for and risk.against (docs/RISK.md)";

const sizes = "replaced by risk.for.riskier_history and risk.against.safer_history (docs/RISK.md)";

/** The dotted path of each removed key, and what to do instead. */
const removedKeys: ReadonlyMap<string, string> = new Map([
  ["risk.bands", chances],
  ["risk.factors", chances],
  ...["changed_lines", "files_touched", "deleted_lines"].map((name) => [`risk.for.${name}`, sizes] as const),
]);

/** The error for a removed key; undefined for any other key. */
export function removalOf(path: string): string | undefined {
  return removedKeys.get(path);
}
