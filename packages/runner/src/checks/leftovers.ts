/** Clears what checks and prepare of an earlier life of this plane left in the home. Called once at start, before any work; finished archives stay. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { deleteFolder } from "../worktree/run-folder.ts";
import { clearUnfinished } from "./matrix/base-cache.ts";

/** `home`: AEDEV_HOME. */
export async function clearCheckFolders(home: string): Promise<void> {
  await deleteFolder(join(home, "checks"));
  clearUnfinished(home);
  const prepared = join(home, "prepared");
  if (!existsSync(prepared)) return;
  for (const name of readdirSync(prepared)) {
    if (name.startsWith(".work-") || name.startsWith(".new-")) await deleteFolder(join(prepared, name));
  }
}
