/**
 * Entry of the execution plane's process, which the control plane forks and talks to over the fork's channel. When the channel closes, it waits for stopped runs to end and exits.
 *
 * Folder: the execution plane's entry.
 */
import { setTimeout as delay } from "node:timers/promises";
import { serveExecution } from "./plane.ts";

// Containers of another user must read files made for them. Files that others on this machine must not read are below folders of mode 0700.
process.umask(0o022);

/** Below 15 s, after which the control plane kills this process. */
const settleMsMax = 10_000;

const serving = serveExecution(
  {
    send: (message) => {
      if (process.connected) process.send?.(message);
    },
    onMessage: (take) => process.on("message", take),
  },
  (error) => {
    process.stderr.write(
      `execution plane: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
process.on("disconnect", () => {
  void Promise.race([serving.settled(), delay(settleMsMax)]).finally(() => process.exit(0));
});
