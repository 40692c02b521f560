/** Resolves symbolic links against a tree listing, as a file system would, and says why a target is unsafe (SECURITY T19). It touches no file system. */
import { hasGitSegment } from "./path-names.ts";

const hopsMax = 40;

/** Why the link at `path` is unsafe, or null. `targets`: every known link of the tree, by path; parent folders may be links too. */
export function linkProblem(path: string, targets: ReadonlyMap<string, string>): string | null {
  if (!targets.has(path)) return "link target unknown";
  const resolved = resolveInTree(path, targets);
  return "problem" in resolved ? resolved.problem : null;
}

/** The target of a path through the links of a tree; the target may not exist. `passed`: every link on the way, also up to a problem. */
export function resolveInTree(
  path: string,
  targets: ReadonlyMap<string, string>,
): { readonly passed: readonly string[] } & ({ readonly path: string } | { readonly problem: string }) {
  const stack: string[] = [];
  const passed: string[] = [];
  const waiting = path.split("/").reverse();
  while (waiting.length > 0) {
    const segment = waiting.pop();
    if (segment === undefined || segment === "" || segment === ".") continue;
    if (segment === "..") {
      if (stack.pop() === undefined) return { passed, problem: "link leaves the tree" };
      continue;
    }
    stack.push(segment);
    const target = targets.get(stack.join("/"));
    if (target === undefined) continue;
    passed.push(stack.join("/"));
    const problem = targetProblem(target, passed.length > 1);
    if (problem !== null) return { passed, problem };
    if (passed.length > hopsMax) return { passed, problem: "links form a loop" };
    stack.pop();
    waiting.push(...target.split("/").reverse());
  }
  return { passed, path: stack.join("/") };
}

function targetProblem(target: string, isThroughAnother: boolean): string | null {
  if (target === "" || target.includes("\0") || target.includes("\ufffd")) return "link target is not a path";
  if (isAbsolute(target)) return `link to an absolute path${isThroughAnother ? " through another link" : ""}`;
  return hasGitSegment(target) ? "link into a git directory" : null;
}

function isAbsolute(target: string): boolean {
  return /^([/\\~]|[A-Za-z]:)/.test(target) || target.includes("\\");
}
