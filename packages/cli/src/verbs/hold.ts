/** `aedev hold`: lists, explains and releases holds. */
import { done } from "../command-line/answer.ts";
import { isNarrowed, nextPageText, openPageOptions, openPageQueryOf } from "../command-line/page-options.ts";
import type { Verb } from "../command-line/verb.ts";
import { changeVerb } from "../daemon-client/changes.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { rowsWithLines } from "../render/columns.ts";
import { holdText } from "../render/hold-text.ts";

const listVerb: Verb = {
  summary: "List what is parked and why.",
  options: openPageOptions,
  examples: ["aedev hold list", "aedev hold list --repo shop --json"],
  async run(session, input) {
    const query = openPageQueryOf(input, "hold list");
    const { holds, next } = await readHome(session, (home) => home.holds(query));
    const rows = holds.map(({ hold_id, code, task_id, title, detail, help }) => ({
      cells: [hold_id, code, task_id, title],
      under: [...(detail === null ? [] : [detail]), `next: ${help}`],
    }));
    const empty = isNarrowed(query) ? "no hold matches" : "nothing is held";
    const text = rowsWithLines(["HOLD", "CODE", "TASK", "MISSION"], rows, empty);
    return done({ holds, next }, text + nextPageText("hold list", next));
  },
};

const showVerb: Verb = {
  summary: "Show a hold: what it means, what was found, what each run tried, what helps.",
  arguments: [{ name: "<hold>", summary: "its id" }],
  examples: ["aedev hold show h-0123456789abcdef"],
  async run(session, input) {
    const hold = await readHome(session, (home) => home.hold(input.argument(0)));
    return done(hold, holdText(hold, session.terminal.sizeOf?.("output")?.columns));
  },
};

const releaseVerb = changeVerb("releaseHold", {
  summary:
    "Let a held task continue with the settings its run started with (task retry uses changed ones). This does not lift a hard gate.",
  arguments: [{ name: "<hold>", summary: "its id" }],
  examples: ["aedev hold release h-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ hold_id, paused }) =>
    paused === undefined
      ? `${hold_id} released; the task continues: aedev status`
      : `${hold_id} released; all work is paused, so the task continues after: aedev resume`,
});

export const verbs = { list: listVerb, show: showVerb, release: releaseVerb };
