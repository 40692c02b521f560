/** Runs detection in a thread with a deadline and a memory limit, because the repository's files may be hostile and the daemon must go on. */
import { Fault } from "@aedev/contracts";
import { askInThread, NoAnswer } from "@aedev/host/in-thread";
import type { detectRepository } from "./detect/detect-repository.ts";
import type { DetectedRepository } from "./detect/finding.ts";

export type DetectionInput = Parameters<typeof detectRepository>;

/** Ordinary repositories take less than a second. */
const defaultTimeoutMs = 30_000;
const memoryMegabytes = 512;

/** Throws a Fault `detection-failed` if the thread missed the deadline or died. */
export async function detectInThread(
  input: DetectionInput,
  { timeoutMs } = { timeoutMs: defaultTimeoutMs },
): Promise<DetectedRepository> {
  const program = new URL("./detect-thread.ts", import.meta.url);
  try {
    return (await askInThread(program, input, { timeoutMs, memoryMegabytes })) as DetectedRepository;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const why = `no settings can be detected: reading the repository's manifests ${error.message}`;
    throw new Fault("detection-failed", why, {
      hint: "give the settings: aedev repo add PATH --name NAME --verify COMMAND --tests GLOB",
    });
  }
}
