/** Asks the person before it submits a mission with the text of another one. If nobody can be asked, the refusal names the command. */
import type { RouteName } from "@aedev/contracts/api";
import { type Refused, refused } from "../command-line/answer.ts";
import type { LinkAnswer } from "../daemon-client/daemon-link.ts";
import { canAsk, type Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";

export const againOption = {
  flags: "--again",
  summary: "submit it although a mission with the same text is open or has landed; else you are asked",
};

/** `submit`: sends the mission, with `again` as the person wants it. `command`: submits it without asking. */
export async function submitUnlessSame<K extends RouteName>(
  session: Session,
  { again, asks, command }: { again: boolean; asks: boolean; command: string },
  submit: (again: boolean) => Promise<LinkAnswer<K>>,
): Promise<LinkAnswer<K>> {
  const answer = await submit(again);
  if (answer.kind !== "refused" || answer.same === undefined) return answer;
  if (!asks || !canAsk(session)) return withCommand(answer, command);
  session.terminal.complain(`${answer.reason}\n`);
  if (isYes(await session.terminal.ask("Submit it all the same? [y/N] "))) return submit(true);
  return refused("not-confirmed", "nothing was submitted", `aedev mission show ${answer.same.mission_id}`);
}

/** The refusal with the command that submits the mission anyway. */
export function withCommand(answer: Refused, command: string): Refused {
  return answer.same === undefined ? answer : { ...answer, hint: `to submit it all the same: ${command}` };
}
