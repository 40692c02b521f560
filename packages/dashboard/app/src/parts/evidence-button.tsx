/** Saves the signed evidence about a task's change. */
import { download } from "../api/client.ts";
import { status } from "../api/live.ts";
import { texts } from "../text/text.ts";
import type { ActionState } from "./action.ts";

export function EvidenceButton({ taskId, action }: { taskId: string; action: ActionState }) {
  // A demo's changes are simulated, so nothing was sealed.
  if (status.value?.demo === true) return null;
  return (
    <button
      type="button"
      disabled={action.isBusy.value}
      onClick={() =>
        void action.run(
          () => download("exportEvidence", { params: { id: taskId } }, `${taskId}.evidence.json`),
          texts.value.done,
        )
      }
    >
      {texts.value.sessions.evidence}
    </button>
  );
}
