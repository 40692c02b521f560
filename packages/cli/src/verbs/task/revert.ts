/** `aedev task revert`: prepares the inverse of a landed change. It lands nothing: the inverse is checked and judged, and a person is asked about it. */

import { escapeLine } from "@aedev/contracts";
import { refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { canAsk, type Session } from "../../terminal/session.ts";
import { isYes } from "../../terminal/yes.ts";

export const verb: Verb = {
  summary:
    "Prepare the inverse of a landed change. It is checked and judged like every change, and you are asked before it lands.",
  arguments: [{ name: "<task>", summary: "the id of the task that landed" }],
  options: [{ flags: "--yes", summary: "ask nothing" }],
  examples: ["aedev task revert t-0123456789abcdef", "aedev task revert t-0123456789abcdef --yes"],
  async run(session, input) {
    const id = input.argument(0);
    if (canAsk(session) && !input.flag("yes") && !(await isWanted(session, id)))
      return refused("failed", "nothing was prepared", `aedev task show ${id}`);
    return change(session, "revertTask", {
      input: { params: { id } },
      text: ({ task_id, mission_id, reverts, status }) =>
        `${task_id} of mission ${mission_id} takes back ${reverts?.commit ?? "-"} of ${reverts?.task_id ?? id} (${status})\nnext: aedev task show ${task_id}`,
    });
  },
};

async function isWanted(session: Session, id: string): Promise<boolean> {
  const { landed_commit, repository, left_on } = await readHome(session, (home) => home.task(id));
  // A change on its own branch may not be merged anywhere, and a change that has not landed is refused. The daemon checks that, and says what helps.
  if (left_on !== undefined || landed_commit === null) return true;
  const what = escapeLine(`commit ${landed_commit.slice(0, 12)} in ${repository}`, 120);
  return isYes(await session.terminal.ask(`Prepare to take back ${what}? [y/N] `));
}
