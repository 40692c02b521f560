/**
 * Lists the changed keys of a package.json that can affect how code is built, tested, published or found (SECURITY T7, T9): all keys except dependencies, which
 * have their own finding, and keys that only describe the package.
 */
import { isDeepStrictEqual } from "node:util";
import { parseJsonObject } from "./json-object.ts";

const dependencyKeys: ReadonlySet<string> = new Set([
  ...["dependencies", "devDependencies", "peerDependencies", "peerDependenciesMeta", "optionalDependencies"],
  ...["bundledDependencies", "bundleDependencies", "overrides", "resolutions"],
]);
const describingKeys: ReadonlySet<string> = new Set(
  "description author contributors maintainers bugs funding".split(" "),
);

/** The changed keys; `["(unreadable)"]` if either version is not a JSON object. Null means an absent file. */
export function changedKeys(before: string | null, after: string | null): string[] {
  const [old, young] = [parseJsonObject(before), parseJsonObject(after)];
  if (old === null || young === null) return ["(unreadable)"];
  const keys = new Set([...Object.keys(old), ...Object.keys(young)]);
  return [...keys].filter(
    (key) => !dependencyKeys.has(key) && !describingKeys.has(key) && !isDeepStrictEqual(old[key], young[key]),
  );
}
