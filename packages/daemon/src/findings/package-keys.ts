/** Which keys of a package.json a change touches beside its dependencies, which are another finding's: all of them steer how code is built, tested, published or found (THREATS T7, T9). */
import { isDeepStrictEqual } from "node:util";

const dependencyKeys: ReadonlySet<string> = new Set([
  ...["dependencies", "devDependencies", "peerDependencies", "peerDependenciesMeta", "optionalDependencies"],
  ...["bundledDependencies", "bundleDependencies", "overrides", "resolutions"],
]);

/** The other keys that differ; `["(unreadable)"]` where either version is not a JSON object. Null is an absent file. */
export function changedKeys(before: string | null, after: string | null): string[] {
  const [old, young] = [parseObject(before), parseObject(after)];
  if (old === null || young === null) return ["(unreadable)"];
  const keys = new Set([...Object.keys(old), ...Object.keys(young)]);
  return [...keys].filter((key) => !dependencyKeys.has(key) && !isDeepStrictEqual(old[key], young[key]));
}

function parseObject(text: string | null): Record<string, unknown> | null {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
