/** Runs detection in a thread with a deadline and a memory bound: what it reads is a repository's, which may be hostile, and the daemon must go on. */
import { Worker } from "node:worker_threads";
import { Fault } from "@aedev/contracts";
import type { detectRepository } from "./detect/detect-repository.ts";
import type { DetectedRepository } from "./detect/finding.ts";

export type DetectionInput = Parameters<typeof detectRepository>;

/** Ordinary repositories take less than a second. */
const defaultTimeoutMs = 30_000;
const threadMemoryMegabytes = 512;

/** Throws a Fault `detection-failed` if the thread missed the deadline or died. */
export function detectInThread(
  input: DetectionInput,
  { timeoutMs } = { timeoutMs: defaultTimeoutMs },
): Promise<DetectedRepository> {
  const { promise, resolve, reject } = Promise.withResolvers<DetectedRepository>();
  const thread = new Worker(new URL("./detect-thread.ts", import.meta.url), {
    env: {},
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: threadMemoryMegabytes },
  });
  const fail = (why: string) =>
    reject(
      new Fault("detection-failed", `no settings can be detected: reading the repository's manifests ${why}`, {
        hint: "give the settings: aedev repo add PATH --name NAME --verify COMMAND --tests GLOB",
      }),
    );
  const timer = setTimeout(() => fail(`took longer than ${timeoutMs / 1000} s`), timeoutMs);
  thread.on("message", resolve);
  thread.on("error", (error) => fail(`failed: ${error.message}`));
  thread.on("exit", () => fail("failed"));
  return promise.finally(async () => {
    clearTimeout(timer);
    await thread.terminate();
  });
}
