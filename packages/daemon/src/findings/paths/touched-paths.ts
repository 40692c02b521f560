/** Lists the changed paths that match each path list of the policy. Risk needs this because core matches no patterns. */

import type { PathReport } from "@aedev/contracts";
import { type PathGroup, type Policy, pathGroups, type TouchedPaths } from "@aedev/core";
import { findGlob } from "@aedev/host/globs";

/** A renamed file counts under its old and its new name. The documentation list counts it only if its content changed, too. */
export function deriveTouchedPaths(report: PathReport, policy: Policy): TouchedPaths {
  const changed = report.files.map((file) => file.path);
  const names = [...new Set([...changed, ...report.renames.flatMap((rename) => [rename.from, rename.to])])];
  const touched = (group: PathGroup) => {
    if (group === "documentation") return changed.filter((path) => findGlob(path, policy.paths.documentation) !== null);
    return names.filter((path) => findGlob(path, policy.risk.paths[group]) !== null);
  };
  return Object.fromEntries(pathGroups.map((group) => [group, touched(group)])) as Record<PathGroup, string[]>;
}
