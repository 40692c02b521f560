/** Counts commits to the log while this daemon runs. An event only adds to a few numbers, so no scrape reads the past. */

import { families, holdCodes, type Verdict } from "@aedev/contracts";
import type { Records } from "../control/parts.ts";
import type { Metric } from "./metric.ts";

const answers = ["pass", "fail", "inconclusive", "not_configured"] as const satisfies readonly Verdict["verdict"][];

export interface EventCounts {
  metrics(): Metric[];
  close(): void;
}

export function countEvents(log: Pick<Records["log"], "subscribe">): EventCounts {
  const counts = { started: 0, captured: 0, unchanged: 0, refused: 0, landed: 0 };
  const holds = new Map<string, number>(holdCodes.map((code) => [code, 0]));
  const verdicts = families.flatMap((family) => answers.map((answer) => ({ family, answer, count: 0 })));
  const unsubscribe = log.subscribe((events) => {
    for (const { type, data } of events) {
      if (type === "RunStarted") counts.started += 1;
      if (type === "ChangeCaptured") counts.captured += 1;
      if (type === "RunEnded" && data.again !== true) counts.unchanged += 1;
      if (type === "RequestRefused") counts.refused += 1;
      if (type === "ChangeLanded") counts.landed += 1;
      if (type === "TaskHeld") holds.set(data.code, (holds.get(data.code) ?? 0) + 1);
      if (type === "ChangeRestored" && data.code !== null) holds.set(data.code, (holds.get(data.code) ?? 0) + 1);
      // A reused verdict is no new answer.
      if (type !== "VerdictRecorded" || data.reused_from !== undefined) continue;
      const found = verdicts.find(({ family, answer }) => family === data.family && answer === data.verdict);
      if (found !== undefined) found.count += 1;
    }
  });
  const counter = (name: string, help: string, samples: Metric["samples"]): Metric => ({
    name: `aedev_${name}_total`,
    help: `${help} since the daemon started.`,
    kind: "counter",
    samples,
  });
  const one = (name: string, help: string, value: number) => counter(name, help, [{ labels: {}, value }]);
  return {
    metrics: () => [
      one("runs_started", "Runs of the coder that started", counts.started),
      one("runs_captured", "Runs that ended with a change", counts.captured),
      one("runs_without_change", "Runs that ended without one", counts.unchanged),
      one("refused_requests", "Requests and paths that gateway or capture refused a run", counts.refused),
      one("changes_landed", "Changes that landed", counts.landed),
      counter(
        "task_holds",
        "Holds by code, those of runs that were to add tests included",
        [...holds].map(([code, value]) => ({ labels: { code }, value })),
      ),
      counter(
        "verdicts",
        "Answers of judges by vendor",
        verdicts.map(({ family, answer, count }) => ({ labels: { family, answer }, value: count })),
      ),
    ],
    close: unsubscribe,
  };
}
