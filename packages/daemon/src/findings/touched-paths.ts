/** Which changed paths each of the policy's path lists matches: the input of risk's path factors, since core matches no patterns itself. */
import { type PathGroup, type Policy, pathGroups, type TouchedPaths } from "@aedev/core";
import type { PathReport } from "@aedev/core/wire";
import { findGlob } from "./glob.ts";

/** Old and new names of renames count, except for documentation, where only what changed can excuse itself. */
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
