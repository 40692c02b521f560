/** What is held, by cause, with what helps; several can be tried again at once. */
import type { HoldDocument } from "@aedev/contracts/api";
import { useMemo } from "preact/hooks";
import { call } from "../api/client.ts";
import { status } from "../api/live.ts";
import { actionState } from "../parts/action.ts";
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
            <article class="card" key={hold.hold_id}>
              <a class="title" href={`/missions/${hold.mission_id}`}>
                {visible(hold.title)}
              </a>
              {hold.detail !== null && <p>{visible(hold.detail)}</p>}
              <small>
                {age(hold.held_at)}
                {hold.resumes_at !== null && ` · ${t.goesOn(localTime(hold.resumes_at))}`}
              </small>
              <code class="command">{hold.help}</code>
              <div class="row">
                <button type="button" disabled={action.isBusy.value} onClick={() => retry([hold])}>
                  {t.retry}
                </button>
              </div>
            </article>
          ))}
        </section>
      ))}
    </>
  );
}
