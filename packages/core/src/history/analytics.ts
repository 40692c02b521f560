/** Makes the figures of a period from the history of work. Pure; the caller gives the time, the calendar and the prices. */
import type { AnalyticsDocument } from "@aedev/contracts/api";
import { rateOf } from "../judges/statistics.ts";
import type { PriceList } from "../usage/price-list.ts";
import { sumUsage, usageRows } from "../usage/usage-sum.ts";
import { countedPoints } from "./points.ts";
import type { AnswerFacts, QuestionEnd, WorkHistory } from "./work-history.ts";

export interface Period {
  readonly position: number;
  readonly at: string;
  readonly since: string | null;
  readonly repository: string | null;
  readonly prices: PriceList;
  /** The date of an instant by the machine's calendar. */
  readonly dayOf: (instant: string) => string;
}

/** The figures of a period, in one repository or all. */
export function analyticsDocument(history: WorkHistory, period: Period): AnalyticsDocument {
  const { position, at, since, repository, prices } = period;
  const isIn = (one: { at: string; repository: string | null }) =>
    (since === null || one.at >= since) && (repository === null || one.repository === repository);
  const submissions = history.submissions.filter(isIn);
  const answers = history.answers.filter(isIn);
  const landings = history.landings.filter(isIn);
  const charges = history.charges.filter(isIn);
  const used = sumUsage(charges, prices);
  const share = (answer: AnswerFacts["answer"]) =>
    rateOf(answers.filter((one) => one.answer === answer).length, answers.length);
  const perLanded = (total: number) => (landings.length === 0 ? null : Math.round(total / landings.length));
  const byModel = usageRows(charges, prices, ({ model }) => model);
  return {
    ...{ position, at, since, repository },
    repositories: [...new Set(history.submissions.map((one) => one.repository))].sort(),
    ...countedPoints({ submissions, answers, landings, charges }, period),
    submitted: submissions.length,
    landed: { all: landings.length, alone: landings.filter(({ alone }) => alone).length },
    lead_time: timesOf(landings.map((one) => ({ from: one.submitted_at, to: one.at }))),
    answer_time: timesOf(answers.map((one) => ({ from: one.at, to: decided(one)?.at ?? null }))),
    decisions: { merge: share("merge"), ask: share("ask"), hold: share("hold") },
    reasons: reasonsOf(answers, history.meanings),
    holds: holdsOf(history.holds.filter(isIn)),
    used,
    per_landed: { tokens: perLanded(used.tokens), nano_usd: used.unknown.length > 0 ? null : perLanded(used.nano_usd) },
    by_repository: usageRows(charges, prices, (charge) => charge.repository),
    // A run uses several models, so its start belongs to none.
    by_model: byModel.filter(({ key, requests }) => key !== null || requests > 0),
    by_role: usageRows(charges, prices, ({ kind }) => kind),
  };
}

/** How a person ended the question; null: nobody did. */
function decided({ end }: AnswerFacts): { readonly how: QuestionEnd; readonly at: string } | null {
  return end === null || end.how === "dropped" ? null : end;
}

function timesOf(spans: readonly { from: string | null; to: string | null }[]): AnalyticsDocument["lead_time"] {
  const times = spans
    .flatMap(({ from, to }) => (from === null || to === null ? [] : [Math.max(0, Date.parse(to) - Date.parse(from))]))
    .toSorted((one, other) => one - other);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null;
  return { n: times.length, median_ms: at(0.5), p90_ms: at(0.9) };
}

function reasonsOf(answers: readonly AnswerFacts[], meanings: WorkHistory["meanings"]): AnalyticsDocument["reasons"] {
  const asked = answers.flatMap((answer) => answer.reasons.map((reason) => ({ reason, how: decided(answer)?.how })));
  return [...Map.groupBy(asked, ({ reason }) => reason)]
    .map(([reason, all]) => {
      const count = (how: QuestionEnd | undefined) => all.filter((one) => one.how === how).length;
      const undecided = count(undefined);
      return {
        ...{ reason, means: meanings.get(reason) ?? "", asked: all.length, undecided },
        ...{ rejected: count("rejected"), sent_back: count("sent_back") },
        approved: rateOf(count("approved"), all.length - undecided),
      };
    })
    .toSorted((one, other) => other.asked - one.asked || (one.reason < other.reason ? -1 : 1));
}

function holdsOf(holds: WorkHistory["holds"]): AnalyticsDocument["holds"] {
  return [...Map.groupBy(holds, ({ code }) => code)]
    .map(([code, all]) => ({ code, count: all.length }))
    .toSorted((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1));
}
