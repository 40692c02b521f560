/** How late this process's event loop is. It is measured only while somebody scrapes: a measuring daemon wakes up fifty times a second, an idle one should sleep. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { gaugeBy, type Metric } from "./metric.ts";

/** A delay that is shorter is not seen. */
const resolutionMs = 20;
/** Without a scrape for this long the measurement ends. */
const patienceMs = 300_000;

export interface LoopDelay {
  /** Of the time since the scrape before; the first scrape starts the measurement and has no sample. */
  metrics(): Metric[];
  close(): void;
}

export function measureLoopDelay(): LoopDelay {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  let ending: NodeJS.Timeout | undefined;
  // What is recorded is the time from one timer to the next.
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
