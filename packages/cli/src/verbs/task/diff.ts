/** `aedev task diff`: the judged change as a diff; in a pager and with colours on a terminal. */
import { refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { diffText } from "../../render/diff-text.ts";
import { jsonText } from "../../render/json-text.ts";
import { drawOn, type Session } from "../../terminal/session.ts";

export const verb: Verb = {
  summary: "Show a task's change as a diff.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [{ flags: "--no-pager", summary: "print it without a pager" }],
  examples: ["aedev task diff t-0123456789abcdef", "aedev task diff t-0123456789abcdef --no-pager | git apply --check"],
  async run(session, input) {
    const { home, terminal } = session;
    const { task_id: taskId } = await readHome(session, (reader) => reader.task(input.argument(0)));
    const { entries } = await (await session.entries.daemon()).evidenceOf({ home, taskId });
    const patch = entries["patch"];
    if (typeof patch !== "string")
      return refused("unknown-entry", `the evidence of ${taskId} has no patch`, `aedev evidence show ${taskId}`);
    if (session.json) {
      terminal.write(jsonText({ task_id: taskId, patch }));
      return { kind: "streamed" };
    }
    // Piped output is the patch itself, so that it can be applied; on a screen nothing may hide.
    if (terminal.sizeOf?.("output") === undefined) (terminal.pipe ?? terminal.write)(patch);
    else await showOnScreen(session, patch, input.choice("pager") !== false);
    return { kind: "streamed" };
  },
};

/** Shows a task's diff to a person at a terminal. */
export async function showDiff(session: Session, taskId: string): Promise<void> {
  const { entries } = await (await session.entries.daemon()).evidenceOf({ home: session.home, taskId });
  await showOnScreen(session, String(entries["patch"] ?? ""), true);
}

async function showOnScreen({ terminal, environment }: Session, patch: string, inPager: boolean): Promise<void> {
  const text = diffText(patch, (environment["NO_COLOR"] ?? "") === "");
  if (terminal.page === undefined || !inPager) drawOn(terminal, text);
  else await terminal.page(text);
}
