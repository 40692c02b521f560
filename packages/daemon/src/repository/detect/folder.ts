/** Detects within one folder of a repository: shows the files as seen from there, and turns the result into commands and paths at the top. Pure. */
import { posix } from "node:path";
import { plainFolderPattern, type RepositorySettings } from "@aedev/contracts";
import type { Alternative, DetectionFiles, Part } from "./finding.ts";
import { foreignPath } from "./test-globs.ts";

const manifest =
  /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.py|manage\.py|setup\.cfg|tox\.ini|pytest\.ini|requirements\.txt|go\.mod|Cargo\.toml|pom\.xml|Gemfile|Rakefile|composer\.json)$/u;
const depthMax = 4;
const foldersMax = 24;
const plainFolder = new RegExp(`^${plainFolderPattern}$`, "u");

/** Why the folder can't be registered alone; null if it can. `paths`: every file and link of the base. */
export function folderProblem(paths: readonly string[], folder: string): string | null {
  if (paths.some((path) => path === folder || folder.startsWith(`${path}/`)))
    return "it is a file or a link on the base, not a folder";
  return paths.some((path) => path.startsWith(`${folder}/`)) ? null : "there is no such folder on the base";
}

/** The base as a command in this folder sees it. */
export function filesWithin(base: DetectionFiles, folder: string): DetectionFiles {
  const start = `${folder}/`;
  const isWithin = (path: string) => path.startsWith(start);
  return {
    paths: base.paths.filter(isWithin).map((path) => path.slice(start.length)),
    texts: new Map(
      [...base.texts].flatMap(([path, text]) => (isWithin(path) ? [[path.slice(start.length), text]] : [])),
    ),
    ...(base.taggedVersion === undefined ? {} : { taggedVersion: base.taggedVersion }),
    above: { base, folder, up: "../".repeat(folder.split("/").length) },
  };
}

/** Folders that may be registered alone: those with a manifest, outermost first. */
export function foldersWithManifests(paths: readonly string[]): string[] {
  const folders = paths
    .filter((path) => manifest.test(path) && !foreignPath.test(path))
    .map((path) => posix.dirname(path))
    .filter(
      (folder) =>
        plainFolder.test(folder) && depthOf(folder) <= depthMax && !/(^|\/)(fixtures?|testdata)(\/|$)/u.test(folder),
    );
  return [...new Set(folders)].toSorted((one, other) => depthOf(one) - depthOf(other)).slice(0, foldersMax);
}

const depthOf = (folder: string) => folder.split("/").length;

/** Turns what was found in the folder into commands that first go there, and paths from the top. */
export function placedInFolder(part: Part, folder: string): Part {
  const { isPreparedAtTop = false, alternatives = [], language } = part;
  const at = { folder, isPreparedAtTop, language };
  return {
    ...part,
    settings: { ...part.settings, ...changedAt(at, part.settings) },
    alternatives: alternatives.map(({ why, settings }) => ({
      why,
      settings: { ...settings, ...changedAt(at, settings) },
    })),
  };
}

function changedAt(
  { folder, isPreparedAtTop, language }: { folder: string; isPreparedAtTop: boolean; language: Part["language"] },
  settings: Alternative["settings"],
): Partial<RepositorySettings> {
  const there = (command: string) => `cd ${folder} && ${command}`;
  // The fetch step sees only its inputs. What a Python project needs may be in other files, so the folder may be missing.
  const made = language === "python" ? `mkdir -p ${folder} && ` : "";
  const { prepare, build, verify } = settings;
  const lists = (["inputs", "outputs", "tests", "writable"] as const).flatMap((key) => {
    const list = settings[key];
    return list === undefined ? [] : [[key, list.map((path) => posix.join(folder, path))] as const];
  });
  return {
    ...(prepare == null || isPreparedAtTop ? {} : { prepare: `${made}${there(prepare)}` }),
    ...(build == null ? {} : { build: there(build) }),
    ...(verify === undefined ? {} : { verify: verify.map(there) }),
    ...Object.fromEntries(lists),
  };
}
