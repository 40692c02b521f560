/**
 * A night's budgets. The product's own code (`daemon/src/work/budgets.ts`) computes what a run or a judge may use from the charges in the log; the actual usage
 * is counted here a second time, from what happened outside, and compared with the limits. People raise them.
 */
import { type BudgetUnit, budgetDetail, type Usage } from "@aedev/contracts";
import { type BudgetGrant, type BudgetLimits, type SharedScope, sharedScopes } from "@aedev/core";
import type { Spending } from "../../packages/daemon/src/control/parts.ts";
import type { StoredEvent } from "../../packages/daemon/src/log/sqlite/stored-event.ts";
import { type grantsOf, nextMidnight } from "../../packages/daemon/src/work/budgets.ts";
import type { Chance } from "../../packages/demo/src/board/chance.ts";
import type { Violated } from "./invariant-list.ts";
import type { SimulatedLog } from "./memory-log.ts";

type Amounts = Record<BudgetUnit, number>;
type MutableLimits = { -readonly [U in BudgetUnit]: { -readonly [S in keyof BudgetLimits[U]]: number | null } };
/** The owner of a run or a verdict. */
interface Owner {
  readonly task_id: string;
  readonly mission_id: string;
  /** The mission whose parts share its budget; absent: the task belongs to no plan. */
  readonly plan?: string | undefined;
  readonly repository: string;
}
interface RunUnderWay extends Owner {
  /** What its scopes had used when it was granted its part; null before the grant. */
  base: Record<SharedScope, Amounts> | null;
  /** The recorded usage of judges and interrupted runs since, which nobody had reserved. */
  readonly beside: Record<SharedScope, Amounts>;
}

/** The usage that a run may reach before the gateway or its time ends it. */
export interface RunAllowance {
  readonly tokens: number;
  readonly durationMs: number;
  /** The hold's detail and end for the limit that is reached first. */
  readonly endOfTokens: { readonly detail: string; readonly resumes_at: string | null };
  readonly endOfTime: { readonly detail: string; readonly resumes_at: string | null } | null;
}

export interface NightBudgets {
  /** False if this night has no budgets, and nothing is asked of the product's budgets. */
  readonly areSet: boolean;
  control(log: Pick<SimulatedLog, "state" | "views">): Spending;
  /** Doubles a limit by its configuration key. */
  raise(key: string | null): void;
  /** Returns the allowance of a run that gets its container. */
  allow(run: string, grants: ReturnType<typeof grantsOf>): RunAllowance;
  /** Notes how long a run's container existed; counted once the run's end is recorded. */
  ranFor(run: string, ms: number): void;
  /** Notes that a judge is asked. */
  judgeAsked(owner: Owner): void;
  /** Takes an event of the log. */
  follow(event: StoredEvent): void;
  clockJumped(ms: number): void;
}

const units = ["tokens", "usd", "minutes", "runs"] as const;
const nameOf = { tokens: "tokens", usd: "dollars", minutes: "minutes" } as const;
const minute = 60_000;
const million = 1_000_000;
/** Nano-dollars per token, as in `prices`. */
const nanoOf = { coder: 3_000, judge: 1_000 } as const;
const listed = (micro: number) => ({
  price: { input: micro, output: micro },
  source: "https://example.invalid",
  date: "2026-01-01",
});
const prices = { coder: listed(3 * million), judge: listed(million) };
const models = { coder: "coder", coder_small: "coder", openai: "judge", gemini: "judge" };
/** A run whose minutes are used up when it starts ends at once. */
const overrunMsMax = 1_000;
const noAmounts = (): Amounts => ({ tokens: 0, usd: 0, minutes: 0, runs: 0 });
const forScopes = <T>(of: (scope: SharedScope) => T) =>
  Object.fromEntries(sharedScopes.map((scope) => [scope, of(scope)])) as Record<SharedScope, T>;

/** Chosen so that many nights meet a limit and most missions land in most nights. */
const ranges: Readonly<Record<BudgetUnit, Readonly<Record<"run" | SharedScope, readonly number[]>>>> = {
  tokens: {
    run: [120_000, 200_000],
    mission: [150_000, 300_000, 500_000],
    repository_day: [600_000, 1_200_000],
    day: [1_500_000, 3_000_000],
  },
  usd: {
    run: [400_000_000, 700_000_000],
    mission: [500_000_000, 1_000_000_000],
    repository_day: [2_000_000_000, 4_000_000_000],
    day: [5_000_000_000, 9_000_000_000],
  },
  minutes: {
    run: [15 * minute, 30 * minute],
    mission: [20 * minute, 40 * minute],
    repository_day: [120 * minute, 240 * minute],
    day: [240 * minute, 480 * minute],
  },
  runs: { run: [], mission: [1, 2, 4], repository_day: [5, 12], day: [12, 30] },
};

/** `mayBe`: whether the night may have budgets. */
export function drawBudgets(chance: Chance, mayBe: boolean, violated: Violated): NightBudgets {
  const limits = drawLimits(chance, mayBe);
  const areSet = units.some((unit) => Object.values(limits[unit]).some((limit) => limit !== null));
  const used = new Map<string, Amounts>();
  const owners = new Map<string, Owner>();
  const underWay = new Map<string, RunUnderWay>();
  const ran = new Map<string, number>();
  let wasSetBack = false;

  /** A day's place belongs to the day on which it was recorded. */
  const placeOf = (scope: SharedScope, { mission_id, plan, repository }: Owner, at: string) =>
    ({ mission: plan ?? mission_id, repository_day: `${repository} ${dayOf(at)}`, day: dayOf(at) })[scope];
  const usedIn = (place: string): Amounts => {
    const amounts = used.get(place) ?? noAmounts();
    used.set(place, amounts);
    return amounts;
  };
  const add = (amounts: Amounts, more: Partial<Amounts>) => {
    for (const unit of units) amounts[unit] += more[unit] ?? 0;
  };

  function record(owner: Owner, at: string, more: Partial<Amounts>): void {
    for (const scope of sharedScopes) add(usedIn(placeOf(scope, owner, at)), more);
  }

  /** Records usage that was not reserved, by which running runs may exceed the limit. */
  function recordBeside(owner: Owner, at: string, more: Partial<Amounts>): void {
    record(owner, at, more);
    for (const run of underWay.values())
      for (const scope of sharedScopes)
        if (placeOf(scope, run, at) === placeOf(scope, owner, at)) add(run.beside[scope], more);
  }

  /** Charges of a day, and a run's minutes, are found by the order of the log, which a clock that was set back spoils. */
  const isCompared = (scope: SharedScope, unit: BudgetUnit) =>
    !wasSetBack || (scope === "mission" && unit !== "minutes");

  function endOfRun(run: string, usage: Usage, at: string): void {
    const own = underWay.get(run);
    const owner = own ?? owners.get(run);
    if (owner === undefined) return;
    const amounts = { tokens: usage.input_tokens, usd: usage.input_tokens * nanoOf.coder, minutes: ran.get(run) ?? 0 };
    ran.delete(run);
    if (own === undefined) {
      recordBeside(owner, at, amounts);
      return;
    }
    underWay.delete(run);
    record(owner, at, amounts);
    for (const scope of sharedScopes)
      for (const unit of ["tokens", "usd", "minutes"] as const) {
        const limit = limits[unit][scope];
        if (limit === null || own.base === null || !isCompared(scope, unit) || amounts[unit] === 0) continue;
        const total = usedIn(placeOf(scope, owner, at))[unit] - own.beside[scope][unit];
        const most = Math.max(limit, own.base[scope][unit]) + (unit === "minutes" ? overrunMsMax : 0);
        if (total > most)
          violated(`a run used more ${nameOf[unit]} than a budget has`, `${run}, ${total} of ${limit} of ${scope}`);
      }
  }

  function startOfRun(event: Extract<StoredEvent, { type: "RunStarted" }>): void {
    const owner = owners.get(event.stream);
    if (owner === undefined) return;
    const { run_id } = event.data;
    owners.set(run_id, owner);
    underWay.set(run_id, { ...owner, base: null, beside: forScopes(noAmounts) });
    record(owner, event.recorded_at, { runs: 1 });
    for (const scope of sharedScopes) {
      const limit = limits.runs[scope];
      const { runs } = usedIn(placeOf(scope, owner, event.recorded_at));
      if (limit !== null && runs > limit && isCompared(scope, "runs"))
        violated("more runs were started than a budget has", `${runs} of ${limit} of ${scope}`);
    }
  }

  return {
    areSet,
    control: (log) => ({
      // Budgets read only the models' names of the configuration.
      configuration: { models } as Spending["configuration"],
      budgets: () => ({ limits, prices }),
      log,
    }),
    raise(key) {
      const [, scope = "", unit = ""] =
        /^limits\.(run|mission|repository_day|day)_(tokens|usd|minutes|runs)$/.exec(key ?? "") ?? [];
      const of = limits[unit as BudgetUnit] as Record<string, number | null> | undefined;
      if (of?.[scope] != null) of[scope] = 2 * (of[scope] ?? 0);
    },
    allow(run, { tokens, usd, minutes }) {
      const own = underWay.get(run);
      const now = new Date().toISOString();
      if (own !== undefined) own.base = forScopes((scope) => ({ ...usedIn(placeOf(scope, own, now)) }));
      const byUsd = usd === null ? Number.POSITIVE_INFINITY : Math.floor(usd.amount / nanoOf.coder);
      const byTokens = tokens === null ? Number.POSITIVE_INFINITY : tokens.amount;
      return {
        tokens: Math.max(0, Math.min(byTokens, byUsd)),
        durationMs: minutes === null ? Number.POSITIVE_INFINITY : Math.max(1, minutes.amount),
        endOfTokens: endOf(byUsd < byTokens ? usd : tokens),
        endOfTime: minutes?.budget === "limits.run_timeout" ? null : endOf(minutes),
      };
    },
    ranFor: (run, ms) => void ran.set(run, ms),
    judgeAsked(owner) {
      const now = new Date().toISOString();
      for (const scope of sharedScopes)
        for (const unit of ["tokens", "usd"] as const) {
          const limit = limits[unit][scope];
          if (limit !== null && isCompared(scope, unit) && usedIn(placeOf(scope, owner, now))[unit] >= limit)
            violated(`a judge was asked with no ${nameOf[unit]} left`, `${owner.task_id}, of ${scope}`);
        }
    },
    follow(event) {
      if (!areSet) return;
      switch (event.type) {
        case "TaskPlanned":
          owners.set(event.stream, event.data);
          return;
        case "RunStarted":
          return startOfRun(event);
        case "ChangeCaptured":
          return endOfRun(event.data.run_id, event.data.usage, event.recorded_at);
        case "RunEnded":
          // A run whose end is recorded after the next run's start is charged no minutes (EXECUTION_WORKBOOK.md, known weaknesses).
          if (event.data.again === true) ran.delete(event.data.run_id);
          return endOfRun(event.data.run_id, event.data.usage, event.recorded_at);
        case "VerdictRecorded": {
          const { usage, reused_from } = event.data;
          const owner = owners.get(event.stream);
          const tokens = usage.input_tokens + usage.output_tokens;
          if (owner !== undefined && reused_from === undefined)
            recordBeside(owner, event.recorded_at, { tokens, usd: tokens * nanoOf.judge });
          return;
        }
        case "TaskHeld":
        case "TaskCancelled":
        case "TaskRejected": {
          // Its run was interrupted, so nothing is reserved for the usage that it reports now.
          const owner = owners.get(event.stream);
          for (const [run, { task_id }] of underWay) if (task_id === owner?.task_id) underWay.delete(run);
        }
      }
    },
    clockJumped(ms) {
      wasSetBack ||= ms < 0;
    },
  };
}

/** Draws limits for every second night. */
function drawLimits(chance: Chance, mayBe: boolean): MutableLimits {
  const isBudgeted = mayBe && chance.happens(0.5);
  const draw = (unit: BudgetUnit) =>
    Object.fromEntries(
      Object.entries(ranges[unit]).map(([scope, from]) => [
        scope,
        isBudgeted && from.length > 0 && chance.happens(0.3) ? chance.pick(from) : null,
      ]),
    ) as MutableLimits[BudgetUnit];
  return { tokens: draw("tokens"), usd: draw("usd"), minutes: draw("minutes"), runs: draw("runs") } as MutableLimits;
}

function endOf(grant: BudgetGrant | null): RunAllowance["endOfTokens"] {
  if (grant === null) return { detail: "", resumes_at: null };
  const { unit, budget, isDaily } = grant;
  return { detail: budgetDetail(unit, budget), resumes_at: isDaily ? nextMidnight() : null };
}

function dayOf(at: string): string {
  return at.slice(0, 10);
}
