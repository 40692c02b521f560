/**
 * Answers `/metrics` with every figure at the moment of the scrape. Simultaneous scrapes share one answer.
 * Folder: the figures of `/metrics`.
 */

import type { Configured, Home, Records, Spending, Trust } from "../control/parts.ts";
import { countEvents } from "./event-counts.ts";
import { measureLoopDelay } from "./loop-delay.ts";
import { engineMetrics, homeMetrics, type ProcessIds, processMetrics } from "./machine-metrics.ts";
import { gauge } from "./metric.ts";
import { prometheusText } from "./prometheus-text.ts";
import { workMetrics } from "./work-metrics.ts";

export interface Metrics {
  /** In Prometheus' text format. */
  text(): Promise<string>;
  /** Lists the home's containers as a scrape does, without other figures. */
  listContainers(): Promise<void>;
  close(): void;
}

export interface MetricsOptions {
  readonly control: Home & Records & Trust & Spending & Configured<"addresses" | "runLimits">;
  /** Tells where the Docker engine is. */
  readonly environment: NodeJS.ProcessEnv;
  readonly processIds: () => ProcessIds;
  /** Milliseconds since the reconcile loop completed a pass. */
  readonly passAgeMs: () => number;
  /** Called with the home's containers each time they were listed; null: the engine gave no list. */
  readonly sawContainers: (listed: Awaited<ReturnType<typeof engineMetrics>>["containers"]) => void;
}

/** Counts from now on. */
export function openMetrics({ control, environment, processIds, passAgeMs, sawContainers }: MetricsOptions): Metrics {
  const counts = countEvents(control.log);
  const delay = measureLoopDelay();
  let underWay: Promise<string> | null = null;

  async function askEngine(): ReturnType<typeof engineMetrics> {
    const ofEngine = await engineMetrics(control.log.state.system.home_id, environment);
    sawContainers(ofEngine.containers);
    return ofEngine;
  }

  async function compose(): Promise<string> {
    const ofEngine = await askEngine();
    return prometheusText([
      ...workMetrics(control, new Date()),
      ...counts.metrics(),
      gauge("aedev_pass_age_seconds", "Time since the reconcile loop completed a pass.", passAgeMs() / 1_000),
      ...delay.metrics(),
      ...processMetrics(processIds()),
      ...homeMetrics(control),
      ...ofEngine.metrics,
    ]);
  }

  return {
    text() {
      underWay ??= compose().finally(() => {
        underWay = null;
      });
      return underWay;
    },
    async listContainers() {
      await askEngine();
    },
    close() {
      counts.close();
      delay.close();
    },
  };
}
