/** Requests a person's decision away from the terminal, with a fresh approval for the current question. Sending the message is a separate work item. */
import type { ApprovalSubject } from "@aedev/contracts/events";
import { type CommandBody, isFromPhone } from "@aedev/core";
import { newId } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import type { Configured, Records, Rules } from "../control/parts.ts";

/** Returns `RequestApproval`, or defers it while a person at the terminal may be about to decide anyway. */
export async function requestApproval(
  subject: ApprovalSubject,
  control: Records & Rules & Configured<"notifications">,
): Promise<CommandBody | Deferred> {
  const { missionDelayMs } = control.configuration.notifications;
  const mission = control.log.stateWith({ missions: [subject.mission_id] }).missions[subject.mission_id];
  const isAboutMission = subject.kind === "specification" || (subject.kind === "question" && subject.task_id === null);
  const isAtTerminal = mission !== undefined && !isFromPhone(mission);
  const dueAtMs = Date.parse(mission?.submitted_at ?? "") + missionDelayMs;
  if (isAboutMission && isAtTerminal && dueAtMs > Date.now()) return { kind: "Deferred", atMs: dueAtMs };
  const expiresAt = new Date(Date.now() + control.policy().approvals.expires_after_ms).toISOString();
  return { kind: "RequestApproval", approval_id: newId("a"), subject, expires_at: expiresAt };
}
