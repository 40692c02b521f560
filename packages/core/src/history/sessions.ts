/** Pages of runs, newest first. */
import type { RouteAnswer } from "@aedev/contracts/api";
import type { PriceList } from "../usage/price-list.ts";
import { sumUsage } from "../usage/usage-sum.ts";
import type { RunFacts, WorkHistory } from "./work-history.ts";

type Sessions = RouteAnswer<"listSessions">;

export interface SessionQuery {
  /** The number of runs from the first one that may be in the page; absent: all. */
  readonly before?: number | undefined;
  readonly repository?: string | undefined;
  readonly text?: string | undefined;
  readonly limit: number;
}

/** One page of the runs that match. */
export function sessionsDocument(
  history: WorkHistory,
  { before, repository, text = "", limit }: SessionQuery,
  { position, prices }: { position: number; prices: PriceList },
): Sessions {
  const wanted = text.toLowerCase();
  const found: { run: RunFacts; at: number }[] = [];
  for (let at = Math.min(before ?? history.runs.length, history.runs.length) - 1; at >= 0; at -= 1) {
    const run = history.runs[at];
    if (run === undefined || (repository !== undefined && run.repository !== repository)) continue;
    if (wanted !== "" && !searched(run, history).includes(wanted)) continue;
    found.push({ run, at });
    if (found.length > limit) break;
  }
  return {
    position,
    sessions: found.slice(0, limit).map(({ run }) => sessionOf(run, history, prices)),
    next: found.length > limit ? (found[limit - 1]?.at ?? null) : null,
    repositories: [...new Set(history.runs.map((one) => one.repository))].sort(),
  };
}

function titleOf({ mission_id }: RunFacts, { missions }: WorkHistory): string {
  return missions.get(mission_id ?? "")?.title ?? "";
}

function searched(run: RunFacts, history: WorkHistory): string {
  return [titleOf(run, history), run.run_id, run.task_id ?? "", run.mission_id ?? ""].join(" ").toLowerCase();
}

function sessionOf(run: RunFacts, history: WorkHistory, prices: PriceList): Sessions["sessions"][number] {
  const { run_id, role, task_id, mission_id, repository, at: started_at, end, answer, hold, charges } = run;
  return {
    ...{ run_id, role, task_id, mission_id, title: titleOf(run, history), repository, started_at },
    ended_at: end?.at ?? null,
    status: end?.how ?? "open",
    ...{ answer, hold_code: hold },
    models: [...new Set(charges.flatMap(({ model }) => model ?? []))].sort(),
    used: sumUsage(charges, prices),
  };
}
