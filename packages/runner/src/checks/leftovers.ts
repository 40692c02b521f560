/** Deletes what checks and prepare of an earlier process of this plane left in the home. Called once at start, before any work; finished archives stay. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isUnfinished } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { mountFolder } from "../engine/mount-folder.ts";
import { deleteFolder } from "../tree/run-folder.ts";
import { clearUnfinished } from "./matrix/base-cache.ts";

/** `home`: AEDEV_HOME. */
export async function clearCheckFolders(home: string): Promise<void> {
  const { prepared } = homeLayout(home);
  await deleteFolder(mountFolder(home));
  clearUnfinished(home);
  if (!existsSync(prepared)) return;
  for (const name of readdirSync(prepared)) {
    if (name.startsWith(".work-") || name.startsWith(".new-") || isUnfinished(name))
      await deleteFolder(join(prepared, name));
  }
}
