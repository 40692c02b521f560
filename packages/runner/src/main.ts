/** The execution plane as a process: control forks this file and speaks over the channel of the fork. The channel's end is the order to exit. */
import { serveExecution } from "./plane.ts";

process.on("disconnect", () => process.exit(0));
serveExecution(
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
