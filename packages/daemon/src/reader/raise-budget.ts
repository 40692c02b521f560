/** Raises a budget in the home's `config.yaml`. It only raises: less is a change of the configuration, for an editor. */
import { Fault } from "@aedev/contracts";
import type { BudgetLimits } from "@aedev/core";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { writeOverlay } from "../configuration/write-overlay.ts";

type Raisable = { readonly key: string; readonly before: number | null };

const hint = "aedev budget show";

/** `amount`: a number as people write it, or null for no limit. */
export function raiseBudget({ key, amount, ...options }: HomeOptions & { key: string; amount: string | null }): void {
  const { before } = raisable(key, options);
  if (before === null) throw new Fault("usage", `${key} has no limit that could be raised`, { hint });
  // Tokens, minutes and runs are numbers in the file; dollars may be a text with decimals.
  const value = amount !== null && /^[0-9]{1,15}$/.test(amount) ? Number(amount) : amount;
  if (value === null || isMore({ key, value, before }, options)) {
    writeOverlay({ home: options.home, name: "config.yaml", values: { [key]: value } });
    return;
  }
  throw new Fault("usage", `${amount} is not more than ${key} is now`, { hint });
}

function isMore({ key, value, before }: { key: string; value: number | string; before: number }, options: HomeOptions) {
  const [section = "", name = ""] = key.split(".");
  const operatorText = JSON.stringify({ [section]: { [name]: value } });
  const after = limitOf(key, loadConfiguration({ ...options, operatorText }).budgets);
  return after === null || (after !== undefined && after > before);
}

function raisable(key: string, options: HomeOptions): Raisable {
  const before = limitOf(key, loadConfiguration(options).budgets);
  if (before === undefined)
    throw new Fault("usage", `${key} is no budget that this command raises`, {
      hint: key === "repair.task_tokens" ? `aedev config set ${key} AMOUNT && aedev daemon restart` : hint,
    });
  return { key, before };
}

/** Undefined: the key is no budget's. */
function limitOf(key: string, limits: BudgetLimits): number | null | undefined {
  const [, scope, unit] = /^limits\.(run|mission|repository_day|day)_(tokens|usd|minutes|runs)$/.exec(key) ?? [];
  if (scope === undefined || unit === undefined || (scope === "run" && (unit === "minutes" || unit === "runs")))
    return undefined;
  return limits[unit as keyof BudgetLimits][scope as keyof BudgetLimits["tokens"]];
}
