/** `aedev task approve`: approves a change for landing; prints the change digest that the approval is bound to. */

import { escapeLine } from "@aedev/contracts";
import { refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { canAsk, type Session } from "../../terminal/session.ts";
import { isYes } from "../../terminal/yes.ts";
import { showDiff } from "./diff.ts";
import { decisionsText, judgedChange } from "./judged-change.ts";

export const verb: Verb = {
  summary: "Approve a change for landing; prints the change digest that the approval binds to.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--digest <digest>", summary: "approve only if the change has this digest" },
    { flags: "--yes", summary: "ask nothing" },
  ],
  examples: ["aedev task approve t-0123456789abcdef", "aedev task approve t-0123456789abcdef --digest DIGEST"],
  async run(session, input) {
    const id = input.argument(0);
    // At a terminal the change is shown first, and exactly the shown change is approved.
    const seen = canAsk(session) && !input.flag("yes") ? await review(session, id) : { digest: undefined };
    if (seen === "unseen")
      return refused("not-asked", `task ${id} has no judged change that could be approved`, `aedev task show ${id}`);
    if (seen === "declined") return refused("failed", "nothing was approved", `aedev task diff ${id}`);
    return change(session, "approveTask", {
      input: { params: { id }, body: { digest: input.text("digest") ?? seen.digest } },
      text: ({ task_id, change_digest }) =>
        `${task_id} approved, change ${change_digest ?? "-"}\nnext: aedev task show ${task_id}`,
    });
  },
};

/** Shows the change with the gate's reasons and asks. Only a change that was shown is approved. */
async function review(session: Session, id: string): Promise<"declined" | "unseen" | { digest: string }> {
  const { terminal } = session;
  const details = await readHome(session, (home) => home.task(id));
  if (details.evidence_digest === null || details.change_digest === null) return "unseen";
  const reasons = details.reasons.map((reason) => `  ${escapeLine(reason, 300)}`);
  const why = reasons.length === 0 ? [] : ["", "you are asked because:", ...reasons];
  const lines = [await judgedChange(session, id), ...why, "", await decisionsText(session, id)];
  terminal.complain(`${lines.join("\n")}\n\n`);
  const answer = await terminal.ask("Approve exactly this change? [y/N, d shows the diff] ");
  if (/^\s*d(?:iff)?\s*$/i.test(answer)) {
    await showDiff(session, id);
    return isYes(await terminal.ask("Approve exactly this change? [y/N] "))
      ? { digest: details.change_digest }
      : "declined";
  }
  return isYes(answer) ? { digest: details.change_digest } : "declined";
}
