/** The worker thread of `readVisible`: reads Markdown texts and answers. It may be ended at any time. */
import { parentPort, workerData } from "node:worker_threads";
import { readerText } from "./visible-text.ts";

const texts: readonly string[] = workerData;
parentPort?.postMessage(texts.map(readerText));
