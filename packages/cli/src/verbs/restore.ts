/** `aedev restore`: makes a home from a backup. */
import { localTime, shellWord } from "@aedev/contracts";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { withProgress } from "../terminal/progress.ts";

export const verb: Verb = {
  summary:
    "Make a home from a backup, after verifying it. Approvals, phone links and operators' tokens from before no longer work in it.",
  arguments: [{ name: "<folder>", summary: "what aedev backup wrote" }],
  options: [{ flags: "--replace", summary: "put it in the place of the home that is there, which is kept beside it" }],
  examples: [
    "aedev restore /media/disk/aedev",
    "aedev restore /media/disk/aedev --home ~/restored",
    "aedev restore /media/disk/aedev --replace",
  ],
  async run(session, input) {
    const { home, entries } = session;
    const report = await withProgress(session, "restoring", async () =>
      (await entries.daemon()).restoreHome({ from: input.argument(0), home, replace: input.flag("replace") }),
    );
    const { backed_up_at, position, kept, has_secrets, landings_paused } = report;
    const lines = [
      `${report.home} is restored from the backup of ${localTime(backed_up_at)}: the log up to position ${position}`,
      ...(kept === null ? [] : [`  what was there is now at ${kept}`]),
      "  approvals, phone links and operators' tokens from before no longer work",
      ...landings_paused.map(
        (name) =>
          `  landings in ${name} are paused, because what was open in the backup may have been cancelled since: aedev queue, aedev queue resume ${name}`,
      ),
      ...(has_secrets ? [] : ["  credentials were not in the backup: aedev secrets set NAME, or aedev init"]),
      `next: aedev doctor --home ${shellWord(report.home)}`,
    ];
    return done(report, lines.join("\n"));
  },
};
