/** Must be imported before better-sqlite3, whose native part crashes without a message on a Node older than the launcher's. */
const oldestMajor = 24;

/** Throws if Node is too old. It runs when this file is imported. */
function assertNodeVersion(): void {
  if (Number(process.versions.node.split(".")[0]) >= oldestMajor) return;
  throw new Error(
    `aedev needs Node ${oldestMajor} or newer, this is ${process.versions.node}; start it with bin/aedev`,
  );
}

assertNodeVersion();
