/** Figures of the work, from the open state, the views' counts and today's charges. Their cost depends on open work and the day, not on history. */
import { holdCodes } from "@aedev/contracts";
import { statusSummary } from "@aedev/core";
import { sumUsage } from "@aedev/core/reading";
import { configuredFamilies } from "../configuration/configured-families.ts";
import { chargesOfDay } from "../control/charges-of-day.ts";
import type { Configured, Records, Spending, Trust } from "../control/parts.ts";
import { gauge, gaugeBy, type Metric } from "./metric.ts";

type Source = Records & Trust & Spending & Configured<"addresses">;

export function workMetrics({ configuration, log, trust, budgets }: Source, now: Date): Metric[] {
  const { state } = log;
  const summary = statusSummary(state, now.toISOString(), log.views.totals().missions);
  const tasks = Object.values(state.tasks);
  const queued = tasks.flatMap(({ status, runs, planned_at }) =>
    status === "planned" && runs.length === 0 ? [planned_at] : [],
  );
  const holds = Object.fromEntries(holdCodes.map((code) => [code, 0]));
  for (const { code } of summary.holds) holds[code] = (holds[code] ?? 0) + 1;
  const outages = new Set(summary.judge_outages?.map(({ family }) => family));
  return [
    gaugeBy("status", { name: "aedev_missions", help: "All missions by status.", values: summary.missions }),
    gaugeBy("status", { name: "aedev_tasks", help: "All tasks by status.", values: log.views.taskCounts() }),
    gaugeBy("code", { name: "aedev_holds", help: "Open holds by code.", values: holds }),
    gauge("aedev_oldest_hold_age_seconds", "Age of the oldest open hold; 0: none.", ageOf(holdTimes(summary), now)),
    gauge("aedev_queued_tasks", "Tasks that wait for their first run.", queued.length),
    gauge("aedev_oldest_queued_age_seconds", "Age of the oldest of them; 0: none.", ageOf(queued, now)),
    gauge(
      "aedev_active_runs",
      "Runs of the coder in progress.",
      tasks.filter(({ status }) => status === "running").length,
    ),
    gauge("aedev_waiting_decisions", "Decisions that wait for a person.", summary.waiting.length),
    gauge("aedev_undelivered_pushes", "Push messages that are not delivered yet.", summary.undelivered),
    gauge("aedev_repositories", "Registered repositories.", summary.repositories),
    gaugeBy("family", {
      name: "aedev_judge_available",
      help: "0: this configured judge vendor is known to be unavailable, and tasks may wait for it.",
      values: Object.fromEntries(
        configuredFamilies(configuration).map((family) => [family, Number(!outages.has(family))]),
      ),
    }),
    gaugeBy("plane", {
      name: "aedev_plane_generation",
      help: "How often each plane was started in this home.",
      values: state.system.generations,
    }),
    gauge("aedev_log_trusted", "0: nothing runs until a person accepts the log.", Number(trust.untrusted === null)),
    gauge("aedev_log_position", "Position of the last event.", log.head.position),
    ...usageMetrics({ log, budgets }, now),
  ];
}

function holdTimes({ holds }: { readonly holds: readonly { readonly held_at: string }[] }): string[] {
  return holds.map(({ held_at }) => held_at);
}

/** Seconds since the oldest instant; never negative, even if a clock was set back. */
function ageOf(instants: readonly string[], now: Date): number {
  const oldestMs = Math.min(now.getTime(), ...instants.map((instant) => Date.parse(instant)));
  return (now.getTime() - oldestMs) / 1_000;
}

/** Usage since midnight by this machine's clock, as in `aedev status`. What has no known price is a separate figure. */
function usageMetrics({ log, budgets }: Pick<Source, "log" | "budgets">, now: Date): Metric[] {
  const today = sumUsage(chargesOfDay(log.views.charges, now), budgets().prices);
  const unpriced = today.unknown.reduce((sum, { requests }) => sum + requests, 0);
  const dollars = (nano: number) => nano / 1e9;
  const of = (name: string, help: string, value: number) =>
    gauge(`aedev_today_${name}`, `${help} since midnight.`, value);
  return [
    of("runs", "Runs that started", today.runs),
    of("requests", "Requests to models", today.requests),
    of("tokens", "Tokens that count against budgets", today.tokens),
    of("list_price_dollars", "Use with a known price, at list price,", dollars(today.nano_usd)),
    of("subscription_list_price_dollars", "Of that, what a subscription pays", dollars(today.subscription_nano_usd)),
    of("unpriced_requests", "Requests whose price is not known, and which no dollars are counted for,", unpriced),
  ];
}
