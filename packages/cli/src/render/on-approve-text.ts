/** What each decision about a change does, in the words of the approval page, with its command. */
import { escapeLine, type LandingCommit } from "@aedev/contracts";

const lengthMax = 300;

export function onApproveText(
  taskId: string,
  { title, branch, remote, may_push, pull_request }: LandingCommit,
): string {
  const lands = `exactly this change becomes one commit, “${escapeLine(title, lengthMax)}”, on ${escapeLine(branch, lengthMax)} of ${escapeLine(remote, lengthMax)}`;
  const held = may_push
    ? []
    : ["             aedev may not push there yet: the change will be held, with the command that allows it"];
  const through = pull_request
    ? ["             through a pull request, which is merged once the branch's checks and reviews allow it"]
    : [];
  return [
    "what will happen:",
    `  approve    ${lands}`,
    ...through,
    ...held,
    `             aedev task approve ${taskId}`,
    "  send back  nothing lands; a new run starts with your instructions",
    `             aedev task send-back ${taskId} --reason TEXT`,
    "  reject     nothing lands and the task ends",
    `             aedev task reject ${taskId}`,
  ].join("\n");
}
