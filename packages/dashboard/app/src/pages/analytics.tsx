/** How work went: throughput, lead time, what the gate answered and why, what persons decided, and what it cost. */
import type { AnalyticsDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { now } from "../api/live.ts";
import { Bars } from "../parts/bars.tsx";
import { Fact } from "../parts/fact.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { NameFilter } from "../parts/name-filter.tsx";
import { useDocument } from "../parts/read-document.ts";
import { costOf, UsageTable } from "../parts/usage-table.tsx";
import { money, shareText, shortNumber, spanText, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

const periods = [7, 30, 90, null] as const;
const dayMs = 86_400_000;

export function AnalyticsPage() {
  const t = texts.value.analytics;
  const days = useSignal<(typeof periods)[number]>(30);
  const repository = useSignal("");
  const sinceMs = days.value === null ? null : now.peek() - days.value * dayMs;
  const { document, error } = useDocument("showAnalytics", {
    query: {
      // A whole day, so that the question stays the same while the page is open.
      ...(sinceMs === null ? {} : { since: new Date(sinceMs).toISOString().slice(0, 10) }),
      ...(repository.value === "" ? {} : { repository: repository.value }),
    },
  });
  return (
    <>
      <h1>{t.title}</h1>
      <div class="row">
        <fieldset class="choice">
          <legend>{t.period}</legend>
          {periods.map((one) => (
            <button
              type="button"
              key={one}
              aria-pressed={days.value === one}
              onClick={() => {
                days.value = one;
              }}
            >
              {one === null ? t.all : t.days(one)}
            </button>
          ))}
        </fieldset>
        <NameFilter label={texts.value.repository} names={document?.repositories ?? []} chosen={repository} />
      </div>
      <Loaded document={document} error={error}>
        {(figures) => <Figures document={figures} />}
      </Loaded>
    </>
  );
}

/** What a bar counts, its name and its colour. */
type Row = readonly ["submitted" | "landed" | "merge" | "ask" | "hold" | "tokens", string, "one" | "two" | "three"];

function Figures({ document }: { document: AnalyticsDocument }) {
  const t = texts.value.analytics;
  const { points, landed, lead_time, answer_time, per_landed, used } = document;
  const chart = (titles: Readonly<Record<AnalyticsDocument["grain"], string>>, empty: string, of: readonly Row[]) => (
    <Bars
      title={titles[document.grain]}
      points={points.map(({ from }) => from)}
      series={of.map(([key, name, tone]) => ({ name, tone, values: points.map((point) => point[key]) }))}
      text={shortNumber}
      empty={empty}
    />
  );
  return (
    <>
      <dl class="facts">
        <Fact name={t.submitted} value={shortNumber(document.submitted)} />
        <Fact name={t.landed} value={shortNumber(landed.all)} more={t.alone(landed.alone)} />
        <Fact
          name={t.leadTime}
          value={spanText(lead_time.median_ms)}
          more={lead_time.n === 0 ? t.nothingLanded : t.ninety(spanText(lead_time.p90_ms))}
        />
        <Fact name={t.answerTime} value={spanText(answer_time.median_ms)} more={t.answers(answer_time.n)} />
        <Fact
          name={t.perLanded}
          value={perLanded(per_landed)}
          more={per_landed.tokens === null ? t.nothingLanded : texts.value.tokens(shortNumber(per_landed.tokens))}
        />
        <Fact name={texts.value.cost} value={costOf(used)} more={texts.value.tokens(shortNumber(used.tokens))} />
      </dl>
      {chart(t.submittedByStep, t.nothingSubmitted, [["submitted", t.submitted, "two"]])}
      {chart(t.landedByStep, t.nothingLanded, [["landed", t.landed, "one"]])}
      {chart(t.answersByStep, t.nothingDecided, [
        ["merge", t.merge, "one"],
        ["ask", t.ask, "two"],
        ["hold", t.hold, "three"],
      ])}
      <Gate document={document} />
      {chart(t.tokensByStep, t.nothingUsed, [["tokens", t.tokens, "two"]])}
      <section class="rows">
        <h2>{texts.value.cost}</h2>
        {used.requests + used.unfinished_requests === 0 ? (
          <p class="soft">{t.nothingUsed}</p>
        ) : (
          <>
            <UsageTable title={texts.value.repository} rows={document.by_repository} />
            <UsageTable title={t.model} rows={document.by_model} />
            <UsageTable
              title={t.role}
              rows={document.by_role}
              nameOf={(key) => t.roles[key as keyof typeof t.roles] ?? key}
            />
          </>
        )}
      </section>
    </>
  );
}

function perLanded({ tokens, nano_usd }: AnalyticsDocument["per_landed"]): string {
  if (tokens === null) return texts.value.analytics.none;
  return nano_usd === null ? texts.value.analytics.unknown : money(nano_usd);
}

/** What the gate answered, what it asked about, and what persons made of it. */
function Gate({ document: { decisions, reasons, holds } }: { document: AnalyticsDocument }) {
  const t = texts.value.analytics;
  return (
    <section class="rows">
      <h2>{t.gate}</h2>
      {decisions.merge.n === 0 ? (
        <p class="soft">{t.nothingDecided}</p>
      ) : (
        <dl class="facts">
          {(["merge", "ask", "hold"] as const).map((answer) => (
            <Fact
              key={answer}
              name={t[answer]}
              value={shareText(decisions[answer])}
              more={t.interval(decisions[answer])}
            />
          ))}
        </dl>
      )}
      <h3>{t.reasons}</h3>
      {reasons.length === 0 && <p class="soft">{t.noReasons}</p>}
      <ul class="rows">
        {reasons.map(({ reason, means, asked, approved, rejected, sent_back, undecided }) => (
          <li class="card" key={reason}>
            <strong>{visible(means)}</strong>
            <div class="row">
              <span class="chip">{t.asked(asked)}</span>
              <span class={`chip ${approved.n > 0 && approved.hits === approved.n ? "good" : ""}`}>
                {approved.n === 0 ? t.nobodyDecided : t.approved(approved.hits, approved.n)}
              </span>
              {sent_back > 0 && <span class="chip warn">{t.sentBack(sent_back)}</span>}
              {rejected > 0 && <span class="chip bad">{t.rejected(rejected)}</span>}
              {undecided > 0 && approved.n > 0 && <small>{t.undecided(undecided)}</small>}
            </div>
            {approved.n > 0 && (
              <small>
                {t.approvedShare} {shareText(approved)} · {t.interval(approved)}
              </small>
            )}
          </li>
        ))}
      </ul>
      <h3>{t.holds}</h3>
      {holds.length === 0 ? (
        <p class="soft">{t.noHolds}</p>
      ) : (
        <ul class="rows">
          {holds.map(({ code, count }) => (
            <li class="row" key={code}>
              <code>{code}</code> <span class="chip">{count}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
