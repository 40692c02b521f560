/**
 * What a run may spend: the least of its own share and of what is left of its task, its mission and the day (THREATS T6). What runs under way may
 * still spend is reserved for them in the order in which they began, so that no two of them are given the same remainder.
 */
import type { State, TaskState } from "../log/state.ts";
import type { TokenBudget } from "../wire/index.ts";
import { tokensOf, tokensSpent } from "./repair.ts";

/** Tokens: input, output and cache writes together. The day is the last 24 hours, by when a run began. */
export interface TokenLimits {
  readonly run_tokens: number;
  /** Of the task's own policy. */
  readonly task_tokens: number;
  readonly mission_tokens: number;
  readonly day_tokens: number;
}

export interface TokenGrant {
  /** At most this; none left where it is zero or less. */
  readonly tokens: number;
  /** The budget that is the narrowest, with its limit and what was spent of it. */
  readonly budget: TokenBudget;
  readonly limit: number;
  readonly spent: number;
  /** What runs under way may still spend of that budget. */
  readonly reserved: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** What the task's run may spend, at `now` (ISO 8601 UTC): the one under way, or the next one where none is. */
export function grantTokens(
  state: State,
  task: TaskState,
  { limits, now }: { limits: TokenLimits; now: string },
): TokenGrant {
  const since = new Date(Date.parse(now) - dayMs).toISOString();
  const day = { spent: 0, reserved: 0 };
  const mission = { spent: 0, reserved: 0 };
  for (const { mission_id, runs } of Object.values(state.tasks)) {
    for (const { usage, started_at } of runs) {
      if (started_at > since) day.spent += tokensOf(usage);
      if (mission_id === task.mission_id) mission.spent += tokensOf(usage);
    }
  }
  const missionsReserved = new Map<string, number>();
  for (const other of runningBefore(state, task)) {
    const ownMission = missionsReserved.get(other.mission_id) ?? 0;
    const missionSpent = other.mission_id === task.mission_id ? mission.spent : 0;
    const left = [
      limits.run_tokens,
      limits.mission_tokens - missionSpent - ownMission,
      limits.day_tokens - day.spent - day.reserved,
    ];
    const granted = Math.max(0, Math.min(...left));
    missionsReserved.set(other.mission_id, ownMission + granted);
    day.reserved += granted;
  }
  mission.reserved = missionsReserved.get(task.mission_id) ?? 0;
  const budgets: TokenGrant[] = [
    grantOf("limits.run_tokens", { limit: limits.run_tokens, spent: 0, reserved: 0 }),
    grantOf("repair.task_tokens", { limit: limits.task_tokens, spent: tokensSpent(task), reserved: 0 }),
    grantOf("limits.mission_tokens", { limit: limits.mission_tokens, ...mission }),
    grantOf("limits.day_tokens", { limit: limits.day_tokens, ...day }),
  ];
  return budgets.reduce((narrowest, budget) => (budget.tokens < narrowest.tokens ? budget : narrowest));
}

/** Whether a run that is to begin had better wait: what it lacks is reserved for runs under way, which may leave it unspent. */
export function isReserved(grant: TokenGrant, { run_tokens }: Pick<TokenLimits, "run_tokens">): boolean {
  return grant.reserved > 0 && grant.tokens < run_tokens;
}

function grantOf(budget: TokenBudget, of: { limit: number; spent: number; reserved: number }): TokenGrant {
  return { budget, ...of, tokens: of.limit - of.spent - of.reserved };
}

/** Tasks whose coder runs and began before the task's own run, oldest first; all of them where it has none under way. */
function runningBefore(state: State, task: TaskState): TaskState[] {
  const begun = (of: TaskState) => (of.status === "running" ? `${of.runs.at(-1)?.started_at} ${of.task_id}` : null);
  const own = begun(task);
  return Object.values(state.tasks)
    .flatMap((other) => ({ other, at: begun(other) }))
    .filter(({ other, at }) => other.task_id !== task.task_id && at !== null && (own === null || at < own))
    .sort((left, right) => ((left.at ?? "") < (right.at ?? "") ? -1 : 1))
    .map(({ other }) => other);
}
