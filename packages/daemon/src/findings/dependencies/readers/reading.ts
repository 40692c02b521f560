/**
 * What a reader makes of one version of a manifest or lockfile: the packages that it names, and everything else as text. A reader is pure and
 * returns null for a text that it can't read; it may throw on hostile text, which only the child process sees.
 *
 * Folder: one file per family of package managers.
 */
import type { PackageEcosystem } from "@aedev/contracts";
import { parseStrictJson } from "@aedev/host/strict-json";

export interface NamedPackage {
  readonly name: string;
  /** A lockfile's exact version, or a manifest's range. */
  readonly version: string;
  /** Where it comes from; empty: from where its tool looks by itself. */
  readonly source: string;
  /** `sha512-…`, `sha256:…`, `h1:…`, or the address of an archive. Hashes that begin with `own:` are the tool's and no registry knows them. */
  readonly hashes: readonly string[];
  /** Why a person should look at it; null: a release of a registry. */
  readonly problem: string | null;
}
export interface FileContent {
  readonly ecosystem: PackageEcosystem;
  readonly role: "manifest" | "lockfile";
  readonly packages: readonly NamedPackage[];
  /** Everything in the file but versions, hashes and which package needs which. */
  readonly rest: string;
}
export type Read = (text: string) => FileContent | null;

/** The sections whose entries get installed from a package.json. */
export const dependencySections = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
] as const;

export type Table = Readonly<Record<string, unknown>>;
/** Why a specifier that names another source or another package needs approval. */
export const otherSource = "specifier is not a registry version";
export const noRegistry = "no source in a registry";

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
export function tableAt(table: Table, ...keys: readonly string[]): Table {
  let found: unknown = table;
  for (const key of keys) found = isTable(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return isTable(found) ? found : {};
}
export function listAt(table: Table, key: string): readonly unknown[] {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return Array.isArray(value) ? value : [];
}
export function textIn(table: Table, key: string): string {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return typeof value === "string" ? value : "";
}

/** A JSON object; null for any other text. */
export function jsonTable(text: string): Table | null {
  const parsed = parseStrictJson(text.replace(/^\ufeff/, ""), { depthMax: 500 });
  return parsed.kind === "value" && isTable(parsed.value) ? parsed.value : null;
}

/** `rest`: whatever of the file is not in `packages`. */
export function reading(
  kind: Pick<FileContent, "ecosystem" | "role">,
  packages: readonly NamedPackage[],
  rest: unknown,
): FileContent {
  return { ...kind, packages, rest: sortedText(rest) };
}

/** A text that is equal for equal values, whatever the order of their keys. */
export function sortedText(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      isTable(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    ) ?? ""
  );
}
export function without(table: Table, keys: readonly string[]): Table {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
}
export function originOf(address: string): string {
  return URL.parse(address)?.origin ?? address;
}
