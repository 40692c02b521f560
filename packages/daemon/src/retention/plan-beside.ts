/** Makes the plan in a separate process, because reading every named blob takes a while in which the daemon must answer. */
import { fileURLToPath } from "node:url";
import { Fault } from "@aedev/contracts";
import { answerOfProcess } from "@aedev/host/answer-of-process";
import type { CollectionPlan, Retention } from "./plan.ts";

/** Long enough to read a store of a hundred gigabytes. */
const planMsMax = 1_800_000;
const niceness = 10;
const program = fileURLToPath(new URL("./plan-process.ts", import.meta.url));

/** Throws a Fault `gc-failed` if the process ends without a plan. */
export async function planBeside(
  home: string,
  { retention, nowMs }: { retention: Retention; nowMs: number },
): Promise<CollectionPlan> {
  try {
    return await answerOfProcess(program, { send: { home, retention, nowMs }, msMax: planMsMax, niceness });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault("gc-failed", `what can be deleted could not be found: ${why}`, {
      hint: "aedev events verify",
      cause: error,
    });
  }
}
