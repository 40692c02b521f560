/**
 * Detects how a repository is prepared and tested, from the names in its base commit and a few manifests. Pure: it runs and guesses nothing.
 * Folder: what names and manifests suggest: commands, test files, image.
 */

import { dockerfileOf, imageRecipe, noSettings, type RepositorySettings } from "@aedev/contracts";
import type { RepositoryOverlay } from "@aedev/core";
import { findGo, findMake, findRust } from "./compiled-project.ts";
import {
  type DetectedRepository,
  type DetectionFiles,
  escapedText,
  fileText,
  type ImageNeed,
  type Part,
} from "./finding.ts";
import { filesWithin, foldersWithManifests, placedInFolder } from "./folder.ts";
import { findJava } from "./java-project.ts";
import { findNode } from "./node-project.ts";
import { nothingFound } from "./other-ecosystems.ts";
import { findPhp } from "./php-project.ts";
import { findPython } from "./python-project.ts";
import { findRuby } from "./ruby-project.ts";
import { testFiles } from "./test-globs.ts";
import { workflowPath, workflowsMax } from "./workflow.ts";

const manifest =
  /^(package(-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lock|pyproject\.toml|setup\.cfg|tox\.ini|pytest\.ini|requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt|(?:tests?|testing|dev|development)[-_]requirements\.txt|(?:tests?|testing)\/requirements[\w.-]*\.txt|go\.mod|Cargo\.(toml|lock)|(GNUm|m|M)akefile|\.gitignore|setup\.py|manage\.py|noxfile\.py|pom\.xml|go\.work|\.python-version|\.gitmodules|Gemfile|[\w.-]+\.gemspec|composer\.json|phpunit(?:\.dist)?\.xml(?:\.dist)?)$/u;
const manifestsMax = 40;
/** How much of .gitmodules is read, in characters. */
const gitmodulesMax = 20_000;
/** Manifests of a workspace's crates, which name their targets. */
const crateManifest = /\/Cargo\.toml$/u;
/** How many folders a note names. */
const namedMax = 8;
/** How many test files are read for their imports and, for Node, to see whether they contain tests. */
const samplesMax = 25;

/** The files whose text detection needs, for the whole repository or one folder. */
export function wantedFiles(paths: readonly string[], folder: string | null = null): string[] {
  const top = wantedAtTop(paths, { manifests: manifestsMax, samples: samplesMax });
  // Without a folder, these only show which folders could be registered alone.
  const bounds = folder === null ? { manifests: 8, samples: 1 } : { manifests: manifestsMax, samples: samplesMax };
  const folders = folder === null ? foldersWithManifests(paths) : [folder];
  const within = folders.flatMap((one) =>
    wantedAtTop(filesWithin({ paths, texts: new Map() }, one).paths, bounds).map((path) => `${one}/${path}`),
  );
  const workflows = paths.filter((path) => workflowPath.test(path)).slice(0, workflowsMax);
  return [...new Set([...top, ...workflows, ...pomsAbove(folder), ...within])];
}

/** Maven's manifests between the top and the folder, which name their modules. */
function pomsAbove(folder: string | null): string[] {
  const names = folder?.split("/") ?? [];
  return names.slice(1).map((_, depth) => `${names.slice(0, depth + 1).join("/")}/pom.xml`);
}

function wantedAtTop(paths: readonly string[], max: { manifests: number; samples: number }): string[] {
  const samples = (["node", "python", "ruby"] as const).flatMap((language) =>
    testFiles(paths, language).slice(0, max.samples),
  );
  const crates = paths.includes("Cargo.toml") ? paths.filter((path) => crateManifest.test(path)) : [];
  const manifests = [paths.filter((path) => manifest.test(path)), crates].flatMap((found) =>
    found.slice(0, max.manifests),
  );
  return [...new Set([...manifests, ...samples])];
}

/**
 * `overlay`: the base's `.aedev.yaml`, which fills in at every run what the registration leaves open. `image`: the image that was given. `runnerImage`: the
 * default one. `folder`: the folder to register alone, already checked.
 */
export function detectRepository(
  base: DetectionFiles,
  given: { overlay: RepositoryOverlay; image: string | null; runnerImage: string; folder?: string | null },
): DetectedRepository {
  const { folder = null } = given;
  const found = partsOf(folder === null ? base : filesWithin(base, folder));
  const parts = folder === null ? found : found.map((part) => placedInFolder(part, folder));
  const main = mainOf(parts, folder === null ? base.paths : filesWithin(base, folder).paths);
  const image = given.image ?? given.overlay.image ?? null;
  const own = withoutOverlaid(main, given.overlay, folder !== null);
  const where = folder === null ? "at the top" : `in ${folder}`;
  return {
    languages: parts.map(({ language, tools }) => ({ language, tools })),
    settings: { ...noSettings, ...own.settings, image: given.image, ...(folder === null ? {} : { folder }) },
    checks: given.overlay.verify === undefined ? (main?.checks ?? "none") : null,
    needsImage: main === undefined || image !== null || !hasCommand(main) ? null : imageNeed(main, given.runnerImage),
    reasons: own.reasons,
    alternatives: own.isOverlaid ? [] : (main?.alternatives ?? []),
    notes: [
      ...(main?.notes ?? [folder === null ? nothingFound(base) : `nothing ${where} says how it is tested`]),
      ...(folder === null && !isTested(main) && given.overlay.verify === undefined ? otherFolders(base) : []),
      ...parts.filter((part) => part !== main).map((part) => besidesNote(part, where)),
      ...own.notes,
      ...submodules(base),
    ],
  };
}

/** In a checkout, a submodule is an empty folder. */
function submodules(base: DetectionFiles): string[] {
  const text = fileText(base, ".gitmodules") ?? "";
  const places = [...text.slice(0, gitmodulesMax).matchAll(/^[ \t]*path[ \t]*=[ \t]*(\S.*)$/gmu)].map(([, path = ""]) =>
    path.trim(),
  );
  return places.length === 0
    ? []
    : [
        `submodules (${escapedText(places.join(", "))}) are empty folders without --submodules, and tests that need them fail then`,
      ];
}

function partsOf(base: DetectionFiles): Part[] {
  return [findNode, findPython, findGo, findRust, findJava, findRuby, findPhp, findMake].flatMap(
    (find) => find(base) ?? [],
  );
}

const isTested = (part: Part | undefined) => part !== undefined && part.checks !== "none";

/** The part whose command runs the most test files; among equals, the first. */
function mainOf(parts: readonly Part[], paths: readonly string[]): Part | undefined {
  const weights = new Map(parts.map((part) => [part, weightOf(part, paths)]));
  const heaviest = Math.max(0, ...weights.values());
  return parts.filter(isTested).find((part) => weights.get(part) === heaviest) ?? parts[0];
}

/** Tests inside code files count as one file. A script with an unknown runner may be a linter, so it counts half. */
function weightOf({ language, checks }: Part, paths: readonly string[]): number {
  if (checks === "none") return 0;
  const files = language === "make" ? 0 : testFiles(paths, language).length;
  return checks === "per-test" ? Math.max(1, files) : files / 2;
}

/** One note with the folders that could be registered alone, or none. */
function otherFolders(base: DetectionFiles): string[] {
  const tested = foldersWithManifests(base.paths).filter((folder) => partsOf(filesWithin(base, folder)).some(isTested));
  if (tested.length === 0) return [];
  const named = tested.slice(0, namedMax).map((folder) => `--path ${folder}`);
  return [
    `these folders have tests and can be registered alone: ${named.join(", ")}${tested.length > namedMax ? ` and ${tested.length - namedMax} more` : ""}`,
  ];
}

function hasCommand({ settings }: Part): boolean {
  return settings.prepare != null || (settings.verify ?? []).length > 0;
}

/** Removes settings of the repository's own file, which every run reads again. `isOverlaid`: the file sets something. */
function withoutOverlaid(
  main: Part | undefined,
  overlay: RepositoryOverlay,
  isFolder: boolean,
): Pick<Part, "settings" | "reasons" | "notes"> & { isOverlaid: boolean } {
  const keys = ["prepare", "build", "inputs", "outputs", "verify", "tests", "image"] as const;
  // The file is about the whole repository: its commands and tests are added to a folder's own.
  const said = keys.filter((key) => overlay[key] !== undefined && !(isFolder && (key === "verify" || key === "tests")));
  const joined = isFolder && overlay.verify !== undefined;
  const added = joined
    ? [".aedev.yaml of the repository sets verify: its commands run besides those of the folder"]
    : [];
  const isOverlaid = said.length > 0 || joined;
  if (said.length === 0)
    return { settings: main?.settings ?? {}, reasons: main?.reasons ?? [], notes: added, isOverlaid };
  const kept = Object.entries(main?.settings ?? {}).filter(([key]) => !said.some((name) => name === key));
  return {
    settings: Object.fromEntries(kept) as Partial<RepositorySettings>,
    reasons: (main?.reasons ?? []).filter(({ setting }) => !said.some((name) => name === setting)),
    notes: [`.aedev.yaml of the repository sets ${said.join(", ")}: read at every run, not saved here`, ...added],
    isOverlaid,
  };
}

function besidesNote({ language, settings }: Part, where: string): string {
  const [command] = settings.verify ?? [];
  const how = command === undefined ? "" : `; to test it too, add --verify ${JSON.stringify(escapedText(command))}`;
  return `there is also ${language} ${where}, which is not proposed${how}`;
}

/** The image that a language needs, with a command that builds it on `runnerImage`; null if that default image suffices. */
function imageNeed({ language }: Pick<Part, "language">, runnerImage: string): ImageNeed | null {
  if (language === "node") return null;
  const recipe = imageRecipe(language);
  const { has, image } = recipe;
  const dockerfile = dockerfileOf(recipe, escapedText(runnerImage)).replaceAll("\n", "\\n");
  return {
    why: `${has} is not in aedev's own image, which has Node, npm and git: this repository needs its own image (any with glibc, /bin/sh and git)`,
    image,
    example: `printf '${dockerfile}\\n' | docker build -t ${image} -`,
  };
}
