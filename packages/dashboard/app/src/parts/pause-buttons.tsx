/** Pauses and resumes all work. */
import { useMemo } from "preact/hooks";
import { call } from "../api/client.ts";
import { status } from "../api/live.ts";
import { texts } from "../text/text.ts";
import { actionState } from "./action.ts";
import { SureButton } from "./sure-button.tsx";
import { TellTold } from "./told.tsx";

export function PauseButtons() {
  const t = texts.value;
  const action = useMemo(actionState, []);
  const isPaused = status.value?.paused !== undefined;
  const send = (sendIt: () => Promise<unknown>) => void action.run(sendIt, t.done);
  return (
    <>
      <div class="row">
        {isPaused ? (
          <button
            type="button"
            disabled={action.isBusy.value}
            onClick={() => send(() => call("resumeWork", { body: {} }))}
          >
            {t.resumeAll}
          </button>
        ) : (
          <button
            type="button"
            disabled={action.isBusy.value}
            onClick={() => send(() => call("pauseWork", { body: {} }))}
          >
            {t.pauseAll}
          </button>
        )}
        {status.value?.paused?.stop_runs !== true && (
          <SureButton
            label={t.stopAll}
            sure={t.stopAllSure}
            keep={t.stopNone}
            isBusy={action.isBusy.value}
            run={() => send(() => call("pauseWork", { body: { stop_runs: true } }))}
          />
        )}
      </div>
      {action.told.value?.tone === "bad" && <TellTold told={action.told} />}
    </>
  );
}
