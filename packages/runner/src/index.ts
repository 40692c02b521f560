/** What `aedev task replay` uses of the execution plane. The plane itself runs as a separate process (`main.ts`). */
export { exportJournal } from "./gateway/journal-export.ts";
export { replayRun } from "./replay-run.ts";
