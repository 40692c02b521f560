/** Whether a Python project's version comes from the tags of its history. Pure. */
import type { DetectionFiles } from "./finding.ts";

const textMax = 200_000;
const versionTools =
  /setuptools[-_]scm|hatch[-_]vcs|dynamic[-_]versioning|setuptools[-_]git[-_]versioning|versioneer|versioningit|dunamai|^[ \t]*source[ \t]*=[ \t]*["']scm["']/mu;

/** True if one of the manifests names a tool that takes the project's version from the tags of its history. */
export function isVersionedByTags(base: DetectionFiles): boolean {
  return [...base.texts].some(
    ([path, text]) =>
      /(?:^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/u.test(path) && versionTools.test((text ?? "").slice(0, textMax)),
  );
}
