/** What was used, as readers of a home show it. Prices are read only for what was used. */
import { isFault } from "@aedev/contracts";
import type { UsageReport, UsageSum } from "@aedev/contracts/api";
import type { BudgetLimits } from "@aedev/core";
import {
  type Charge,
  type MissionState,
  type PriceList,
  sumUsage,
  type UsageGrouping,
  usageReport,
} from "@aedev/core/reading";
import { localDay } from "@aedev/host/day-window";
import { chargesOfDay } from "../control/charges-of-day.ts";
import { type BudgetRow, budgetRows } from "./budget-rows.ts";
import type { OfflineHome } from "./open-offline.ts";

/** The configuration that figures about money need. */
export interface UsageConfiguration {
  readonly prices: () => Promise<PriceList>;
  readonly budgetLimits: () => Promise<BudgetLimits>;
}

export function usageReadings({ charges }: Pick<OfflineHome, "charges">, configuration: UsageConfiguration) {
  const sum = async (used: readonly Charge[]): Promise<UsageSum> =>
    sumUsage(used, used.length === 0 ? {} : await configuration.prices());
  const today = () => chargesOfDay(charges);
  return {
    /** Without a price list that can be read its dollars are unknown: a signal names the file. */
    async today(): Promise<UsageSum> {
      const used = today();
      return sum(used).catch((error: unknown) => {
        if (!isFault(error, "config-invalid")) throw error;
        return sumUsage(used, {});
      });
    },
    ofTask: (id: string) => sum(charges.ofStreams([`task/${id}`])),
    /** In its own stream are its drafts. */
    ofMission: ({ mission_id, task_ids }: Pick<MissionState, "mission_id" | "task_ids">) =>
      sum(charges.ofStreams([`mission/${mission_id}`, ...task_ids.map((id) => `task/${id}`)])),
    async report(by: UsageGrouping): Promise<UsageReport> {
      const dayOf = (instant: string) => localDay(new Date(instant));
      return usageReport(charges.since(null), { by, prices: await configuration.prices(), dayOf });
    },
    async budgets(): Promise<BudgetRow[]> {
      return budgetRows(await configuration.budgetLimits(), { today: today(), prices: await configuration.prices() });
    },
  };
}
