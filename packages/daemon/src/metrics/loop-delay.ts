/** Measures how late this process's event loop is, only while somebody scrapes: measuring wakes the daemon fifty times a second, and an idle one sleeps. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { gaugeBy, type Metric } from "./metric.ts";

/** Shorter delays are not seen. */
const resolutionMs = 20;
/** The measurement ends after this long without a scrape. */
const patienceMs = 300_000;

export interface LoopDelay {
  /** The delays since the previous scrape. The first scrape starts the measurement and has no sample. */
  metrics(): Metric[];
  close(): void;
}

export function measureLoopDelay(): LoopDelay {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  let ending: NodeJS.Timeout | undefined;
  // The histogram has the time from one timer to the next.
  const secondsLate = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3);
  return {
    metrics() {
      const values =
        delays.count === 0
          ? {}
          : {
              "0.5": secondsLate(delays.percentile(50)),
              "0.99": secondsLate(delays.percentile(99)),
              "1": secondsLate(delays.max),
            };
      delays.enable();
      delays.reset();
      clearTimeout(ending);
      ending = setTimeout(() => {
        delays.disable();
        delays.reset();
      }, patienceMs).unref();
      const help = "How late the daemon's event loop was since the scrape before, by quantile; 1 is the longest.";
      return [gaugeBy("quantile", { name: "aedev_event_loop_delay_seconds", help, values })];
    },
    close() {
      clearTimeout(ending);
      delays.disable();
    },
  };
}
