/** Figures about all of history over HTTP. */
import { analyticsDocument } from "@aedev/core";
import { localDay } from "@aedev/host/day-window";
import type { Spending } from "../../control/parts.ts";
import type { HistoryReader } from "../../reader/history.ts";
import type { Handlers } from "./handler.ts";

export function analyticsRoutes(control: Pick<Spending, "budgets">, reader: HistoryReader) {
  return {
    async showAnalytics({ query: { since = null, repository = null } }) {
      const { history, position } = await reader.upToNow();
      const { prices } = control.budgets();
      const dayOf = (instant: string) => localDay(new Date(instant));
      return analyticsDocument(history, { position, at: new Date().toISOString(), since, repository, prices, dayOf });
    },
  } satisfies Partial<Handlers>;
}
