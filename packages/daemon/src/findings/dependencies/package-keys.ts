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

/**
 * The changed keys; `["(unreadable)"]` if either version is not a JSON object. Null means an absent file. The package's own version only describes it if the
 * mission names the new one.
 */
export function changedKeys(before: string | null, after: string | null, mission = ""): string[] {
  return differingKeys(before, after, mission).filter((key) => !dependencyKeys.has(key));
}

/** Whether nothing of a package.json differs but what describes the package. */
export function describesOnly(before: string | null, after: string | null, mission: string): boolean {
  return before !== null && after !== null && differingKeys(before, after, mission).length === 0;
}

function differingKeys(before: string | null, after: string | null, mission: string): string[] {
  const [old, young] = [parseJsonObject(before), parseJsonObject(after)];
  if (old === null || young === null) return ["(unreadable)"];
  const keys = new Set([...Object.keys(old), ...Object.keys(young)]);
  const isNamed = (key: string) => key === "version" && namesVersion(mission, young["version"]);
  return [...keys].filter(
    (key) => !describingKeys.has(key) && !isNamed(key) && !isDeepStrictEqual(old[key], young[key]),
  );
}

function namesVersion(mission: string, version: unknown): boolean {
  if (typeof version !== "string" || !/^\d+(?:\.\d+)+[\w.+-]*$/u.test(version)) return false;
  return mission.split(/[^\w.+-]+/u).some((part) => part.replace(/^v|\.$/gu, "") === version);
}
