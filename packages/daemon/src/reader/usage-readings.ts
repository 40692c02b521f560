/** What was used, as readers of a home show it. A price is read only for what was used. */
import { isFault } from "@aedev/contracts";
import type { JudgeReport, TaskDetails, UsageReport, UsageSum } from "@aedev/contracts/api";
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

/** The configuration for figures about money. */
export interface UsageConfiguration {
  readonly prices: () => Promise<PriceList>;
  readonly budgetLimits: () => Promise<BudgetLimits>;
}

export function usageReadings({ charges }: Pick<OfflineHome, "charges">, configuration: UsageConfiguration) {
  const sum = async (used: readonly Charge[]): Promise<UsageSum> =>
    sumUsage(used, used.length === 0 ? {} : await configuration.prices());
  const today = () => chargesOfDay(charges);
  return {
    /** If the price list can't be read, dollars are unknown, and a signal names the file. */
    async today(): Promise<UsageSum> {
      const used = today();
      return sum(used).catch((error: unknown) => {
        if (!isFault(error, "config-invalid")) throw error;
        return sumUsage(used, {});
      });
    },
    /** The task with the use of each run and of each verdict on its last change; the rest is the use of verdicts on earlier changes. */
    async ofTask(task: TaskDetails, bundle: string | null) {
      const all = charges.ofStreams([`task/${task.task_id}`]);
      const judged = all.filter(({ verdict }) => verdict !== null);
      const isLast = ({ verdict }: Charge) =>
        verdict?.bundle_digest === bundle && task.verdicts.some(({ family }) => family === verdict?.family);
      return {
        used: await sum(all),
        earlier_verdicts_used: await sum(judged.filter((charge) => !isLast(charge))),
        run_details: await Promise.all(
          task.run_details.map(async (run) => ({
            ...run,
            used: await sum(all.filter(({ run_id }) => run_id === run.run_id)),
          })),
        ),
        verdicts: await Promise.all(
          task.verdicts.map(async (verdict) => ({
            ...verdict,
            used: await sum(judged.filter((charge) => isLast(charge) && charge.verdict?.family === verdict.family)),
          })),
        ),
      };
    },
    /** The report with the use of verdicts on planted bundles. */
    async ofJudges(report: JudgeReport): Promise<JudgeReport> {
      const all = charges.ofCanaries();
      const families = await Promise.all(
        report.families.map(async (family) => ({
          ...family,
          used: await sum(all.filter(({ verdict }) => verdict?.family === family.family)),
        })),
      );
      return { ...report, canaries: { ...report.canaries, used: await sum(all) }, families };
    },
    /** The mission's own stream has its drafts. */
    ofMission: ({ mission_id, task_ids }: Pick<MissionState, "mission_id" | "task_ids">) =>
      sum(charges.ofStreams([`mission/${mission_id}`, ...task_ids.map((id) => `task/${id}`)])),
    /** `since`: an instant; null means everything. */
    async report(by: UsageGrouping, since: string | null): Promise<UsageReport> {
      const dayOf = (instant: string) => localDay(new Date(instant));
      return usageReport(charges.since(since), { by, prices: await configuration.prices(), dayOf });
    },
    async budgets(): Promise<BudgetRow[]> {
      return budgetRows(await configuration.budgetLimits(), { today: today(), prices: await configuration.prices() });
    },
  };
}
