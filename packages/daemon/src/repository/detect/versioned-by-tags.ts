/** Tells whether a Python project's version comes from the tags of its history. Pure. */
import type { DetectionFiles } from "./finding.ts";

const textMax = 200_000;
const versionTools =
  /setuptools[-_]scm|hatch[-_]vcs|dynamic[-_]versioning|setuptools[-_]git[-_]versioning|versioneer|versioningit|dunamai|^[ \t]*source[ \t]*=[ \t]*["']scm["']/mu;

/** True if a manifest names a tool that reads the version from tags. */
export function isVersionedByTags(base: DetectionFiles): boolean {
  return [...base.texts].some(
    ([path, text]) =>
      /(?:^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/u.test(path) && versionTools.test((text ?? "").slice(0, textMax)),
  );
}
