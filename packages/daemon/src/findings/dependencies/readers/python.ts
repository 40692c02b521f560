/** Reads pyproject.toml, pip's requirement files, and the lockfiles of uv and Poetry. */
import { parseToml } from "@aedev/host/parse-toml";
import {
  isTable,
  listAt,
  type NamedPackage,
  noRegistry,
  originOf,
  type Read,
  reading,
  sortedText,
  type Table,
  tableAt,
  textIn,
  without,
} from "./reading.ts";
import { requirementLines, sourceProblem } from "./requirement-lines.ts";

/** PyPI's names differ neither in case nor in their separators. */
const plainName = (name: string) => name.toLowerCase().replace(/[-_.]+/g, "-");
const requirement = /^([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*\(?([^;@()]*)\)?\s*(;.*)?$/;

/** A package by PEP 508, and what must stay as it is: extras and conditions. */
function requirementOf(line: string): { named: NamedPackage; rest: string } {
  const [, name, extras = "", range = "", condition = ""] = requirement.exec(line.trim()) ?? [];
  const named = { version: range.trim(), source: "", hashes: [] };
  if (name === undefined) return { named: { ...named, name: line, problem: noRegistry }, rest: line };
  return { named: { ...named, name: plainName(name), problem: null }, rest: `${plainName(name)}${extras}${condition}` };
}

export const readPyproject: Read = (text) => {
  const document = parseToml(text);
  if (!isTable(document)) return null;
  const packages: NamedPackage[] = [];
  const rests: string[] = [];
  const take = (place: string, lines: readonly unknown[]) =>
    lines.forEach((line) => {
      const { named, rest } = requirementOf(typeof line === "string" ? line : sortedText(line));
      if (typeof line === "string") packages.push(named);
      rests.push(`${place} ${rest}`);
    });
  const takeTable = (place: string, table: Table) =>
    Object.entries(table).forEach(([name, value]) => {
      const version = typeof value === "string" ? value : isTable(value) ? textIn(value, "version") : "";
      rests.push(
        `${place} ${name} ${typeof value === "string" ? "" : sortedText(isTable(value) ? without(value, ["version"]) : value)}`,
      );
      if (name === "python") rests.push(version);
      else packages.push({ name: plainName(name), version, source: "", hashes: [], problem: null });
    });
  const project = tableAt(document, "project");
  const [poetry, uv] = [tableAt(document, "tool", "poetry"), tableAt(document, "tool", "uv")];
  take("project", listAt(project, "dependencies"));
  take("uv", listAt(uv, "dev-dependencies"));
  for (const [place, groups] of Object.entries({
    extras: tableAt(project, "optional-dependencies"),
    groups: tableAt(document, "dependency-groups"),
  }))
    for (const group of Object.keys(groups)) take(`${place} ${group}`, listAt(groups, group));
  for (const section of ["dependencies", "dev-dependencies"]) takeTable(section, tableAt(poetry, section));
  for (const group of Object.keys(tableAt(poetry, "group")))
    takeTable(`group ${group}`, tableAt(poetry, "group", group, "dependencies"));
  const others = {
    ...without(document, ["project", "dependency-groups", "tool"]),
    project: without(project, ["dependencies", "optional-dependencies"]),
    tool: {
      ...without(tableAt(document, "tool"), ["poetry", "uv"]),
      poetry: {
        ...without(poetry, ["dependencies", "dev-dependencies", "group"]),
        group: Object.entries(tableAt(poetry, "group")).map(([name, group]) => [
          name,
          isTable(group) ? without(group, ["dependencies"]) : group,
        ]),
      },
      uv: without(uv, ["dev-dependencies"]),
    },
  };
  return reading({ ecosystem: "pypi", role: "manifest" }, packages, { others, rests });
};

/** A requirements file locks what it names with `==`. */
export const readRequirements: Read = (text) => {
  const rests: string[] = [];
  const packages = requirementLines(text).flatMap((line): NamedPackage[] => {
    if (line.startsWith("-")) {
      rests.push(line);
      return [];
    }
    const hashes = [...line.matchAll(/--hash=(\S+)/g)].map(([, hash = ""]) => hash);
    const { named, rest } = requirementOf(line.replace(/\s*--hash=\S+/g, ""));
    if (rest !== named.name) rests.push(rest);
    return [{ ...named, hashes, problem: sourceProblem(line) }];
  });
  return reading({ ecosystem: "pypi", role: "manifest" }, packages, rests);
};

const lockfile = (packages: readonly NamedPackage[], rest: unknown) =>
  reading({ ecosystem: "pypi", role: "lockfile" }, packages, rest);

export const readUvLock: Read = (text) => {
  const lock = parseToml(text);
  if (!isTable(lock)) return null;
  const members: unknown[] = [];
  const packages = listAt(lock, "package").flatMap((entry): NamedPackage[] => {
    if (!isTable(entry)) return [];
    const [name, source] = [textIn(entry, "name"), tableAt(entry, "source")];
    const registry = textIn(source, "registry");
    if (registry === "") {
      members.push([name, source]);
      return [];
    }
    const archives = [tableAt(entry, "sdist"), ...listAt(entry, "wheels").filter(isTable)];
    const origins = archives
      .map((one) => textIn(one, "url"))
      .filter(Boolean)
      .map(originOf);
    const hashes = archives.map((one) => textIn(one, "hash")).filter(Boolean);
    const from = [...new Set([originOf(registry), ...origins])].toSorted().join(" ");
    return [{ name: plainName(name), version: textIn(entry, "version"), source: from, hashes, problem: null }];
  });
  return lockfile(packages, { ...without(lock, ["package"]), members });
};

export const readPoetryLock: Read = (text) => {
  const lock = parseToml(text);
  if (!isTable(lock)) return null;
  const metadata = tableAt(lock, "metadata");
  const packages = listAt(lock, "package").flatMap((entry): NamedPackage[] => {
    if (!isTable(entry)) return [];
    const name = textIn(entry, "name");
    const files = [...listAt(entry, "files"), ...listAt(tableAt(metadata, "files"), name)].filter(isTable);
    const source = tableAt(entry, "source");
    return [
      {
        ...{ name: plainName(name), version: textIn(entry, "version"), source: textIn(source, "url") },
        ...{ hashes: files.map((file) => textIn(file, "hash")).filter(Boolean) },
        problem: Object.keys(source).length === 0 ? null : noRegistry,
      },
    ];
  });
  return lockfile(packages, {
    ...without(lock, ["package", "metadata"]),
    metadata: without(metadata, ["content-hash", "files"]),
  });
};
