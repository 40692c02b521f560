/** Reads the manifests and lockfiles of Cargo, Go, Bundler and Composer. */

import { parseToml } from "@aedev/host/parse-toml";
import {
  isTable,
  jsonTable,
  listAt,
  type NamedPackage,
  noRegistry,
  otherSource,
  type Read,
  reading,
  type Table,
  tableAt,
  textIn,
  without,
} from "./reading.ts";

const cargoTables = ["dependencies", "dev-dependencies", "build-dependencies"];
/** Where crates.io's index is, in both of its forms. */
const cratesIndex =
  /^(registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index|sparse\+https:\/\/index\.crates\.io\/?)$/;

export const readCargoToml: Read = (text) => {
  const document = parseToml(text);
  if (!isTable(document)) return null;
  const packages: NamedPackage[] = [];
  const blank = (table: Table): Table =>
    Object.fromEntries(
      Object.entries(table).map(([key, value]) =>
        cargoTables.includes(key) && isTable(value)
          ? [key, Object.entries(value).map(([name, range]) => blankOne(name, range))]
          : [key, ["target", "workspace"].includes(key) && isTable(value) ? blank(value) : blankTarget(value)],
      ),
    );
  const blankTarget = (value: unknown): unknown =>
    isTable(value) && cargoTables.some((key) => isTable(value[key])) ? blank(value) : value;
  const blankOne = (name: string, range: unknown): unknown => {
    const version = typeof range === "string" ? range : isTable(range) ? textIn(range, "version") : "";
    const real = isTable(range) ? textIn(range, "package") || name : name;
    packages.push({ name: real, version, source: "", hashes: [], problem: null });
    return [name, isTable(range) ? without(range, ["version"]) : ""];
  };
  const rest = blank(document);
  return reading({ ecosystem: "crates", role: "manifest" }, packages, rest);
};

export const readCargoLock: Read = (text) => {
  const lock = parseToml(text);
  if (!isTable(lock)) return null;
  const members: unknown[] = [];
  const packages = listAt(lock, "package").flatMap((entry): NamedPackage[] => {
    if (!isTable(entry)) return [];
    const [name, version, source] = [textIn(entry, "name"), textIn(entry, "version"), textIn(entry, "source")];
    if (source === "") {
      members.push([name, version]);
      return [];
    }
    const isIndex = cratesIndex.test(source);
    const hashes = [textIn(entry, "checksum")].filter(Boolean).map((sum) => `sha256:${sum}`);
    return [{ name, version, source: isIndex ? "" : source, hashes, problem: isIndex ? null : noRegistry }];
  });
  return reading({ ecosystem: "crates", role: "lockfile" }, packages, { ...without(lock, ["package"]), members });
};

export const readGoMod: Read = (text) => {
  const rest: string[] = [];
  const packages: NamedPackage[] = [];
  let block = "";
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/\/\/.*$/, "").trim();
    if (line === "") continue;
    const opened = /^(\w+)\s*\($/.exec(line);
    if (opened !== null) block = opened[1] ?? "";
    else if (line === ")") block = "";
    else {
      const whole = block === "" ? line : `${block} ${line}`;
      const required = /^require\s+(\S+)\s+(\S+)$/.exec(whole);
      if (required === null) rest.push(whole);
      else packages.push({ ...goModule(required[1] ?? "", required[2] ?? ""), hashes: [] });
    }
  }
  return reading({ ecosystem: "go", role: "manifest" }, packages, rest);
};

function goModule(name: string, version: string) {
  return { name, version, source: "", problem: /^v\d+\.\d+\.\d+/.test(version) ? null : otherSource };
}

/** Sums of a module's archive and of its go.mod. A module may have only the second: its versions are compared, but it is not installed. */
export const readGoSum: Read = (text) => {
  const sums = new Map<string, { name: string; version: string; hashes: string[] }>();
  const rest: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const [, name = "", version = "", isMod, sum = ""] = /^(\S+) (\S+?)(\/go\.mod)? (h1:\S+)$/.exec(line) ?? [];
    if (name === "") rest.push(line);
    const known = sums.get(`${name} ${version}`) ?? { name, version, hashes: [] };
    known.hashes.push(isMod === undefined ? sum : `go.mod ${sum}`);
    sums.set(`${name} ${version}`, known);
  }
  const packages = [...sums.values()].filter(({ name }) => name !== "");
  return reading(
    { ecosystem: "go", role: "lockfile" },
    packages.map(({ name, version, hashes }) => ({ ...goModule(name, version), hashes })),
    rest,
  );
};

/** A Gemfile is a program: lines that only name a gem and its version are read, and all others must stay. */
export const readGemfile: Read = (text) => {
  const packages: NamedPackage[] = [];
  const rest = text.split(/\r?\n/).map((line) => {
    const [, start = "", , name = "", ranges = "", end = ""] =
      /^(\s*gem[\s(]\s*(["'])([\w.-]+)\2)((?:\s*,\s*(?:"[\d\s.~><=!\w]*"|'[\d\s.~><=!\w]*'))*)(.*)$/.exec(line) ?? [];
    if (name === "") return line;
    const version = [...ranges.matchAll(/["']([^"']*)["']/g)].map(([, range]) => range).join(", ");
    packages.push({ name, version, source: "", hashes: [], problem: null });
    return `${start} ${end}`;
  });
  return reading({ ecosystem: "rubygems", role: "manifest" }, packages, rest);
};

/** The gems below `GEM`, with their sums below `CHECKSUMS`. Sections of other sources must stay. */
export const readGemfileLock: Read = (text) => {
  const packages: NamedPackage[] = [];
  const sums = new Map<string, string>();
  const rest: string[] = [];
  let section = "";
  let remote = "";
  for (const line of text.split(/\r?\n/)) {
    if (/^\S/.test(line)) {
      section = line;
      remote = "";
    }
    const [, name = "", version = "", sum = ""] =
      /^ {2}(?: {2})?([\w.-]+) \(([^)]+)\)(?: (sha256=\S+))?$/.exec(line) ?? [];
    if (section === "GEM" && line.startsWith("  remote: ")) remote = line.slice(10).trim();
    if (section === "CHECKSUMS" && name !== "") sums.set(`${name} ${version}`, sum.replace("=", ":"));
    else if (section === "GEM" && name !== "" && line.startsWith("    "))
      packages.push({ name, version, source: remote, hashes: [], problem: null });
    else if (!(section === "GEM" && /^ {6}/.test(line)) && section !== "DEPENDENCIES") rest.push(line);
  }
  const summed = packages.map((one) => {
    const sum = sums.get(`${one.name} ${one.version}`) ?? "";
    return sum === "" ? one : { ...one, hashes: [sum] };
  });
  return reading({ ecosystem: "rubygems", role: "lockfile" }, summed, rest);
};

/** Requirements on PHP itself and its extensions, whose names have no slash, must stay. */
export const readComposerJson: Read = (text) => {
  const manifest = jsonTable(text);
  if (manifest === null) return null;
  const sections = ["require", "require-dev"].map((section) => Object.entries(tableAt(manifest, section)));
  const packages = sections.flat().flatMap(([name, range]): NamedPackage[] => {
    const problem = /^[\w\s.*^~<>=|,@-]+$/.test(String(range)) ? null : otherSource;
    return name.includes("/") ? [{ name, version: String(range), source: "", hashes: [], problem }] : [];
  });
  const others = {
    ...without(manifest, ["require", "require-dev"]),
    php: sections.flat().filter(([name]) => !name.includes("/")),
  };
  return reading({ ecosystem: "packagist", role: "manifest" }, packages, others);
};

/** The hash of a package is the commit that its archive is made of. */
export const readComposerLock: Read = (text) => {
  const lock = jsonTable(text);
  if (lock === null) return null;
  const entries = ["packages", "packages-dev"].flatMap((section) => listAt(lock, section)).filter(isTable);
  const packages = entries.map((entry): NamedPackage => {
    const dist = tableAt(entry, "dist");
    const address = textIn(dist, "url");
    const isPlain = textIn(dist, "type") === "zip" && URL.parse(address)?.protocol === "https:";
    return {
      ...{ name: textIn(entry, "name"), version: textIn(entry, "version"), source: URL.parse(address)?.origin ?? "" },
      // The registry has no hash of the archive. Its address names the repository and the commit.
      ...{ hashes: textIn(dist, "reference") === "" ? [] : [address], problem: isPlain ? null : noRegistry },
    };
  });
  return reading(
    { ecosystem: "packagist", role: "lockfile" },
    packages,
    without(lock, ["packages", "packages-dev", "content-hash"]),
  );
};
