/** The execution plane as a process: control forks this file and speaks over the channel of the fork. The channel's end is the order to exit, once what was stopped before it has gone. */
import { setTimeout as delay } from "node:timers/promises";
import { serveExecution } from "./plane.ts";

/** Control kills a plane that takes longer than 15 s. */
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
