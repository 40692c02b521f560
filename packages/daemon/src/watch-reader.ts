/** What a live view reads of a home, again and again: the state with its position in the log, and what each run is at. It changes nothing. */
import { join } from "node:path";
import { followFile } from "./growing-file.ts";
import { homeLayout } from "./home/layout.ts";
import type { RunActivity, WatchReader } from "./index.ts";
import { openLogReader } from "./log/reader.ts";

/** What the gateway tells of each exchange. */
const exchange = /model request \d+: \d+, (\d+) tokens in, (\d+) out$/;

export function openWatch({ home }: { home: string }): WatchReader {
  const reader = openLogReader(homeLayout(home).log);
  const runs = new Map<string, { next: () => string[]; seen: RunActivity }>();
  return {
    read() {
      const { state, position } = reader.read();
      return { state, position };
    },
    activity(runId) {
      const run = runs.get(runId) ?? {
        next: followFile(join(home, "logs", `${runId}.log`)),
        seen: { step: null, input_tokens: 0, output_tokens: 0 },
      };
      const seen = run.next().reduce(afterLine, run.seen);
      runs.set(runId, { ...run, seen });
      return seen;
    },
    close: () => reader.close(),
  };
}

function afterLine(seen: RunActivity, line: string): RunActivity {
  const text = line.replace(/^\S+Z /, "");
  const [, input, output] = exchange.exec(text) ?? [];
  if (input === undefined) return { ...seen, step: text };
  return {
    step: seen.step,
    input_tokens: seen.input_tokens + Number(input),
    output_tokens: seen.output_tokens + Number(output),
  };
}
