/** The runs under way with what each did last. It is read again every second or so while the page is in sight. */
import type { ActivityDocument } from "@aedev/contracts/api";
import { type Signal, signal, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { CallError, call } from "../api/client.ts";
import { now } from "../api/live.ts";
import { shortNumber, spanText, timeOfDay, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";
import { actionState } from "./action.ts";
import { SureButton } from "./sure-button.tsx";
import { TellTold } from "./told.tsx";

const againMs = 1500;

/** The runs under way; null: not read yet, or this browser may not read it. `isWanted`: something works. */
export function useActivity(isWanted: boolean): ActivityDocument | null {
  const activity = useSignal<ActivityDocument | null>(null);
  useEffect(() => {
    if (!isWanted) {
      activity.value = null;
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const read = async () => {
      try {
        if (document.visibilityState === "visible") activity.value = await call("showActivity", {});
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        // Old lines would look like a run that does nothing.
        activity.value = null;
        if (error.code === "role-missing") return;
      }
      if (!isGone) timer = setTimeout(() => void read(), againMs);
    };
    void read();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [isWanted]);
  return activity.value;
}

/** What a person has begun to write to each run; it outlives a card that is drawn anew. */
const drafts = new Map<string, Signal<string>>();
function draftOf(runId: string): Signal<string> {
  const draft = drafts.get(runId) ?? signal("");
  drafts.set(runId, draft);
  return draft;
}

export function WorkingRun({ run }: { run: ActivityDocument["runs"][number] }) {
  const t = texts.value.working;
  const action = useMemo(actionState, []);
  const { run_id, task_id, mission_id, title, repository, attempt, step, started_at, lines, tokens, tokens_max } = run;
  const words = useMemo(() => draftOf(run_id), [run_id]);
  const say = (event: Event) => {
    event.preventDefault();
    const text = words.value.trim();
    if (text === "") return;
    void action.run(async () => {
      await call("tellTask", { params: { id: task_id }, body: { text } });
      // The person may be writing the next one.
      if (words.value.trim() === text) words.value = "";
    }, t.said);
  };
  return (
    <article class="card">
      <a class="title" href={`/missions/${mission_id}`}>
        {visible(title)}
      </a>
      <div class="row">
        <span class="chip">{t.doing[step]}</span>
        <small>
          {repository} · {t.attempt(attempt)} · {spanText(Math.max(0, now.value - Date.parse(started_at)))}
        </small>
      </div>
      <div class="row">
        <small>
          {tokens_max === null
            ? texts.value.tokens(shortNumber(tokens))
            : t.tokensOf(shortNumber(tokens), shortNumber(tokens_max))}
        </small>
        {tokens_max !== null && (
          <progress aria-label={texts.value.tokens("")} value={Math.min(tokens, tokens_max)} max={tokens_max} />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a person without a mouse scrolls it by keys. */}
      <section class="log" aria-label={t.lines} tabIndex={0}>
        {lines.length === 0 && <p class="soft">{t.noLines}</p>}
        <ol class="plain">
          {lines.map(({ at, text }, place) => (
            <li key={place}>
              {at !== null && <time class="soft">{timeOfDay(at)} </time>}
              {visible(text)}
            </li>
          ))}
        </ol>
      </section>
      <form class="say" onSubmit={say}>
        <label>
          {t.say}
          <input
            value={words.value}
            title={t.sayHelp}
            onInput={({ currentTarget }) => {
              words.value = currentTarget.value;
            }}
          />
        </label>
        <button type="submit" disabled={action.isBusy.value || words.value.trim() === ""}>
          {t.send}
        </button>
      </form>
      <div class="row">
        <SureButton
          label={t.stop}
          sure={t.stopSure}
          keep={t.goOn}
          isBusy={action.isBusy.value}
          run={() => void action.run(() => call("cancelTask", { params: { id: task_id }, body: {} }), texts.value.done)}
        />
      </div>
      <TellTold told={action.told} />
    </article>
  );
}
