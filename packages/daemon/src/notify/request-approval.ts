/** Asks a person for a decision away from the terminal: a fresh approval for what is asked now. The message goes out as work of its own. */
import type { ApprovalSubject, CommandBody } from "@aedev/core";
import { type Control, newId } from "../loop/control.ts";
import type { Later } from "../loop/loop.ts";

/** Answers with `RequestApproval`; or later, where a person at the terminal may be about to decide it anyway. */
export async function requestApproval(subject: ApprovalSubject, control: Control): Promise<CommandBody | Later> {
  const { missionDelayMs } = control.configuration.notifications;
  const mission = control.log.state.missions[subject.mission_id];
  const isAboutMission = subject.kind === "specification" || (subject.kind === "question" && subject.task_id === null);
  const dueAtMs = Date.parse(mission?.submitted_at ?? "") + missionDelayMs;
  if (isAboutMission && dueAtMs > Date.now()) return { kind: "Later", atMs: dueAtMs };
  const expiresAt = new Date(Date.now() + control.policy().approvals.expires_after_ms).toISOString();
  return { kind: "RequestApproval", approval_id: newId("a"), subject, expires_at: expiresAt };
}
