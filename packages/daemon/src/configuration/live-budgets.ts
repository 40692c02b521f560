/** Keeps budgets and prices as their files are now, so that raising a budget needs no restart of the daemon. */

import { isFault } from "@aedev/contracts";
import type { BudgetLimits } from "@aedev/core";
import type { PriceList } from "@aedev/core/reading";
import { homeLayout } from "@aedev/host/home-layout";
import { complain } from "../logging/complain.ts";
import { type HomeOptions, loadConfiguration } from "./load-configuration.ts";
import { loadPrices } from "./load-prices.ts";
import { stampOf } from "./unread-files.ts";

export interface Budgets {
  readonly limits: BudgetLimits;
  readonly prices: PriceList;
}

/** Throws a Fault `config-invalid` if the first read fails. A later failure keeps the old values, complains once, and shows as a signal (`unread-files.ts`). */
export function openBudgets(options: HomeOptions): () => Budgets {
  const { configuration, prices } = homeLayout(options.home);
  const stamp = () => [configuration, prices].map(stampOf).join(" ");
  const load = (): Budgets => ({ limits: loadConfiguration(options).budgets, prices: loadPrices(options) });
  let known = { stamp: stamp(), budgets: load() };
  return () => {
    const now = stamp();
    if (now === known.stamp) return known.budgets;
    known = { ...known, stamp: now };
    try {
      known = { ...known, budgets: load() };
    } catch (error) {
      if (!isFault(error, "config-invalid")) throw error;
      complain(`budgets and prices stay as they were: ${error.message}`);
    }
    return known.budgets;
  };
}
