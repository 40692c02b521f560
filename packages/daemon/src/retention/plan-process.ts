/** The process that `planBeside` starts: finds what `retention` no longer keeps, and sends the plan. It may be ended at any time. */
import { planCollection, type Retention } from "./plan.ts";

process.once("message", (message) => {
  const { home, retention, nowMs } = message as { home: string; retention: Retention; nowMs: number };
  void planCollection(home, { retention, nowMs }).then((plan) => process.send?.(plan, () => process.disconnect()));
});
