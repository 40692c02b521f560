/**
 * Lists the dependencies that a change adds, alters or removes, and marks those that look like a supply-chain attack (THREATS T17). It reads
 * npm's manifests and lockfiles and pip's requirement files; a change to any other known format needs approval.
 */
import { counted, type DependencyChanges } from "@aedev/contracts";
import { matchesGlob } from "@aedev/host/globs";
import { comparablePath } from "@aedev/host/path-names";
import { compareLockfiles } from "./npm-lockfile.ts";
import { compareManifests } from "./npm-manifest.ts";
import { compareRequirements } from "./requirements.ts";

/** Both versions of a file as text, equal if it did not change; null if it is absent on that side or not text. */
export interface DependencyFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}
export type DependencyChange = DependencyChanges["changes"][number];

const changesMax = 2000;
const lockNames = ["package-lock.json", "npm-shrinkwrap.json"];
const requirementGlobs = ["requirements*.txt", "constraints*.txt", "requirements/**/*.txt"];
/** Manifests and lockfiles that aedev does not parse: it only sees that they changed. */
const unreadGlobs = [
  ...["yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock", "bower.json", "jspm.config.js", "jsr.json"],
  ...["pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "pdm.lock"],
  ...["requirements*.in", "environment.y*ml", "conda-lock.yml", "pixi.toml", "pixi.lock"],
  ...["go.mod", "go.sum", "go.work", "go.work.sum", "Cargo.toml", "Cargo.lock", "Gemfile", "Gemfile.lock", "*.gemspec"],
  ...["composer.json", "composer.lock", "pom.xml", "build.gradle*", "settings.gradle*", "gradle.lockfile"],
  ...[
    "libs.versions.toml",
    "gradle-wrapper.properties",
    "*.csproj",
    "*.fsproj",
    "packages.config",
    "packages.lock.json",
  ],
  ...["Directory.Packages.props", "mix.exs", "mix.lock", "pubspec.yaml", "pubspec.lock", "Package.swift"],
  ...[
    "Package.resolved",
    "Podfile",
    "Podfile.lock",
    "rebar.config",
    "flake.nix",
    "flake.lock",
    "conanfile.*",
    "vcpkg.json",
  ],
  // Settings that choose where packages come from or make an install run a program.
  ...["pip.conf", "pip.ini", ".pypirc", ".netrc", "_netrc", "uv.toml", "poetry.toml", "pdm.toml", "mise.toml"],
  ...[".bundle/config", "nuget.config", ".mvn/**", ".m2/**", "binding.gyp", "*.gypi", ".condarc", ".gemrc"],
  ...["vendor/**", "third_party/**", "node_modules/**"],
];

/** The other files, changed or not, that `deriveDependencyChanges` needs beside these: a lockfile's manifest and a manifest's lockfiles. */
export function dependencySiblings(changedPaths: readonly string[]): string[] {
  const siblings = changedPaths.flatMap((path) => {
    const [folder, name] = splitPath(path);
    if (lockNames.includes(name)) return [`${folder}package.json`];
    return name === "package.json" ? lockNames.map((lock) => `${folder}${lock}`) : [];
  });
  return [...new Set(siblings)].filter((path) => !changedPaths.includes(path));
}

/** Contract: total; an unreadable file is suspicious, and a truncated list says so in an entry that needs approval. */
export function deriveDependencyChanges(files: readonly DependencyFile[]): DependencyChanges {
  const changes = files.flatMap((file) => changesOf(file, files));
  const distinct = [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
  if (distinct.length <= changesMax) return { changes: distinct };
  const kept = distinct
    .toSorted((one, other) => Number(other.suspicious !== null) - Number(one.suspicious !== null))
    .slice(0, changesMax - 1);
  const rest = `${counted(distinct.length - kept.length, "more change")} not listed`;
  return { changes: [...kept, { file: "*", name: "*", from: null, to: null, suspicious: rest }] };
}

function changesOf(file: DependencyFile, files: readonly DependencyFile[]): DependencyChange[] {
  const [folder, name] = splitPath(file.path);
  const changed = file.before !== file.after;
  if (name === "package.json") return changed ? compareManifests(file) : [];
  if (lockNames.includes(name)) {
    const manifest = files.find((other) => other.path === `${folder}package.json`);
    return compareLockfiles(file, manifest ?? null);
  }
  if (!changed) return [];
  if (matchesGlob(file.path, requirementGlobs)) return compareRequirements(file);
  const misspelt = [...lockNames, "package.json"].includes(splitPath(comparablePath(file.path))[1]);
  if (!misspelt && !matchesGlob(file.path, unreadGlobs)) return [];
  return [{ file: file.path, name: "*", from: null, to: null, suspicious: "aedev does not read this format" }];
}

function splitPath(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf("/") + 1;
  return [path.slice(0, at), path.slice(at)];
}
