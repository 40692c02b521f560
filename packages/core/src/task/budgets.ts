/**
 * How much of each budget a run may still use (SECURITY T6): the least of its own limit and the rest of its task's, its mission's, its repository's and
 * the day's, minus what earlier runs under way have reserved.
 */

import type { BudgetKey, BudgetUnit } from "@aedev/contracts";
import type { RunRoom } from "../model/command.ts";
import { endedStatuses, entitiesOf, openDraft, openSetUpRun, type State, type TaskState } from "../model/state.ts";
import { tokensUsed } from "./repair.ts";

/** Budgets that several runs share. A repository's budget and the day's start over at midnight. */
export const sharedScopes = ["mission", "repository_day", "day"] as const;
/** The scope of a budget that several runs share. */
export type SharedScope = (typeof sharedScopes)[number];

/** Limits in tokens, nano-dollars, milliseconds and runs; null: no budget. */
export type BudgetLimits = {
  readonly [unit in BudgetUnit]: Readonly<Record<"run" | SharedScope, number | null>>;
};
/** What was used, in the same units. */
export type UsedAmounts = Readonly<Record<SharedScope, Readonly<Record<BudgetUnit, number>>>>;

/** What a run may use of one unit. */
export interface BudgetGrant {
  readonly unit: BudgetUnit;
  /** The most that the run may use; nothing is left if it is zero or less. */
  readonly amount: number;
  /** The tightest budget, with its limit and its use. */
  readonly budget: BudgetKey;
  readonly limit: number;
  readonly used: number;
  /** How much of that budget the runs under way may still use. */
  readonly reserved: number;
  readonly isDaily: boolean;
}

/** The configuration key of a shared budget. */
export function sharedBudgetKey(scope: SharedScope, unit: BudgetUnit): BudgetKey {
  return `limits.${scope}_${unit}`;
}

const runBudgets = {
  tokens: "limits.run_tokens",
  usd: "limits.run_usd",
  minutes: "limits.run_timeout",
  // A run counts as one run, so only shared budgets of runs can be used up.
  runs: "limits.day_runs",
} as const satisfies Record<BudgetUnit, BudgetKey>;

/** Tokens that drafts and the set-up run under way may still use. */
export function tokensReservedByAsked(state: State): number {
  const drafts = Object.values(state.missions).map((mission) => openDraft(mission)?.tokens ?? 0);
  return drafts.reduce((sum, tokens) => sum + tokens, openSetUpRun(state)?.tokens ?? 0);
}

interface Figures {
  readonly limits: BudgetLimits;
  readonly used: UsedAmounts;
  /** The budget of the task's own policy, in tokens. */
  readonly taskTokens: number;
  /** How much of this unit drafts and the set-up run under way may still use. */
  readonly asked: number;
}

/** How much of a unit the task's run under way, or otherwise its next run, may use; null: no budget limits it. */
export function grantBudget(state: State, task: TaskState, unit: BudgetUnit, figures: Figures): BudgetGrant | null {
  const { limits, used, taskTokens } = figures;
  const reserved = unit === "runs" ? new Map<string, number>() : reservedBefore(state, task, unit, figures);
  const grants: BudgetGrant[] = sharedScopes.flatMap((scope) => {
    const limit = limits[unit][scope];
    const amounts = { used: used[scope][unit], reserved: reserved.get(placeOf(scope, task)) ?? 0 };
    if (limit === null) return [];
    return [grantOf(unit, sharedBudgetKey(scope, unit), { limit, ...amounts, isDaily: scope !== "mission" })];
  });
  const own = limits[unit].run;
  if (own !== null) grants.unshift(grantOf(unit, runBudgets[unit], { limit: own, ...nothingUsed }));
  if (unit === "tokens" && Number.isFinite(taskTokens))
    grants.push(grantOf(unit, "repair.task_tokens", { limit: taskTokens, ...nothingUsed, used: tokensUsed(task) }));
  return grants.reduce<BudgetGrant | null>(
    (narrowest, grant) => (narrowest === null || grant.amount < narrowest.amount ? grant : narrowest),
    null,
  );
}

const nothingUsed = { used: 0, reserved: 0, isDaily: false };

/** Whether a new run should wait: the amount that it lacks is reserved for runs under way, which may not use all of it. */
export function isReserved({ unit, reserved, amount }: BudgetGrant, limits: BudgetLimits): boolean {
  return reserved > 0 && amount < (limits[unit].run ?? Number.POSITIVE_INFINITY);
}

/** How much of a unit a draft or a set-up run may use: what it asks for, or the rest of the day besides all work under way. */
export function grantAsked(
  state: State,
  unit: "tokens" | "usd",
  { limits, dayUsed, asked, wanted }: { limits: BudgetLimits; dayUsed: number; asked: number; wanted: number },
): number {
  const { run, mission, day } = limits[unit];
  if (day === null) return wanted;
  const running = Object.values(state.tasks).filter(({ status }) => status === "running").length;
  const each = Math.min(run ?? Number.POSITIVE_INFINITY, mission ?? Number.POSITIVE_INFINITY, day);
  return Math.min(wanted, day - dayUsed - asked - running * each);
}

/** How much earlier runs under way may use, by the places that they share. */
function reservedBefore(
  state: State,
  task: TaskState,
  unit: BudgetUnit,
  { limits, used, asked }: Figures,
): Map<string, number> {
  const reserved = new Map([[placeOf("day", task), asked]]);
  for (const other of runningBefore(state, task)) {
    const left = sharedScopes.flatMap((scope) => {
      const limit = limits[unit][scope];
      const place = placeOf(scope, other);
      const usedThere = place === placeOf(scope, task) ? used[scope][unit] : 0;
      return limit === null ? [] : [limit - usedThere - (reserved.get(place) ?? 0)];
    });
    const granted = Math.max(0, Math.min(limits[unit].run ?? Number.POSITIVE_INFINITY, ...left));
    if (!Number.isFinite(granted)) continue;
    for (const scope of sharedScopes) {
      const place = placeOf(scope, other);
      reserved.set(place, (reserved.get(place) ?? 0) + granted);
    }
  }
  return reserved;
}

/** The basis of a run that is prepared now. `left`: the rest of each scope with a budget of runs. */
export function runRoom(state: State, left: RunRoom["left"]): RunRoom {
  return { left, newest: entitiesOf(state.tasks).flatMap(({ runs }) => runs.at(-1)?.run_id ?? []) };
}

/** Whether the run may still start: runs that were prepared at the same time and have started may have used up the rest. */
export function isRoomLeft(state: State, task: TaskState, { left, newest }: RunRoom): boolean {
  const known = new Set(newest);
  const begun = entitiesOf(state.tasks).filter(({ task_id, status, reverts, runs }) => {
    const run = runs.at(-1);
    // An ended task may be in the state because another command needed it.
    if (task_id === task.task_id || endedStatuses.includes(status)) return false;
    return reverts === undefined && run !== undefined && !known.has(run.run_id);
  });
  return sharedScopes.every((scope) => {
    const amount = left[scope];
    const place = placeOf(scope, task);
    return amount === undefined || begun.filter((other) => placeOf(scope, other) === place).length < amount;
  });
}

/** All parts of a plan share the place of their mission. */
function placeOf(scope: SharedScope, { mission_id, plan, repository }: TaskState): string {
  return { mission: `mission ${plan ?? mission_id}`, repository_day: `repository ${repository}`, day: "day" }[scope];
}

function grantOf(
  unit: BudgetUnit,
  budget: BudgetKey,
  figures: { limit: number; used: number; reserved: number; isDaily: boolean },
): BudgetGrant {
  return { unit, budget, ...figures, amount: figures.limit - figures.used - figures.reserved };
}

/** Tasks with a coder that started before this task's run, oldest first; if this task has no run under way, all running tasks. */
function runningBefore(state: State, task: TaskState): TaskState[] {
  const begun = (running: TaskState) =>
    running.status === "running" ? `${running.runs.at(-1)?.started_at} ${running.task_id}` : null;
  const own = begun(task);
  return Object.values(state.tasks)
    .flatMap((other) => ({ other, at: begun(other) }))
    .filter(({ other, at }) => other.task_id !== task.task_id && at !== null && (own === null || at < own))
    .sort((left, right) => ((left.at ?? "") < (right.at ?? "") ? -1 : 1))
    .map(({ other }) => other);
}
