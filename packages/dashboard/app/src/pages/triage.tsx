/** What is held, by cause, with what helps; several can be tried again at once. */
import type { HoldDocument } from "@aedev/contracts/api";
import { useMemo } from "preact/hooks";
import { call } from "../api/client.ts";
import { status } from "../api/live.ts";
import { actionState } from "../parts/action.ts";
import { Command } from "../parts/command.tsx";
import { DecisionBar, decisionState } from "../parts/decide.tsx";
import { TellTold } from "../parts/told.tsx";
import { age, localTime, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function TriagePage() {
  const t = texts.value;
  const action = useMemo(actionState, []);
  const byCode = Map.groupBy(status.value?.holds ?? [], ({ code }) => code);
  const retry = (holds: readonly HoldDocument[]) =>
    void action.run(async () => {
      for (const { task_id } of holds) await call("retryTask", { params: { id: task_id }, body: {} });
    }, t.done);
  return (
    <>
      <h1>{t.triage}</h1>
      <TellTold told={action.told} />
      {byCode.size === 0 && <p class="soft">{t.nothingHeld}</p>}
      {[...byCode].map(([code, holds]) => (
        <section class="rows" key={code}>
          <div class="row">
            <h2>
              <code>{code}</code> <small>{holds.length}</small>
            </h2>
            {holds.length > 1 && (
              <button type="button" disabled={action.isBusy.value} onClick={() => retry(holds)}>
                {t.retryAll(holds.length)}
              </button>
            )}
          </div>
          {holds.map((hold) => (
            <HoldCard hold={hold} key={hold.hold_id} />
          ))}
        </section>
      ))}
    </>
  );
}

function HoldCard({ hold }: { hold: HoldDocument }) {
  const t = texts.value;
  const { mission_id, task_id, title, detail, held_at, resumes_at, help } = hold;
  const state = useMemo(decisionState, []);
  return (
    <article class="card">
      <a class="title" href={`/missions/${mission_id}`}>
        {visible(title)}
      </a>
      {detail !== null && <p>{visible(detail)}</p>}
      <small>
        {age(held_at)}
        {resumes_at !== null && ` · ${t.goesOn(localTime(resumes_at))}`}
      </small>
      <Command text={help} />
      <TellTold told={state.action.told} />
      <DecisionBar subject={{ kind: "hold", mission_id, task_id, digest: null }} state={state} />
    </article>
  );
}
