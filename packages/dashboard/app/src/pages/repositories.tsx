/** The registered repositories, each with its settings, the health of its base, its last changes and whether it is paused. */
import { shellWord } from "@aedev/contracts/shell-word";
import { useMemo } from "preact/hooks";
import { useRoute } from "preact-iso";
import { call } from "../api/client.ts";
import { actionState } from "../parts/action.ts";
import { Fact } from "../parts/fact.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { useDocument } from "../parts/read-document.ts";
import { TellTold } from "../parts/told.tsx";
import { age, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function RepositoriesPage() {
  const t = texts.value.repositories;
  const { document, error } = useDocument("listRepositories", {});
  return (
    <>
      <h1>{t.title}</h1>
      <Loaded document={document} error={error}>
        {({ repositories }) => (
          <>
            {repositories.length === 0 && <p class="soft">{texts.value.noRepositories}</p>}
            <ul class="rows">
              {repositories.map(({ name, url, paused, landings_paused, trial }) => (
                <li class="card" key={name}>
                  <a class="title" href={`/repositories/${name}`}>
                    {name}
                  </a>
                  <div class="row">
                    <span class={`chip ${trial === "green" ? "good" : "warn"}`}>{t.trial[trial]}</span>
                    {paused && <span class="chip warn">{t.paused}</span>}
                    {landings_paused === true && <span class="chip warn">{t.landingsPaused}</span>}
                    <a href={`/roadmap/${name}`}>{texts.value.roadmap.title}</a>
                  </div>
                  <small class="whole">{visible(url)}</small>
                </li>
              ))}
            </ul>
            <p>{t.addHelp}</p>
            <code class="command">{texts.value.noRepositoriesHelp}</code>
          </>
        )}
      </Loaded>
    </>
  );
}

export function RepositoryPage() {
  const t = texts.value.repositories;
  const name = useRoute().params["name"] ?? "";
  const { document, error } = useDocument("showRepository", { params: { name } });
  return (
    <>
      <h1>{visible(name)}</h1>
      <Loaded document={document} error={error}>
        {({ repository, settings, base, landed }) => (
          <>
            <Pause name={name} isPaused={repository.paused} />
            <dl class="facts">
              <Fact name={t.address} value={visible(repository.url)} />
              <Fact
                name={t.baseHealth}
                value={base === null ? t.nothingRan : base.checks === null ? t.notChecked : base.checks}
                {...(base === null ? {} : { more: `${base.commit.slice(0, 12)} · ${age(base.at)}` })}
              />
              <Fact name={t.profile} value={repository.profile ?? t.usualProfile} />
              <Fact
                name={t.pushing}
                value={repository.writes ?? (repository.allow_writes ? "allowed" : "on-approval")}
              />
            </dl>
            <section class="rows">
              <h2>{t.lanes}</h2>
              {(repository.lanes ?? []).length === 0 && <p class="soft">{t.noLanes}</p>}
              {repository.lanes?.map(({ kind, merged, bad, closed }) => (
                <p class="row" key={kind}>
                  <code>{kind}</code> {t.lane(merged, bad)}
                  {closed !== undefined && <span class="chip bad">{t.closed}</span>}
                </p>
              ))}
            </section>
            <section class="rows">
              <h2>{t.landed}</h2>
              {landed.length === 0 && <p class="soft">{t.nothingLanded}</p>}
              <ul class="rows">
                {landed.map(({ task_id, mission_id, title, commit, at }) => (
                  <li key={task_id}>
                    <a href={`/missions/${mission_id}`}>{visible(title)}</a>{" "}
                    <small>
                      <code>{commit.slice(0, 12)}</code> · {age(at)}
                    </small>
                  </li>
                ))}
              </ul>
            </section>
            <section class="rows">
              <h2>{t.settings}</h2>
              <Settings rows={settings.map((row) => ({ ...row, source: t.sources[row.source] }))} />
              <p>{t.changeHelp}</p>
              <code class="command">{`aedev repo add ${visible(shellWord(repository.url))} --name ${name}`}</code>
              <p>
                <a href={`/roadmap/${name}`}>{texts.value.roadmap.title}</a>
              </p>
            </section>
          </>
        )}
      </Loaded>
    </>
  );
}

function Pause({ name, isPaused }: { name: string; isPaused: boolean }) {
  const t = texts.value.repositories;
  const action = useMemo(actionState, []);
  const route = isPaused ? "resumeRepository" : "pauseRepository";
  return (
    <>
      <div class="row">
        <button
          type="button"
          disabled={action.isBusy.value}
          onClick={() => void action.run(() => call(route, { params: { name }, body: {} }), texts.value.done)}
        >
          {isPaused ? t.resume : t.pause}
        </button>
        {isPaused && <span class="chip warn">{t.paused}</span>}
      </div>
      {action.told.value !== null && <TellTold told={action.told} />}
    </>
  );
}

/** Keys with their values in JSON, and where each value is from. */
function Settings({ rows }: { rows: readonly { key: string; value: string; source: string }[] }) {
  return (
    <dl class="settings">
      {rows.map(({ key, value, source }) => (
        <div key={key}>
          <dt>
            <code>{key}</code> <small>{source}</small>
          </dt>
          <dd class="mono">{visible(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
