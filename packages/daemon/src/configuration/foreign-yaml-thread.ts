/** The worker thread of `readForeignYaml`: reads one document and answers. It may be ended at any time. */
import { parentPort, workerData } from "node:worker_threads";
import { isFault } from "@aedev/contracts";
import { parseYaml } from "./yaml-document.ts";

const { text, name }: { text: string; name: string } = workerData;
try {
  parentPort?.postMessage({ kind: "value", value: parseYaml(text, name) });
} catch (error) {
  if (!isFault(error, "config-invalid")) throw error;
  parentPort?.postMessage({ kind: "invalid", message: error.message });
}
