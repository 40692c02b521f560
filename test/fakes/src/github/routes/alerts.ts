/** The route of open Dependabot alerts: one page, newest first. */
import { alertDocument } from "../documents/alerts.ts";
import { type RepositoryCall, type RestAnswer, type RestRoute, repositoryRoute } from "../rest/call.ts";

const pageMax = 100;

export const alertRoutes: readonly RestRoute[] = [
  repositoryRoute("GET", "/dependabot/alerts", { permission: "vulnerability_alerts", level: "read" }, listAlerts),
];

async function listAlerts({ site, repository }: RepositoryCall): Promise<RestAnswer> {
  const newest = [...repository.alerts.values()].toReversed().slice(0, pageMax);
  return { document: newest.map((alert) => alertDocument(site, repository, alert)) };
}
