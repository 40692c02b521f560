/** Every run: what it used, how it ended, its log, and its evidence as a file. */
import type { SessionDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { call } from "../api/client.ts";
import { actionState } from "../parts/action.ts";
import { EvidenceButton } from "../parts/evidence-button.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { NameFilter } from "../parts/name-filter.tsx";
import { useDocument } from "../parts/read-document.ts";
import { TellTold } from "../parts/told.tsx";
import { costOf } from "../parts/usage-table.tsx";
import { age, shortNumber, spanText, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function SessionsPage() {
  const t = texts.value.sessions;
  const sought = useSignal("");
  const repository = useSignal("");
  /** The pages before this one, by the run that each continues after. */
  const places = useSignal<readonly number[]>([]);
  const before = places.value.at(-1);
  const { document, error } = useDocument("listSessions", {
    query: {
      ...(sought.value === "" ? {} : { text: sought.value }),
      ...(repository.value === "" ? {} : { repository: repository.value }),
      ...(before === undefined ? {} : { before }),
    },
  });
  return (
    <>
      <h1>{t.title}</h1>
      <div class="row filters">
        <label>
          {texts.value.search}
          <input
            type="search"
            placeholder={t.searchHint}
            value={sought.value}
            onInput={({ currentTarget }) => {
              sought.value = currentTarget.value.trim();
              places.value = [];
            }}
          />
        </label>
        <NameFilter
          label={texts.value.repository}
          names={document?.repositories ?? []}
          chosen={repository}
          changed={() => {
            places.value = [];
          }}
        />
      </div>
      <Loaded document={document} error={error}>
        {({ sessions, next }) => (
          <>
            {sessions.length === 0 && <p class="soft">{t.none}</p>}
            <ul class="rows">
              {sessions.map((session) => (
                <Session session={session} key={session.run_id} />
              ))}
            </ul>
            <div class="row">
              {places.value.length > 0 && (
                <button
                  type="button"
                  onClick={() => {
                    places.value = places.value.slice(0, -1);
                  }}
                >
                  {t.newer}
                </button>
              )}
              {next !== null && (
                <button
                  type="button"
                  onClick={() => {
                    places.value = [...places.value, next];
                  }}
                >
                  {t.older}
                </button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

const tones = { merge: "good", ask: "warn", hold: "bad" } as const;

function Session({ session }: { session: SessionDocument }) {
  const t = texts.value.sessions;
  const { run_id, role, task_id, mission_id, title, repository, started_at, ended_at, status, answer, hold_code } =
    session;
  const took = ended_at === null ? null : Date.parse(ended_at) - Date.parse(started_at);
  const name = title === "" ? run_id : visible(title);
  return (
    <li class="card">
      {mission_id === null ? (
        <strong>{name}</strong>
      ) : (
        <a class="title" href={`/missions/${mission_id}`}>
          {name}
        </a>
      )}
      <div class="row">
        <span class="chip">{texts.value.analytics.roles[role]}</span>
        <span class="chip">{t.status[status]}</span>
        {answer !== null && <span class={`chip ${tones[answer]}`}>{texts.value.analytics[answer]}</span>}
        {hold_code !== null && <code>{hold_code}</code>}
      </div>
      <small>
        {repository} · {age(started_at)}
        {took !== null && ` · ${t.took(spanText(took))}`} · {t.requests(session.used.requests)} ·{" "}
        {texts.value.tokens(shortNumber(session.used.tokens))} · {costOf(session.used)}
      </small>
      <small>
        {session.models.length === 0 ? t.noModel : session.models.map(visible).join(", ")} · <code>{run_id}</code>
      </small>
      {task_id !== null && <TaskFiles taskId={task_id} />}
    </li>
  );
}

function TaskFiles({ taskId }: { taskId: string }) {
  const t = texts.value.sessions;
  const action = useMemo(actionState, []);
  const log = useSignal<string | null>(null);
  return (
    <>
      <div class="row">
        <button
          type="button"
          disabled={action.isBusy.value}
          onClick={() =>
            void action.run(async () => {
              if (log.value !== null) {
                log.value = null;
                return;
              }
              const { text, shortened } = await call("showTaskLog", { params: { id: taskId } });
              log.value = text === "" ? t.emptyLog : `${shortened ? `${t.shortened}\n` : ""}${text}`;
            }, "")
          }
        >
          {log.value === null ? t.showLog : t.hideLog}
        </button>
        <EvidenceButton taskId={taskId} action={action} />
      </div>
      {action.told.value !== null && action.told.value.text !== "" && <TellTold told={action.told} />}
      {log.value !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a person without a mouse scrolls it by keys.
        <section class="log" aria-label={t.log} tabIndex={0}>
          <pre>{log.value.split("\n").map(visible).join("\n")}</pre>
        </section>
      )}
    </>
  );
}
