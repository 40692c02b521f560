/** Reads a task's sealed change for a person who decides about it. */
import { changeText } from "../../render/change-text.ts";
import { onApproveText } from "../../render/on-approve-text.ts";
import type { Session } from "../../terminal/session.ts";

/** The request, the changed files, criteria and tests, as text. Throws a Fault `no-evidence`. */
export async function judgedChange({ home, entries }: Session, taskId: string): Promise<string> {
  return changeText((await (await entries.daemon()).evidenceOf({ home, taskId })).entries);
}

/** What approving, sending back and rejecting do, as text. */
export async function decisionsText({ home, environment, entries }: Session, taskId: string): Promise<string> {
  return onApproveText(taskId, await (await entries.daemon()).onApprove({ home, environment, taskId }));
}
