/** The worker thread of `detectInThread`: detects once and answers. It may be ended at any time. */
import { parentPort, workerData } from "node:worker_threads";
import { detectRepository } from "./detect/detect-repository.ts";
import type { DetectionInput } from "./detect-in-thread.ts";

const input: DetectionInput = workerData;
parentPort?.postMessage(detectRepository(...input));
