/** Imported before better-sqlite3: its native part dies by SIGSEGV, without a word, on a Node older than the one the launcher brings. */
const oldestMajor = 24;

if (Number(process.versions.node.split(".")[0]) < oldestMajor)
  throw new Error(`aedev needs Node ${oldestMajor} or newer, this is ${process.versions.node}; start it by bin/aedev`);
