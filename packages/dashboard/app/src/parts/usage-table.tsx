/** What was used, by group, with its cost at list price. */
import type { AnalyticsDocument } from "@aedev/contracts/api";
import { money, shortNumber, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

type Row = AnalyticsDocument["by_model"][number];

/** `nameOf`: how a group's key is shown; null is usage whose group is not recorded. */
export function UsageTable({
  title,
  rows,
  nameOf = visible,
}: {
  title: string;
  rows: readonly Row[];
  nameOf?: (key: string) => string;
}) {
  const t = texts.value.analytics;
  if (rows.length === 0) return null;
  const dearest = rows.toSorted((one, other) => other.tokens - one.tokens);
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.group}</th>
          <th scope="col">{t.requests}</th>
          <th scope="col">{t.tokens}</th>
          <th scope="col">{t.cost}</th>
        </tr>
      </thead>
      <tbody>
        {dearest.map((row) => (
          <tr key={row.key ?? ""}>
            <th scope="row">{row.key === null ? t.notRecorded : nameOf(row.key)}</th>
            <td>{shortNumber(row.requests)}</td>
            <td>{shortNumber(row.tokens)}</td>
            <td>{costOf(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The cost, or that a price is not known. */
export function costOf({ nano_usd, unknown, unfinished_requests, subscription_nano_usd }: Omit<Row, "key">): string {
  const t = texts.value.analytics;
  if (unknown.length > 0 || unfinished_requests > 0)
    return nano_usd === 0 ? t.priceUnknown : t.atLeast(money(nano_usd));
  return subscription_nano_usd > 0
    ? t.ofWhichSubscription(money(nano_usd), money(subscription_nano_usd))
    : money(nano_usd);
}
