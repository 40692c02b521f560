/** Which models did what, what they used, how often they failed, and how often the judges err. */
import { Command } from "../parts/command.tsx";
import { Fact } from "../parts/fact.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { useDocument } from "../parts/read-document.ts";
import { costOf } from "../parts/usage-table.tsx";
import { age, shareText, shortNumber, visible } from "../text/format.ts";
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
      <JudgesRecord />
    </>
  );
}

/** How often each judge caught a planted defect, and held a harmless change. */
function JudgesRecord() {
  const t = texts.value.judgeErrors;
  const { interval } = texts.value.analytics;
  const { document, error } = useDocument("showJudges", {});
  return (
    <section class="rows">
      <h2>{t.title}</h2>
      <Loaded document={document} error={error}>
        {({ families, canaries }) => (
          <>
            <p class="soft">{canaries.planted === 0 ? t.none : t.measured(canaries.planted)}</p>
            {canaries.planted === 0 && <Command text="aedev judges audit" />}
            <ul class="rows">
              {canaries.planted > 0 &&
                families.map(({ family, model, qualified, why, known_bad, known_good, injection }) => (
                  <li class="card" key={family}>
                    <div class="row">
                      <strong>{visible(model)}</strong>
                      <span class={`chip ${qualified ? "good" : "warn"}`}>{qualified ? t.counts : t.countsNot}</span>
                      {why !== null && <small>{visible(why)}</small>}
                    </div>
                    <dl class="facts">
                      <Fact name={t.caught} value={shareText(known_bad)} more={interval(known_bad)} />
                      <Fact name={t.heldWrongly} value={shareText(known_good)} more={interval(known_good)} />
                      <Fact name={t.injections} value={shareText(injection)} more={interval(injection)} />
                    </dl>
                  </li>
                ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
}
