/** The execution plane's package: its process entry, and the replay that `aedev task replay` runs by itself. */
import { fileURLToPath } from "node:url";

export { type Replayed, type ReplayOptions, replayRun } from "./coder/replay-run.ts";
export { exportJournal } from "./gateway/journal-export.ts";
export { type Channel, serveExecution } from "./plane.ts";

/** The file that control forks. */
export const executionPlanePath = fileURLToPath(new URL("./main.ts", import.meta.url));
