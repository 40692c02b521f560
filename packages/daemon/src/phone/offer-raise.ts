/** Requests the approval behind the button that raises a budget, before the message about its hold goes out. It raises nothing itself. */
import type { HoldId } from "@aedev/contracts";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { approvalStatus, entityById, newestRaise } from "@aedev/core";
import { makeCommand, newId } from "../control/control.ts";
import type { Commands, Configured, Records, Rules, Spending } from "../control/parts.ts";
import { raiseOffer } from "../work/raise-offer.ts";
import { replyChannelOf } from "./reply-channel.ts";

/** Does nothing if no tap could come back, if a raise would not end the hold, or if this amount is on offer already. */
export async function offerRaise(
  hold: { task_id: string; hold_id: string },
  control: Records & Commands & Rules & Spending & Configured<"notifications">,
): Promise<void> {
  if (replyChannelOf(control.configuration.notifications) === null) return;
  const { state } = control.log;
  const task = entityById(state.tasks, hold.task_id);
  if (task?.hold?.hold_id !== hold.hold_id) return;
  const raised = raiseOffer(task, control);
  if (raised === null) return;
  const { mission_id, task_id } = task;
  const subject: ApprovalSubject = { kind: "budget", mission_id, task_id, hold_id: hold.hold_id as HoldId, ...raised };
  const now = Date.now();
  const known = newestRaise(state, hold.hold_id);
  const isOpen = known !== undefined && approvalStatus(state, known, new Date(now).toISOString()) === "open";
  if (isOpen && known.subject.raise_to === raised.raise_to) return;
  const expires_at = new Date(now + control.policy().approvals.expires_after_ms).toISOString();
  // The log refuses it if the hold has ended meanwhile; then there is no message either.
  await control.log.submit(
    makeCommand({ kind: "RequestApproval", approval_id: newId("a"), subject, expires_at }, "control"),
  );
}
