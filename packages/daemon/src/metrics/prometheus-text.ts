/** Writes figures for Prometheus; only this file uses prom-client. Each text has its own registry, so that nothing of an earlier scrape stays. */
import type { Metric } from "./metric.ts";

/** In the text format 0.0.4. prom-client is loaded with the first call. */
export async function prometheusText(metrics: readonly Metric[]): Promise<string> {
  const { Counter, Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  for (const { name, help, kind, samples } of metrics) {
    const labelNames = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))];
    const options = { name, help, labelNames, registers: [registry] };
    const metric = kind === "counter" ? new Counter(options) : new Gauge(options);
    // A figure without labels would start with a 0 that nobody measured.
    if (samples.length === 0) registry.removeSingleMetric(name);
    for (const { labels, value } of samples) metric.inc(labels, value);
  }
  return registry.metrics();
}
