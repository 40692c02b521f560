/** How many tokens a run may use: the least of its own limit and what is left for its task, its mission and the day (THREATS T6), less what earlier runs under way have reserved. */

import { type TokenBudget, tokensOf, type Usage } from "@aedev/contracts";
import {
  type MissionState,
  openDraft,
  openSetUpRun,
  type State,
  type SystemState,
  type TaskState,
} from "../model/state.ts";
import { tokensUsed } from "./repair.ts";

/** Tokens: input, output and cache writes together. The day is the last 24 hours, by the start of a run. */
export interface TokenLimits {
  readonly run_tokens: number;
  /** Of the task's own policy. */
  readonly task_tokens: number;
  readonly mission_tokens: number;
  readonly day_tokens: number;
}

/** What a run may spend, in tokens. */
export interface TokenGrant {
  /** At most this many; none are left if it is zero or less. */
  readonly tokens: number;
  /** The tightest budget, with its limit and how much of it is used. */
  readonly budget: TokenBudget;
  readonly limit: number;
  readonly used: number;
  /** How much of that budget runs under way may still use. */
  readonly reserved: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Start of the day that a budget covers at `now` (both ISO 8601 UTC). */
export function dayStart(now: string): string {
  return new Date(Date.parse(now) - dayMs).toISOString();
}

/** What one run, draft or set-up run used. `at`: when the run started, or the others were asked for (ISO 8601 UTC). */
export interface UsedTokens {
  readonly at: string;
  readonly tokens: number;
}

/** What each run of a task used. */
export function usesByRuns({ runs }: Pick<TaskState, "runs">): UsedTokens[] {
  return runs.map(({ started_at: at, usage }) => ({ at, tokens: tokensOf(usage) }));
}

/** What each draft of a mission used. */
export function usesByDrafts({ drafts = [] }: Pick<MissionState, "drafts">): UsedTokens[] {
  return drafts.map(usedByAsked);
}

/** What each set-up run used that the system still has. */
export function usesBySetUpRuns({ set_up_runs = [] }: Pick<SystemState, "set_up_runs">): UsedTokens[] {
  return set_up_runs.map(usedByAsked);
}

interface AskedRun {
  readonly asked_at: string;
  readonly tokens: number;
  readonly ended: { readonly usage: Usage | null } | null;
}

/** Nothing while it is under way. If it is not known, all that it was given counts. */
function usedByAsked({ asked_at: at, ended, tokens }: AskedRun): UsedTokens {
  return { at, tokens: ended === null ? 0 : ended.usage === null ? tokens : tokensOf(ended.usage) };
}

/** Tokens of what began after `since`. */
export function tokensSince(uses: readonly UsedTokens[], since: string): number {
  return uses.reduce((sum, { at, tokens }) => (at > since ? sum + tokens : sum), 0);
}

/** What drafts and the set-up run under way may still use. */
function reservedByAsked(state: State): number {
  const drafts = Object.values(state.missions).map((mission) => openDraft(mission)?.tokens ?? 0);
  return drafts.reduce((sum, tokens) => sum + tokens, openSetUpRun(state)?.tokens ?? 0);
}

/** How many tokens a draft or a set-up run may use: its own budget, or what the day leaves beside all that is under way. `dayTokens`: what the day has used so far. */
export function grantAskedTokens(
  state: State,
  { limits, dayTokens, askedTokens }: { limits: TokenLimits; dayTokens: number; askedTokens: number },
): number {
  const running = Object.values(state.tasks).filter(({ status }) => status === "running").length;
  const reserved = reservedByAsked(state) + running * Math.min(limits.run_tokens, limits.mission_tokens);
  return Math.min(askedTokens, limits.day_tokens - dayTokens - reserved);
}

/** How many tokens the task's run under way, or else its next run, may use. `dayTokens`: what all runs of the day have used so far. */
export function grantTokens(
  state: State,
  task: TaskState,
  { limits, dayTokens }: { limits: TokenLimits; dayTokens: number },
): TokenGrant {
  const day = { used: dayTokens, reserved: reservedByAsked(state) };
  const ofMission = Object.values(state.tasks).filter(({ mission_id }) => mission_id === task.mission_id);
  const mission = { used: ofMission.reduce((sum, one) => sum + tokensUsed(one), 0), reserved: 0 };
  const missionsReserved = new Map<string, number>();
  for (const other of runningBefore(state, task)) {
    const ownMission = missionsReserved.get(other.mission_id) ?? 0;
    const missionUsed = other.mission_id === task.mission_id ? mission.used : 0;
    const left = [
      limits.run_tokens,
      limits.mission_tokens - missionUsed - ownMission,
      limits.day_tokens - day.used - day.reserved,
    ];
    const granted = Math.max(0, Math.min(...left));
    missionsReserved.set(other.mission_id, ownMission + granted);
    day.reserved += granted;
  }
  mission.reserved = missionsReserved.get(task.mission_id) ?? 0;
  const budgets: TokenGrant[] = [
    grantOf("limits.run_tokens", { limit: limits.run_tokens, used: 0, reserved: 0 }),
    grantOf("repair.task_tokens", { limit: limits.task_tokens, used: tokensUsed(task), reserved: 0 }),
    grantOf("limits.mission_tokens", { limit: limits.mission_tokens, ...mission }),
    grantOf("limits.day_tokens", { limit: limits.day_tokens, ...day }),
  ];
  return budgets.reduce((narrowest, budget) => (budget.tokens < narrowest.tokens ? budget : narrowest));
}

/** Whether a new run should wait: the tokens that it lacks are reserved for runs under way, which may not use them all. */
export function isReserved(grant: TokenGrant, { run_tokens }: Pick<TokenLimits, "run_tokens">): boolean {
  return grant.reserved > 0 && grant.tokens < run_tokens;
}

function grantOf(budget: TokenBudget, figures: { limit: number; used: number; reserved: number }): TokenGrant {
  return { budget, ...figures, tokens: figures.limit - figures.used - figures.reserved };
}

/** Tasks with a coder that started before this task's run, oldest first; all running ones if this task has no run under way. */
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
