/** The thread that `verifyInThread` starts: verifies the newest events of a home's log, and sends the result. It may be ended at any time. */
import { parentPort, workerData } from "node:worker_threads";
import { verifyHome } from "./audit.ts";

parentPort?.postMessage(verifyHome((workerData as { home: string }).home, { recent: true }));
