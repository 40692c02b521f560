/** All of history over HTTP: figures of a period, runs with their logs and evidence, and what models did. */
import { analyticsDocument, entityById, modelsDocument, sessionsDocument } from "@aedev/core";
import { localDay } from "@aedev/host/day-window";
import type { Home, Records, Spending } from "../../control/parts.ts";
import { exportEvidence } from "../../reader/evidence-of-home.ts";
import type { HistoryReader } from "../../reader/history.ts";
import { createActivityReader } from "../../reader/run-activity.ts";
import { readTaskLog } from "../../reader/task-log.ts";
import { type Handlers, notFound } from "./handler.ts";

/** The end of a longer log is shown. */
const logCharactersMax = 400_000;

export function historyRoutes(control: Home & Records & Pick<Spending, "budgets">, reader: HistoryReader) {
  const tokensMax = () => control.budgets().limits.tokens.run;
  const activity = createActivityReader({ home: control.home, tokensMax });
  const isKnown = (id: string) => entityById(control.log.stateWith({ tasks: [id] }).tasks, id) !== undefined;
  const unknown = (id: string) => notFound("task", id, "aedev task list");
  return {
    async showAnalytics({ query: { since = null, repository = null } }) {
      const { history, position } = await reader.upToNow();
      const { prices } = control.budgets();
      const dayOf = (instant: string) => localDay(new Date(instant));
      return analyticsDocument(history, { position, at: new Date().toISOString(), since, repository, prices, dayOf });
    },
    async listSessions({ query }) {
      const { history, position } = await reader.upToNow();
      return sessionsDocument(history, query, { position, prices: control.budgets().prices });
    },
    async showModels({ query: { since = null } }) {
      const { history, position } = await reader.upToNow();
      return modelsDocument(history, { position, since, prices: control.budgets().prices });
    },
    async showActivity() {
      return { at: new Date().toISOString(), runs: activity(control.log.state) };
    },
    async showTaskLog({ params: { id } }) {
      if (!isKnown(id)) return unknown(id);
      const text = readTaskLog({ home: control.home, taskId: id });
      return { task_id: id, text: text.slice(-logCharactersMax), shortened: text.length > logCharactersMax };
    },
    async exportEvidence({ params: { id } }, reply) {
      if (!isKnown(id)) return unknown(id);
      const { text } = await exportEvidence({ home: control.home, taskId: id });
      reply.header("content-disposition", `attachment; filename="${id.replace(/[^\w-]/gu, "")}.evidence.json"`);
      return text;
    },
  } satisfies Partial<Handlers>;
}
