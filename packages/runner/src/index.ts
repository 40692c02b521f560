/** The parts of the execution plane that `aedev task replay` and `aedev doctor` use. The plane itself runs as a separate process (`main.ts`). */
export { exportJournal } from "./gateway/journal-export.ts";
export { probeSandbox } from "./probe-sandbox.ts";
export { replayRun } from "./replay-run.ts";
