/** What runs did last, from the files in which they keep their progress. */
import { parseProgressLine, progressText } from "@aedev/contracts";
import type { ActivityDocument } from "@aedev/contracts/api";
import { entitiesOf, entityById, type State } from "@aedev/core";
import { followFile } from "@aedev/host/growing-file";
import { homeLayout } from "@aedev/host/home-layout";

const linesMax = 12;

/** A run's progress, as far as the home shows it: its newest lines, oldest first, and the tokens counted so far. */
export interface RunActivity {
  readonly lines: readonly { readonly at: string | null; readonly text: string }[];
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** A function that returns a run's activity. It reads only what was added to the file since the last call. `forget`: drops all runs but these. */
export function followRuns(home: string) {
  const runs = new Map<string, { readonly next: () => string[]; readonly seen: RunActivity }>();
  return {
    activity(runId: string): RunActivity {
      const run = runs.get(runId) ?? {
        next: followFile(homeLayout(home).runLog(runId)),
        seen: { lines: [], input_tokens: 0, output_tokens: 0 },
      };
      const seen = run.next().reduce(afterLine, run.seen);
      runs.set(runId, { ...run, seen });
      return seen;
    },
    forget(others: ReadonlySet<string>): void {
      for (const id of runs.keys()) if (!others.has(id)) runs.delete(id);
    },
  };
}

function afterLine(seen: RunActivity, line: string): RunActivity {
  const { at, progress } = parseProgressLine(line);
  if (progress.kind !== "exchange" || progress.tokens === null)
    return { ...seen, lines: [...seen.lines, { at, text: progressText(progress) }].slice(-linesMax) };
  return {
    ...seen,
    input_tokens: seen.input_tokens + progress.tokens.input,
    output_tokens: seen.output_tokens + progress.tokens.output,
  };
}

/** The runs under way with what each did last. `tokensMax`: the most that a run may use; null: no limit. */
export function createActivityReader({ home, tokensMax }: { home: string; tokensMax: () => number | null }) {
  const { activity, forget } = followRuns(home);
  return (state: State): ActivityDocument["runs"] => {
    const working = entitiesOf(state.tasks).flatMap((task) => {
      const { status } = task;
      const run = task.runs.at(-1);
      return run === undefined || (status !== "running" && status !== "captured") ? [] : [{ task, run, status }];
    });
    forget(new Set(working.map(({ run }) => run.run_id)));
    return working.map(({ task, run, status }) => {
      const { run_id, attempt, started_at } = run;
      const { task_id, mission_id, repository } = task;
      const { lines, input_tokens, output_tokens } = activity(run_id);
      const title = entityById(state.missions, mission_id)?.title ?? "";
      return {
        ...{ run_id, task_id, mission_id, title, repository, attempt, step: status, started_at },
        ...{ lines: [...lines], tokens: input_tokens + output_tokens, tokens_max: tokensMax() },
      };
    });
  };
}
