/** Resolves a symbolic link against a tree listing, as a file system would, and says why its target is unsafe (THREATS T19). It touches no file system. */
import { hasGitSegment } from "@aedev/host/path-names";

const hopsMax = 40;

/** Why the link at `path` is unsafe, or null. `targets`: every known link of the candidate tree, by path; parent folders may be links too. */
export function linkProblem(path: string, targets: ReadonlyMap<string, string>): string | null {
  const target = targets.get(path);
  if (target === undefined) return "link target unknown";
  if (target === "" || target.includes("\0") || target.includes("\ufffd")) return "link target is not a path";
  if (hasGitSegment(target)) return "link into a git directory";
  const stack = path.split("/").slice(0, -1);
  const waiting = target.split("/").reverse();
  if (isAbsolute(target)) return "link to an absolute path";
  for (let hops = 1; waiting.length > 0; ) {
    const segment = waiting.pop();
    if (segment === undefined || segment === "" || segment === ".") continue;
    if (segment === "..") {
      if (stack.pop() === undefined) return "link leaves the tree";
      continue;
    }
    stack.push(segment);
    const next = targets.get(stack.join("/"));
    if (next === undefined) continue;
    if (isAbsolute(next)) return "link to an absolute path through another link";
    if (++hops > hopsMax) return "links form a loop";
    stack.pop();
    waiting.push(...next.split("/").reverse());
  }
  return null;
}

function isAbsolute(target: string): boolean {
  return /^([/\\~]|[A-Za-z]:)/.test(target) || target.includes("\\");
}
