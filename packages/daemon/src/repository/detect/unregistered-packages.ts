/** Finds packages that come from a git host or another address instead of a registry, and what needs them: the fetch step reaches only registries. Pure. */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type DetectionFiles, escapedText, fileText } from "./finding.ts";
import { isJsonObject } from "./json-object.ts";

const namedMax = 5;
const kinds = ["dependencies", "devDependencies", "optionalDependencies"] as const;
const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ resolved: z.string().optional() })),
});
/** An npm dependency on a git address, a host's short form, `owner/name`, or an archive outside npm's and Yarn's registries. */
const unregistered =
  /^(?:git(?:\+\w+)?:|ssh:|github:|gitlab:|bitbucket:|gist:|[\w.-]+@[\w.-]+:\S|https?:\/\/(?!registry\.(?:npmjs\.org|yarnpkg\.com)(?::443)?\/)\S|(?!\.)[\w.-]+\/[\w.-]+(?:#\S*)?$)/iu;

/** `manifest`: the parsed package.json. */
export function unregisteredPackages(base: DetectionFiles, manifest: Readonly<Record<string, unknown>>): string[] {
  const own = entriesOf(manifest).flatMap(([name, spec]) =>
    unregistered.test(spec) ? [{ name, spec, by: "package.json" }] : [],
  );
  const owned = new Set(own.map(({ name }) => name));
  const lock = lockSchema.safeParse(parseJson(fileText(base, "package-lock.json")));
  const packages = lock.success ? Object.entries(lock.data.packages) : [];
  const locked = packages.flatMap(([path, { resolved = "" }]) => {
    const name = nameAt(path);
    return /^(?:git[+:]|ssh:)/iu.test(resolved) && !owned.has(name) ? [{ name, spec: resolved, by: null }] : [];
  });
  const found = [...own, ...locked];
  if (found.length === 0) return [];
  const parentOf = (name: string) =>
    nameAt(packages.find(([, value]) => entriesOf(value).some(([wanted]) => wanted === name))?.[0] ?? "");
  const list = found
    .slice(0, namedMax)
    .map(({ name, spec, by }) => [name, spec, by ?? (parentOf(name) || "package.json")].map(escapedText))
    .map(([name, spec, by]) => `${name} (${withoutCredentials(spec)}, wanted by ${by})`);
  const more = found.length > namedMax ? ` and ${found.length - namedMax} more` : "";
  return [
    `not from a registry: ${list.join(", ")}${more}. The fetch step reaches registries only, so it fails unless the operator allows that host or an --image has the package`,
  ];
}

/** An address may contain a token or a password. */
const withoutCredentials = (spec = "") => spec.replace(/\/\/(?!git@)[^/@]*@/gu, "//…@");

const plainName = /^(?:@[\w.-]{1,100}\/)?[\w.-]{1,100}$/u;

/** Names of such packages among the devDependencies, if they are few and no other kind of dependency has one: tests may do without them. */
export function unregisteredDevDependencies(manifest: Readonly<Record<string, unknown>>): string[] {
  const found = kinds.flatMap((kind) =>
    entriesOf({ [kind]: manifest[kind] }).flatMap(([name, spec]) => (unregistered.test(spec) ? [{ kind, name }] : [])),
  );
  const isLeftOut = ({ kind, name }: (typeof found)[number]) => kind === "devDependencies" && plainName.test(name);
  // If only some could be left out, the fetch step would still fail.
  return found.length <= namedMax && found.every(isLeftOut) ? found.map(({ name }) => name) : [];
}

function entriesOf(manifest: Readonly<Record<string, unknown>>): [string, string][] {
  return kinds.flatMap((kind) => {
    const table = manifest[kind];
    if (!isJsonObject(table)) return [];
    return Object.entries(table).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  });
}

const nameAt = (path: string) => path.replace(/^.*node_modules\//u, "");
