/** Detects how a repository is prepared and tested, from the names in its base commit and a few manifests. Pure: nothing runs, and nothing is guessed. */

import { noSettings, type RepositorySettings } from "@aedev/contracts";
import type { RepositoryOverlay } from "@aedev/core";
import { findGo, findMake, findRust } from "./compiled-project.ts";
import { type DetectedRepository, type DetectionFiles, escaped, type Part } from "./finding.ts";
import { imageNeed } from "./image-need.ts";
import { findJava } from "./java-project.ts";
import { findNode } from "./node-project.ts";
import { nothingFound } from "./other-ecosystems.ts";
import { findPython } from "./python-project.ts";
import { testFiles } from "./test-globs.ts";

const manifest =
  /^(package(-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lock|pyproject\.toml|setup\.cfg|tox\.ini|pytest\.ini|requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt|go\.mod|Cargo\.(toml|lock)|(GNUm|m|M)akefile|\.gitignore|setup\.py|pom\.xml|go\.work|\.python-version)$/u;
const manifestsMax = 40;
/** Test files that are read for their imports. */
const samplesMax = 5;

/** The files whose text detection wants to see. */
export function wantedFiles(paths: readonly string[]): string[] {
  const samples = (["node", "python"] as const).flatMap((language) => testFiles(paths, language).slice(0, samplesMax));
  return [...new Set([...paths.filter((path) => manifest.test(path)).slice(0, manifestsMax), ...samples])];
}

/** `overlay`: the base's own `.aedev.yaml`, which at every run fills what the registration leaves open. `image`: a given image. `runnerImage`: the default image. */
export function detectRepository(
  base: DetectionFiles,
  given: { overlay: RepositoryOverlay; image: string | null; runnerImage: string },
): DetectedRepository {
  const parts = [findNode(base), findPython(base), findGo(base), findRust(base), findJava(base), findMake(base)].filter(
    (part) => part !== null,
  );
  const main = parts.find(({ checks }) => checks !== "none") ?? parts[0];
  const image = given.image ?? given.overlay.image ?? null;
  const own = withoutOverlaid(main, given.overlay);
  return {
    languages: parts.map(({ language, tools }) => ({ language, tools })),
    settings: { ...noSettings, ...own.settings, image: given.image },
    checks: given.overlay.verify === undefined ? (main?.checks ?? "none") : null,
    needsImage: main === undefined || image !== null || !hasCommand(main) ? null : imageNeed(main, given.runnerImage),
    reasons: own.reasons,
    alternatives: own.notes.length === 0 ? (main?.alternatives ?? []) : [],
    notes: [
      ...(main?.notes ?? [nothingFound(base)]),
      ...parts.filter((part) => part !== main).map(besides),
      ...own.notes,
    ],
  };
}

function hasCommand({ settings }: Part): boolean {
  return settings.prepare != null || (settings.verify ?? []).length > 0;
}

/** Settings from the repository's own file are not saved with the registration: every run reads them again. */
function withoutOverlaid(
  main: Part | undefined,
  overlay: RepositoryOverlay,
): Pick<Part, "settings" | "reasons"> & { notes: string[] } {
  const keys = ["prepare", "build", "inputs", "outputs", "verify", "tests", "image"] as const;
  const said = keys.filter((key) => overlay[key] !== undefined);
  if (said.length === 0) return { settings: main?.settings ?? {}, reasons: main?.reasons ?? [], notes: [] };
  const kept = Object.entries(main?.settings ?? {}).filter(([key]) => !said.some((name) => name === key));
  return {
    settings: Object.fromEntries(kept) as Partial<RepositorySettings>,
    reasons: (main?.reasons ?? []).filter(({ setting }) => !said.some((name) => name === setting)),
    notes: [`.aedev.yaml of the repository sets ${said.join(", ")}: read at every run, not saved here`],
  };
}

function besides({ language, settings }: Part): string {
  const [command] = settings.verify ?? [];
  const how = command === undefined ? "" : `; to test it too, add --verify ${JSON.stringify(escaped(command))}`;
  return `there is also ${language} at the top, which is not proposed${how}`;
}
