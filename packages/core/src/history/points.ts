/** Counts what happened by day, week or month of the machine's calendar. A grain in which nothing happened is there too. */
import type { AnalyticsDocument } from "@aedev/contracts/api";
import { sumUsage } from "../usage/usage-sum.ts";
import type { Period } from "./analytics.ts";
import type { WorkHistory } from "./work-history.ts";

type Grain = AnalyticsDocument["grain"];
type Counted = Pick<WorkHistory, "submissions" | "answers" | "landings" | "charges">;

const dayMs = 86_400_000;
/** A longer period is counted by week, then by month. */
const [daysMax, weeksMax] = [92, 104];

export function countedPoints(
  { submissions, answers, landings, charges }: Counted,
  { since, at, dayOf, prices }: Period,
): Pick<AnalyticsDocument, "grain" | "points"> {
  const first = since ?? [submissions, charges].flatMap(([one]) => one?.at ?? []).sort()[0] ?? at;
  const last = dayOf(at);
  const grain = grainFor((Date.parse(last) - Date.parse(dayOf(first))) / dayMs);
  const keys = new Map<string, string>();
  const keyOf = ({ at: instant }: { readonly at: string }) => {
    const day = dayOf(instant);
    const known = keys.get(day) ?? startOf(day, grain);
    keys.set(day, known);
    return known;
  };
  const [submitted, answered, landed, charged] = [
    Map.groupBy(submissions, keyOf),
    Map.groupBy(answers, keyOf),
    Map.groupBy(landings, keyOf),
    Map.groupBy(charges, keyOf),
  ];
  const points = startsBetween(startOf(dayOf(first), grain), last, grain).map((from) => {
    const gate = answered.get(from) ?? [];
    const { tokens, nano_usd } = sumUsage(charged.get(from) ?? [], prices);
    return {
      from,
      submitted: submitted.get(from)?.length ?? 0,
      landed: landed.get(from)?.length ?? 0,
      merge: gate.filter(({ answer }) => answer === "merge").length,
      ask: gate.filter(({ answer }) => answer === "ask").length,
      hold: gate.filter(({ answer }) => answer === "hold").length,
      ...{ tokens, nano_usd },
    };
  });
  return { grain, points };
}

function grainFor(days: number): Grain {
  if (days <= daysMax) return "day";
  return days <= weeksMax * 7 ? "week" : "month";
}

/** The first day of the grain that this day belongs to; weeks start on Monday. */
function startOf(day: string, grain: Grain): string {
  if (grain === "day") return day;
  if (grain === "month") return `${day.slice(0, 7)}-01`;
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
  return dayText(Date.parse(day) - sinceMonday * dayMs);
}

function startsBetween(first: string, last: string, grain: Grain): string[] {
  const starts: string[] = [];
  for (let start = first; start <= last; start = nextStart(start, grain)) starts.push(start);
  return starts;
}

function nextStart(start: string, grain: Grain): string {
  // Every month has ended 31 days after its first day, and the next one has not.
  return grain === "month"
    ? startOf(dayText(Date.parse(start) + 31 * dayMs), grain)
    : dayText(Date.parse(start) + (grain === "day" ? 1 : 7) * dayMs);
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
