/** The figures for Prometheus over HTTP. */
import type { Metrics } from "../../metrics/metrics.ts";
import type { Handlers } from "./handler.ts";

export function metricsRoutes(metrics: Pick<Metrics, "text">) {
  return { metrics: () => metrics.text() } satisfies Partial<Handlers>;
}
