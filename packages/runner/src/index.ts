/** What `aedev task replay` and `aedev doctor` use of the execution plane. The plane itself runs as a separate process (`main.ts`). */
export { exportJournal } from "./gateway/journal-export.ts";
export { probeSandbox } from "./probe-sandbox.ts";
export { replayRun } from "./replay-run.ts";
