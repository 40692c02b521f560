/** Deletes what checks and prepare steps of an earlier process of this plane left, except finished archives. Called once, before any work. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isUnfinished } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { isCheckFolder, mountFolder } from "../engine/mount-folder.ts";
import { deleteFolder } from "../tree/run-folder.ts";
import { clearUnfinished } from "./matrix/base-cache.ts";

/** `home`: AEDEV_HOME. */
export async function clearCheckFolders(home: string): Promise<void> {
  const { prepared } = homeLayout(home);
  const mounted = mountFolder(home);
  // One after the other, because a killed plane's `rm` may still run for a moment and must not meet files of its successor.
  for (const name of readdirSync(mounted)) if (isCheckFolder(name)) await deleteFolder(join(mounted, name));
  clearUnfinished(home);
  if (!existsSync(prepared)) return;
  for (const name of readdirSync(prepared)) {
    if (name.startsWith(".work-") || name.startsWith(".new-") || isUnfinished(name))
      await deleteFolder(join(prepared, name));
  }
}
