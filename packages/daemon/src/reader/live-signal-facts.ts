/** Gathers the facts that signals need besides the state, in the daemon, which has its configuration and policy loaded. */

import { judgeSetup } from "../canary/judge-setup.ts";
import { chargesOfDay } from "../control/charges-of-day.ts";
import type { Control } from "../control/control.ts";
import { machineFacts } from "../control/machine-facts.ts";
import type { Configured, Home, Judges, Records, Spending } from "../control/parts.ts";
import { readObserved } from "../observed/observed-file.ts";
import { budgetRows } from "./budget-rows.ts";
import { type ReadFacts, signalFacts } from "./signal-facts.ts";

/** The parts of the daemon that have these facts. */
export type SignalSource = Home & Records & Spending & Judges & Configured<"runLimits"> & Pick<Control, "unreadFiles">;

export function liveSignalFacts(control: SignalSource): Promise<ReadFacts> {
  const { home, configuration, log } = control;
  return signalFacts(log.views, {
    machine: () => machineFacts(home, configuration.runLimits.disk_free_bytes),
    budgets() {
      const today = chargesOfDay(log.views.charges);
      const { limits, prices } = control.budgets();
      return budgetRows(limits, { today, prices });
    },
    observed: () => readObserved(home),
    unreadFiles: control.unreadFiles,
    setup: () => judgeSetup(control, control.policy()),
  });
}
