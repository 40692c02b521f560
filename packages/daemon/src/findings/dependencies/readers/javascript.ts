/** Reads package.json and the lockfiles of npm, pnpm, Yarn and Bun. Only this file uses Yarn's parser. */
import { parseLenientJson } from "@aedev/host/strict-json";
import { parseSyml } from "@yarnpkg/parsers";
import { parseYaml } from "../../../configuration/yaml-document.ts";
import {
  dependencySections,
  isTable,
  jsonTable,
  listAt,
  type NamedPackage,
  noRegistry,
  originOf,
  otherSource,
  type Read,
  reading,
  type Table,
  tableAt,
  textIn,
  without,
} from "./reading.ts";

const sections: readonly string[] = dependencySections;
const lockCharactersMax = 16 * 1024 * 1024;
const lockfile = (packages: readonly NamedPackage[], rest: unknown) =>
  reading({ ecosystem: "npm", role: "lockfile" }, packages, rest);
/** Ranges and tags; a colon, a slash or an at sign points to another source or name. */
const isRange = (range: string) => /^[\w\s.*^~<>=|+-]+$/.test(range);
const isVersion = (version: string) => /^\d+\.\d+\.\d+[\w.+-]*$/.test(version);

export const readPackageJson: Read = (text) => {
  const manifest = jsonTable(text);
  if (manifest === null) return null;
  const packages = sections.flatMap((section) =>
    Object.entries(tableAt(manifest, section)).map(([name, range]) => ({
      ...{ name, version: String(range), source: "", hashes: [] },
      problem: isRange(String(range)) ? null : otherSource,
    })),
  );
  return reading({ ecosystem: "npm", role: "manifest" }, packages, without(manifest, sections));
};

/** Npm-lockfile.ts finds what is wrong with an entry. Of version 1, which has no `packages`, the nested dependencies are read. */
export const readPackageLock: Read = (text) => {
  const lock = jsonTable(text);
  if (lock === null) return null;
  const packages: NamedPackage[] = [];
  const members: unknown[] = [];
  const add = (name: string, entry: Table) => {
    // The names of its commands, which could take the place of another package's.
    if (Object.hasOwn(entry, "bin")) members.push([name, entry["bin"]]);
    packages.push({
      ...{ name, version: textIn(entry, "version"), source: originOf(textIn(entry, "resolved")) },
      ...{ hashes: textIn(entry, "integrity").split(/\s+/).filter(Boolean), problem: null },
    });
  };
  for (const [key, entry] of Object.entries(tableAt(lock, "packages"))) {
    const at = key.lastIndexOf("node_modules/");
    if (!isTable(entry) || at === -1 || entry["link"] === true)
      members.push([key, isTable(entry) ? without(entry, sections) : entry]);
    else add(key.slice(at + "node_modules/".length), entry);
  }
  const nested = isTable(lock["packages"]) ? [] : [tableAt(lock, "dependencies")];
  for (let next = nested.pop(); next !== undefined; next = nested.pop())
    for (const [name, entry] of Object.entries(next))
      if (isTable(entry)) {
        add(name, entry);
        nested.push(tableAt(entry, "dependencies"));
      }
  return lockfile(packages, { ...without(lock, ["packages", "dependencies"]), members });
};

/** Versions 5 to 9 of pnpm's format. A package needed under another name or from a folder counts as a part of the rest. */
export const readPnpmLock: Read = (text) => {
  const lock = parseYaml(text, "pnpm-lock.yaml", lockCharactersMax);
  if (!isTable(lock)) return null;
  const odd: string[] = [];
  const noteOdd = (needed: Table) => {
    for (const [name, value] of Object.entries(needed)) {
      const version = (isTable(value) ? textIn(value, "version") : String(value)).replace(/[(_].*$/, "");
      if (!isVersion(version) && !isVersion(version.replace(`${name}@`, ""))) odd.push(`${name} ${version}`);
    }
  };
  const importers = isTable(lock["importers"]) ? tableAt(lock, "importers") : { ".": lock };
  for (const one of Object.values(importers))
    if (isTable(one)) for (const section of sections) noteOdd(tableAt(one, section));
  for (const one of [...Object.values(tableAt(lock, "packages")), ...Object.values(tableAt(lock, "snapshots"))])
    if (isTable(one)) for (const section of ["dependencies", "optionalDependencies"]) noteOdd(tableAt(one, section));
  const packages = Object.entries(tableAt(lock, "packages")).map(([key, entry]): NamedPackage => {
    const plain = key.replace(/^\//, "").replace(/\(.*$/, "");
    const at = plain.lastIndexOf("@") > 0 ? plain.lastIndexOf("@") : plain.lastIndexOf("/");
    const version = plain.slice(at + 1).replace(/_.*$/, "");
    const resolution = isTable(entry) ? tableAt(entry, "resolution") : {};
    const isPlain = Object.keys(resolution).join() === "integrity" && isVersion(version);
    return {
      ...{ name: plain.slice(0, at), version, source: textIn(resolution, "tarball") },
      ...{ hashes: [textIn(resolution, "integrity")].filter(Boolean), problem: isPlain ? null : noRegistry },
    };
  });
  const others = without(lock, [...sections, "importers", "packages", "snapshots", "specifiers", "time"]);
  const members = Object.entries(importers).map(([folder, one]) =>
    folder === "." && one === lock ? folder : [folder, isTable(one) ? without(one, [...sections, "specifiers"]) : one],
  );
  return lockfile(packages, { others, members, odd: [...new Set(odd)].toSorted() });
};

/** Yarn 1 and later. The checksums of later versions are of Yarn's own archives. */
export const readYarnLock: Read = (text) => {
  if (text.length > lockCharactersMax) return null;
  const lock: unknown = parseSyml(text);
  if (!isTable(lock)) return null;
  const members: unknown[] = [];
  const packages: NamedPackage[] = [];
  for (const [key, entry] of Object.entries(lock)) {
    const asked = key
      .split(/,\s*/)
      .map((one) => [one.slice(0, one.indexOf("@", 1)), one.slice(one.indexOf("@", 1) + 1)]);
    const [name = ""] = asked[0] ?? [];
    if (!isTable(entry) || key === "__metadata" || textIn(entry, "linkType") === "soft") {
      members.push(key === "__metadata" ? entry : name);
      continue;
    }
    const version = textIn(entry, "version");
    const [resolved = "", sha1 = ""] = textIn(entry, "resolved").split("#");
    const isOne = asked.every(([one, range = ""]) => one === name && isRange(range.replace(/^npm:/, "")));
    const isBerry = Object.hasOwn(entry, "resolution");
    const baseName = name.slice(name.lastIndexOf("/") + 1);
    const isPlain = isBerry
      ? textIn(entry, "resolution") === `${name}@npm:${version}`
      : decodeURIComponent(URL.parse(resolved)?.pathname ?? "").endsWith(`/${name}/-/${baseName}-${version}.tgz`);
    const integrity = textIn(entry, "integrity").split(/\s+/).filter(Boolean);
    const checksum = textIn(entry, "checksum").replace(/^\w+\/$/, "");
    const own = (isBerry ? [`own:${checksum}`] : [`sha1:${sha1}`]).filter((hash) => !hash.endsWith(":"));
    packages.push({
      ...{ name, version, source: isBerry ? "" : originOf(resolved) },
      ...{ hashes: integrity.length > 0 ? integrity : own, problem: isOne && isPlain ? null : noRegistry },
    });
  }
  return lockfile(packages, members);
};

/** Bun's text format: `[name@version, registry, needs, hash]` for each package. */
export const readBunLock: Read = (text) => {
  const lock = parseLenientJson(text, { charactersMax: lockCharactersMax });
  if (!isTable(lock)) return null;
  const members: unknown[] = [];
  const packages: NamedPackage[] = [];
  for (const [key, entry] of Object.entries(tableAt(lock, "packages"))) {
    const [id = "", registry, , hash] = Array.isArray(entry) ? (entry as unknown[]).map(String) : [];
    const [name, version] = [id.slice(0, id.lastIndexOf("@")), id.slice(id.lastIndexOf("@") + 1)];
    if (version.startsWith("workspace:")) members.push([key, id]);
    else
      packages.push({
        ...{ name, version, source: registry === undefined || registry === "" ? "" : originOf(registry) },
        ...{ hashes: hash?.startsWith("sha") ? [hash] : [] },
        problem: isVersion(version) && (key === name || key.endsWith(`/${name}`)) ? null : noRegistry,
      });
  }
  const folders = Object.entries(tableAt(lock, "workspaces")).map(([folder, one]) => [
    folder,
    isTable(one) ? without(one, sections) : listAt({ one }, "one"),
  ]);
  return lockfile(packages, { ...without(lock, ["packages", "workspaces"]), members, folders });
};
