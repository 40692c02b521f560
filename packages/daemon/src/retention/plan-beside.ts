/** Makes the plan in a process of its own: reading every blob that is named takes a while, in which the daemon must answer. */
import { fork } from "node:child_process";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { Fault } from "@aedev/contracts";
import type { CollectionPlan, Retention } from "./plan.ts";

/** A store of a hundred gigabytes is read in less. */
const planMsMax = 1_800_000;
const niceness = 10;

/** Throws a Fault `gc-failed` if the process ends without a plan. */
export async function planBeside(
  home: string,
  { retention, nowMs }: { retention: Retention; nowMs: number },
): Promise<CollectionPlan> {
  const cache = process.env["NODE_COMPILE_CACHE"];
  const child = fork(fileURLToPath(new URL("./plan-process.ts", import.meta.url)), [], {
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.unref();
  if (child.pid !== undefined) setPriority(child.pid, niceness);
  const answer = Promise.withResolvers<CollectionPlan>();
  const failed = (why: string) => answer.reject(new Fault("gc-failed", why, { hint: "aedev events verify" }));
  child.once("message", (plan) => answer.resolve(plan as CollectionPlan));
  child.once("error", answer.reject);
  child.once("disconnect", () => failed("the process that looks for what can be deleted ended"));
  const limit = setTimeout(
    () => failed(`looking for what can be deleted took ${planMsMax / 60_000} minutes`),
    planMsMax,
  );
  limit.unref();
  child.send({ home, retention, nowMs });
  try {
    return await answer.promise;
  } finally {
    clearTimeout(limit);
    child.kill("SIGKILL");
  }
}
