/** Tells whether a change of a package.json reaches the part of it that decides how code is built and tested (THREATS T9). Which dependencies changed is another finding's. */
import { isDeepStrictEqual } from "node:util";

/** Keys that describe the package or its dependencies. Every other key may steer a tool, so a change of it counts as control. */
const describingKeys: ReadonlySet<string> = new Set([
  ...["name", "version", "description", "keywords", "homepage", "bugs", "license", "author", "contributors"],
  ...["maintainers", "funding", "files", "repository", "private", "publishConfig", "directories", "man"],
  ...["main", "module", "browser", "types", "typings", "exports", "bin", "engines", "os", "cpu", "sideEffects"],
  ...["dependencies", "devDependencies", "peerDependencies", "peerDependenciesMeta", "optionalDependencies"],
  ...["bundledDependencies", "bundleDependencies", "overrides", "resolutions"],
]);

/** The control keys that differ; `["(unreadable)"]` where either version is not a JSON object. Null is an absent file. */
export function changedControlKeys(before: string | null, after: string | null): string[] {
  const [old, young] = [parseObject(before), parseObject(after)];
  if (old === null || young === null) return ["(unreadable)"];
  const keys = new Set([...Object.keys(old), ...Object.keys(young)]);
  return [...keys].filter((key) => !describingKeys.has(key) && !isDeepStrictEqual(old[key], young[key]));
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
