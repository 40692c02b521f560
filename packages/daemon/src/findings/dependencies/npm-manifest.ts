/** Compares the dependencies that two versions of a package.json ask for. It reads specifiers only and resolves nothing. */
import { isDeepStrictEqual } from "node:util";
import type { DependencyChange, DependencyFile } from "./dependency-changes.ts";
import { newPackage } from "./formats.ts";
import { type JsonObject, objectAt, parseJsonObject } from "./json-object.ts";
import { dependencySections, otherSource } from "./readers/reading.ts";

/** Keys that make npm, yarn or pnpm install something other than the specifiers say. */
const redirectingKeys = [
  "overrides",
  "resolutions",
  "pnpm",
  "bundledDependencies",
  "bundleDependencies",
  "peerDependenciesMeta",
];

export function compareManifests({ path, before, after }: DependencyFile): DependencyChange[] {
  const [old, young] = [parseJsonObject(before), parseJsonObject(after)];
  if (young === null || old === null)
    return [{ file: path, name: "*", from: null, to: null, suspicious: "not a JSON object" }];
  return [
    ...dependencySections.flatMap((section) => compareSection(path, objectAt(old, section), objectAt(young, section))),
    ...redirectingKeys
      .filter((key) => !isDeepStrictEqual(old[key], young[key]))
      .map((key) => ({ file: path, name: key, from: null, to: null, suspicious: `${key} changed` })),
  ];
}

function compareSection(file: string, old: JsonObject, young: JsonObject): DependencyChange[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(young)])];
  return names.flatMap((name) => {
    const [from, to] = [specifierAt(old, name), specifierAt(young, name)];
    if (from === to) return [];
    return [{ file, name, from, to, suspicious: to === null ? null : entryProblem(from, to) }];
  });
}

function specifierAt(section: JsonObject, name: string): string | null {
  if (!Object.hasOwn(section, name)) return null;
  const value = section[name];
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Why an entry needs approval; a new name always does, because it may be one letter off a known one. */
function entryProblem(from: string | null, to: string): string | null {
  const problems = [...(from === null ? [newPackage] : []), ...(isRegistrySpecifier(to) ? [] : [otherSource])];
  return problems.length === 0 ? null : problems.join("; ");
}

/** Registry specifiers are version ranges and tags; a colon, a slash or an at sign points to another source or another name. */
function isRegistrySpecifier(specifier: string): boolean {
  return /^[\w\s.*^~<>=|+-]*$/.test(specifier);
}
