/**
 * Lockfiles of pnpm, yarn, cargo, poetry, uv and go, entry by entry: which packages a change brings, from where, with which hash (THREATS T17).
 * Read line by line without resolving anything. What these formats can't tell, such as install scripts, is said once per file, so that a change
 * of one of them is always a person's.
 */
import { comparablePath } from "../path-names.ts";
import type { DependencyChange, DependencyFile } from "./dependency-changes.ts";

interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Origin or kind of source; null: the format's own registry. */
  readonly source: string | null;
  readonly integrity: string | null;
}
type ReadEntries = (text: string) => LockedPackage[];

const entriesMax = 50_000;
const unproven = "aedev names what changes in this format and does not prove it";

const readers: Readonly<Record<string, ReadEntries>> = {
  "pnpm-lock.yaml": readPnpm,
  "yarn.lock": readYarn,
  "cargo.lock": readToml,
  "poetry.lock": readToml,
  "uv.lock": readToml,
  "pdm.lock": readToml,
  "go.sum": readGoSum,
};

/** Null: not one of these formats. */
export function compareOtherLockfile(file: DependencyFile): DependencyChange[] | null {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const read = readers[comparablePath(name)];
  if (read === undefined) return null;
  const standing = { file: file.path, name: "*", from: null, to: null, suspicious: unproven };
  if (file.after === null) return [{ ...standing, suspicious: "the lockfile was removed" }];
  const [before, after] = [byName(read(file.before ?? "")), byName(read(file.after))];
  const known = new Set([...before.values()].map(({ source }) => source));
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((key): DependencyChange[] => {
    const [old, young] = [before.get(key), after.get(key)];
    if (old !== undefined && young !== undefined && isSame(old, young)) return [];
    const problems = young === undefined ? [] : problemsOf(young, old, known);
    const suspicious = problems.length === 0 ? null : problems.join("; ");
    const shown = { name: (young ?? old)?.name ?? key, from: old?.version ?? null, to: young?.version ?? null };
    return [{ file: file.path, ...shown, suspicious }];
  });
  return [...changes, standing];
}

function problemsOf(young: LockedPackage, old: LockedPackage | undefined, known: ReadonlySet<string | null>): string[] {
  const problems: string[] = [];
  if (!known.has(young.source) && (young.source !== null || known.size > 0))
    problems.push(`new source ${young.source ?? "the registry"}`);
  if (young.integrity === null) problems.push("missing integrity");
  if (old === undefined) problems.push("install scripts unknown");
  else if (old.version === young.version && old.integrity !== young.integrity)
    problems.push("other bytes for the same version");
  if (old !== undefined && old.source !== young.source) problems.push("changed source");
  return problems;
}

function isSame(one: LockedPackage, other: LockedPackage): boolean {
  return one.version === other.version && one.source === other.source && one.integrity === other.integrity;
}

/** One entry per package; several versions of one package are an entry each. */
function byName(entries: readonly LockedPackage[]): Map<string, LockedPackage> {
  const counts = new Map<string, number>();
  for (const { name } of entries) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(
    entries.slice(0, entriesMax).map((entry) => {
      const { name, version } = entry;
      return [(counts.get(name) ?? 0) > 1 ? `${name}@${version}` : name, entry];
    }),
  );
}

/** `  '@s/a@1.0.0':` and below it `resolution: {integrity: …, tarball: …}`; other keys in the braces are sources too. */
function readPnpm(text: string): LockedPackage[] {
  const packages = text.split(/^packages:$/m)[1]?.split(/^\S/m)[0] ?? "";
  return packages.split(/^(?= {2}\S)/m).flatMap((block) => {
    const key = /^ {2}'?\/?((?:@[^/'@\s]+\/)?[^@'\s]+)@([^':\s(]+(?::[^'\s]+)?)'?:\s*$/m.exec(block);
    if (key === null) return [];
    const [, name = "", version = ""] = key;
    const resolution = /^ {4}resolution: *\{([^}]*)\}/m.exec(block)?.[1] ?? "";
    const integrity = /\bintegrity: *([^,\s]+)/.exec(resolution)?.[1] ?? null;
    const source = /\b(?:tarball|repo|directory|url): *'?([^,'\s]+)/.exec(resolution)?.[1] ?? null;
    return [{ name, version, integrity, source: source === null ? null : originOf(source) }];
  });
}

/** Both forms: the old one with `version "1.0.0"`, `resolved`, `integrity`, and the newer with `resolution` and `checksum`. */
function readYarn(text: string): LockedPackage[] {
  return text.split(/^(?=["\w@])/m).flatMap((block) => {
    const name = /^"?((?:@[^/@\s"]+\/)?[^@\s"]+)@/.exec(block)?.[1];
    const version = /^ {2}version:? "?([^"\s]+)"?$/m.exec(block)?.[1];
    if (name === undefined || version === undefined) return [];
    const resolved = /^ {2}resolved "([^"]+)"$/m.exec(block)?.[1];
    const resolution = /^ {2}resolution: "(?:@[^/@\s"]+\/)?[^@\s"]+@([^"]+)"$/m.exec(block)?.[1];
    const integrity = /^ {2}(?:integrity|checksum):? "?([^"\s]+)"?$/m.exec(block)?.[1] ?? null;
    if (resolution !== undefined && /^(?:workspace|link|portal):/.test(resolution)) return [];
    const source = resolved ?? (resolution === undefined || resolution.startsWith("npm:") ? null : resolution);
    return [{ name, version, integrity, source: source === null ? null : originOf(source) }];
  });
}

/** `[[package]]` tables of cargo, poetry, uv and pdm. A package without a source in Cargo.lock is the repository's own. */
function readToml(text: string): LockedPackage[] {
  return text
    .split(/^\[\[package\]\]$/m)
    .slice(1)
    .flatMap((block) => {
      const textAt = (key: string) => new RegExp(`^${key} = "([^"]*)"$`, "m").exec(block)?.[1] ?? null;
      const [name, version] = [textAt("name"), textAt("version")];
      if (name === null || version === null) return [];
      const inline = /^source = \{ *(?:registry|url|git|path|virtual|editable) = "([^"]*)"/m.exec(block)?.[1];
      const table = /^\[package\.source\]$[\s\S]{0,400}?^url = "([^"]*)"/m.exec(block)?.[1];
      const source = inline ?? table ?? textAt("source") ?? textAt("url") ?? textAt("git") ?? textAt("path");
      const integrity = textAt("checksum") ?? /\bhash = "([^"]+)"/.exec(block)?.[1] ?? null;
      if (source === null && integrity === null && /^dependencies = \[/m.test(block) && !block.includes("files = "))
        return [];
      return [{ name, version, integrity, source: source === null ? null : originOf(source) }];
    });
}

function readGoSum(text: string): LockedPackage[] {
  return text.split("\n").flatMap((line) => {
    const [, name = "", version = "", hash = ""] = /^(\S+) (\S+) (h1:\S+)$/.exec(line) ?? [];
    return name === ""
      ? []
      : [{ name: `${name}${version.endsWith("/go.mod") ? " (go.mod)" : ""}`, version, source: null, integrity: hash }];
  });
}

/** The host of an address, or the whole text where it is none. */
function originOf(source: string): string {
  const url = URL.parse(source.replace(/^(?:registry|sparse|git)\+/, ""));
  return url === null || url.origin === "null" ? source.slice(0, 200) : url.origin;
}
