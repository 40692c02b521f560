/** Whether a file belongs to this user, for git's places and the home's. It reads nothing. */
import type { Stats } from "node:fs";

/** Whether this user owns the file with this state; always true on a system without owners. */
export function isOwn({ uid }: Pick<Stats, "uid">): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}
