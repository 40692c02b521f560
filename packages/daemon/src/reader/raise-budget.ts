/** Raises a budget in the home's `config.yaml`. It never lowers one; `aedev config set` does that. */
import { type BudgetUnit, Fault, microDollarsOf } from "@aedev/contracts";
import type { BudgetLimits } from "@aedev/core";
import { budgetKeys } from "../configuration/budget-keys.ts";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { type OverlayValue, writeOverlay } from "../configuration/write-overlay.ts";

interface Budget {
  readonly key: string;
  readonly unit: BudgetUnit;
  /** The current limit, in nano-dollars or milliseconds for such budgets. */
  readonly before: number | null;
  /** Whether the budget may have no limit. */
  readonly isOptional: boolean;
}
/** An amount in the file's form and as limits are counted; both null mean no limit. */
interface Amount {
  readonly value: OverlayValue;
  readonly counted: number | null;
}

/** `amount`: as a person types it. Throws a Fault `usage` for a wrong key or amount, `budget-not-raised` if there is nothing to raise. */
export function raiseBudget({ key, amount, ...options }: HomeOptions & { key: string; amount: string }): void {
  const budget = budgetOf(key, options);
  const { value, counted } = parseAmount(amount, budget);
  const { before } = budget;
  if (before === null)
    throw new Fault("budget-not-raised", `${key} has no limit that could be raised`, {
      hint: value === null ? "aedev budget show" : `to set one: aedev config set ${key} ${value}`,
    });
  if (counted !== null && counted <= before)
    throw new Fault("budget-not-raised", `${amount} is not more than ${key} is now`, {
      hint: `to lower it: aedev config set ${key} ${value}; what it is: aedev budget show`,
    });
  writeOverlay({ home: options.home, name: "config.yaml", values: { [key]: value } });
}

const units: Readonly<
  Record<BudgetUnit, { readonly allowed: string; readonly example: string; readonly each: number }>
> = {
  tokens: { allowed: "a whole number of tokens", example: "20000000", each: 1 },
  usd: { allowed: "dollars with at most six decimals, such as 40 or 2.50", example: "40", each: 1000 },
  minutes: { allowed: "a whole number of minutes", example: "600", each: 60_000 },
  runs: { allowed: "a whole number of runs", example: "20", each: 1 },
};

function parseAmount(text: string, { key, unit, isOptional }: Budget): Amount {
  const typed = text.trim();
  const { allowed, example, each } = units[unit];
  if (typed === "none" && isOptional) return { value: null, counted: null };
  const whole = /^[1-9][0-9]{0,11}$/.test(typed) ? Number(typed) : null;
  const number = unit === "usd" ? microDollarsOf(typed) : whole;
  if (number !== null && number > 0) return { value: whole ?? typed, counted: number * each };
  const none = isOptional ? ", or none" : "; it always has a limit";
  throw new Fault("usage", `${key} takes ${allowed}${none}, not "${text}"`, {
    hint: `aedev budget raise ${key} ${example}`,
  });
}

function budgetOf(key: string, options: HomeOptions): Budget {
  const [, scope = "", unit = ""] =
    /^limits\.(run|mission|repository_day|day)_(tokens|usd|minutes|runs)$/.exec(key) ?? [];
  const [, schema] = Object.entries(budgetKeys).find(([name]) => key === `limits.${name}`) ?? [];
  if (schema === undefined) throw notRaisable(key);
  const limits = loadConfiguration(options).budgets[unit as BudgetUnit];
  const before = limits[scope as keyof BudgetLimits["tokens"]];
  return { key, unit: unit as BudgetUnit, before, isOptional: schema.safeParse(null).success };
}

/** Refuses keys of other limits, and names the command that sets them. */
function notRaisable(key: string): Fault {
  const hints: Readonly<Record<string, string>> = {
    "repair.task_tokens": "aedev config set repair.task_tokens AMOUNT && aedev daemon restart",
    "limits.run_timeout": "aedev config set limits.run_timeout 60m",
  };
  return new Fault("usage", `${key} is no budget that this command raises`, {
    hint: hints[key] ?? "aedev budget show",
  });
}
