/** Lists which changed paths match each of the policy's path lists. Risk's path factors need this because core matches no patterns. */

import type { PathReport } from "@aedev/contracts";
import { type PathGroup, type Policy, pathGroups, type TouchedPaths } from "@aedev/core";
import { findGlob } from "@aedev/host/globs";

/** Old and new names of renames count, except for documentation, where only an actual content change counts as documentation. */
export function deriveTouchedPaths(report: PathReport, policy: Policy): TouchedPaths {
  const changed = report.files.map((file) => file.path);
  const names = [...new Set([...changed, ...report.renames.flatMap((rename) => [rename.from, rename.to])])];
  const touched = (group: PathGroup) => {
    if (group === "documentation") return changed.filter((path) => findGlob(path, policy.paths.documentation) !== null);
    const { globs } = policy.risk.factors[group];
    return names.filter((path) => findGlob(path, globs) !== null);
  };
  return Object.fromEntries(pathGroups.map((group) => [group, touched(group)])) as Record<PathGroup, string[]>;
}
