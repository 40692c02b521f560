/** The versions of the judges' prompt that were used, and how changes turned out under each; two can be compared. */
import type { PromptRow } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { Loaded } from "../parts/loaded.tsx";
import { useDocument } from "../parts/read-document.ts";
import { localTime, shareText, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

const keyOf = ({ prompt_digest, family, model }: PromptRow) => `${prompt_digest} ${family} ${model}`;

export function PromptsPage() {
  const t = texts.value.prompts;
  const chosen = useSignal<readonly string[]>([]);
  const { document, error } = useDocument("showModels", { query: {} });
  const choose = (key: string, isOn: boolean) => {
    const others = chosen.value.filter((one) => one !== key);
    chosen.value = isOn ? [...others, key].slice(-2) : others;
  };
  return (
    <>
      <h1>{t.title}</h1>
      <p class="soft">{t.note}</p>
      <Loaded document={document} error={error}>
        {({ prompts }) => {
          const pair = prompts.filter((row) => chosen.value.includes(keyOf(row)));
          return (
            <>
              {prompts.length === 0 && <p class="soft">{t.none}</p>}
              <ul class="rows">
                {prompts.map((row) => (
                  <li class="card" key={keyOf(row)}>
                    <label class="check">
                      <input
                        type="checkbox"
                        checked={chosen.value.includes(keyOf(row))}
                        onChange={({ currentTarget }) => choose(keyOf(row), currentTarget.checked)}
                      />
                      <span>
                        <code>{row.prompt_digest.slice(0, 12)}</code> · {visible(row.model)} ({row.family})
                      </span>
                    </label>
                    <small>
                      {texts.value.since} {localTime(row.first_at)}, {texts.value.until} {localTime(row.last_at)}
                    </small>
                    <small>{t.counts(row.verdicts.pass.n, row.verdicts.no_answer, row.decisions.ask.n)}</small>
                  </li>
                ))}
              </ul>
              <h2>{t.compare}</h2>
              {pair.length < 2 ? <p class="soft">{t.chooseTwo}</p> : null}
              {pair.length > 0 && <Comparison rows={pair} />}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function Comparison({ rows }: { rows: readonly PromptRow[] }) {
  const t = texts.value.prompts;
  const words = texts.value.analytics;
  const lines = [
    ...(["pass", "fail", "inconclusive"] as const).map((one) => ({
      name: t.verdicts[one],
      rates: rows.map((row) => row.verdicts[one]),
    })),
    ...(["merge", "ask", "hold"] as const).map((one) => ({
      name: words[one],
      rates: rows.map((row) => row.decisions[one]),
    })),
  ];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t.outcome}</th>
          {rows.map((row) => (
            <th scope="col" key={keyOf(row)}>
              <code>{row.prompt_digest.slice(0, 8)}</code> {visible(row.model)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, rates }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {rates.map((rate, at) => (
              <td key={rows[at]?.model}>
                {shareText(rate)}
                {rate.n > 0 && <small class="under">{words.interval(rate)}</small>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
