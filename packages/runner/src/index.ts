/** What `aedev task replay` uses of the execution plane. The plane itself is a process of its own (`main.ts`). */
export { exportJournal } from "./gateway/journal-export.ts";
export { replayRun } from "./replay-run.ts";
