/** Must be imported before better-sqlite3, whose native part crashes without a message on a Node older than the launcher's. */
import { oldestNodeMajor } from "@aedev/host/product";

/** Throws if Node is too old. It runs when this file is imported. */
function assertNodeVersion(): void {
  if (Number(process.versions.node.split(".")[0]) >= oldestNodeMajor) return;
  throw new Error(
    `aedev needs Node ${oldestNodeMajor} or newer, this is ${process.versions.node}; start it with bin/aedev`,
  );
}

assertNodeVersion();
