/** What each decision about a change does, in the words of the approval page, with its command. */
import { escapeLine, type LandingCommit, landingPlaceText, takeInLines } from "@aedev/contracts";

const lengthMax = 300;

export function onApproveText(taskId: string, { title, remote, may_push, take_in, ...place }: LandingCommit): string {
  const where = landingPlaceText(place, escapeLine(remote, lengthMax));
  const lands = `exactly this change becomes one commit, “${escapeLine(title, lengthMax)}”, on ${where}`;
  const held = may_push
    ? []
    : ["             aedev may not push there yet: the change will be held, with the command that allows it"];
  const through =
    place.way === "pull-request"
      ? ["             the pull request is merged once the branch's checks and reviews allow it"]
      : [];
  const take =
    take_in === null
      ? []
      : [
          "             then take it in:",
          ...takeInLines(take_in).map((line) => `               ${escapeLine(line, lengthMax)}`),
        ];
  return [
    "what will happen:",
    `  approve    ${lands}`,
    ...through,
    ...held,
    `             aedev task approve ${taskId}`,
    ...take,
    "  send back  nothing lands; a new run starts with your instructions",
    `             aedev task send-back ${taskId} --reason TEXT`,
    "  reject     nothing lands and the task ends",
    `             aedev task reject ${taskId}`,
  ].join("\n");
}
