/** Which models did what, what they used and how often they failed. */
import { Fact } from "../parts/fact.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { useDocument } from "../parts/read-document.ts";
import { costOf } from "../parts/usage-table.tsx";
import { age, shortNumber, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function ModelsPage() {
  const t = texts.value.models;
  const words = texts.value.analytics;
  const { document, error } = useDocument("showModels", { query: {} });
  return (
    <>
      <h1>{t.title}</h1>
      <Loaded document={document} error={error}>
        {({ models, runs, prompts }) => (
          <>
            {models.length === 0 && <p class="soft">{t.none}</p>}
            <ul class="rows">
              {models.map(({ model, role, used, last_at }) => (
                <li class="card" key={`${model} ${role}`}>
                  <div class="row">
                    <strong>{visible(model)}</strong>
                    <span class="chip">{words.roles[role as keyof typeof words.roles] ?? role}</span>
                  </div>
                  <dl class="facts">
                    <Fact name={words.requests} value={shortNumber(used.requests)} />
                    <Fact name={words.tokens} value={shortNumber(used.tokens)} />
                    <Fact name={words.cost} value={costOf(used)} />
                    <Fact name={t.unfinished} value={shortNumber(used.unfinished_requests)} />
                    <Fact name={t.last} value={age(last_at)} />
                  </dl>
                </li>
              ))}
            </ul>
            <h2>{t.failures}</h2>
            <p>{t.runs(runs.ended, runs.without_change)}</p>
            <ul class="bullets">
              {prompts.map(({ prompt_digest, model, verdicts }) => (
                <li key={`${prompt_digest} ${model}`}>
                  {t.noAnswer(visible(model), verdicts.pass.n, verdicts.no_answer)}
                </li>
              ))}
            </ul>
            <p class="soft">{t.notRecorded}</p>
          </>
        )}
      </Loaded>
    </>
  );
}
