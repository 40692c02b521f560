/** Who owns a file, for git's places and the home's. It reads nothing. */
import type { Stats } from "node:fs";

/** Whether this user owns the state; everybody does on a system without owners. */
export function isOwn({ uid }: Pick<Stats, "uid">): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}
