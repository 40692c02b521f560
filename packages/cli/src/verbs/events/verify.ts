/** `aedev events verify`: checks that the log is intact, and otherwise names the position or view row that is not. It appends nothing. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { escapeLine } from "@aedev/contracts";
import type { Verification } from "@aedev/contracts/api";
import { type Answer, done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call, findDaemon } from "../../daemon-client/daemon-link.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary: "Check the log's chain, versions, views and signed head; exit code 1 names what is wrong.",
  options: [
    {
      flags: "--checkpoint <file>",
      summary: "a copy of the home's head.json, kept elsewhere, that the log must contain",
    },
    {
      flags: "--since-checkpoint",
      summary:
        "only the events after the checkpoint (else the signed head) and the views that they changed; older events, other views and the database file are not checked",
    },
    { flags: "--blobs", summary: "also every blob that an event names: it is there with its bytes, or it expired" },
  ],
  examples: [
    "aedev events verify",
    "aedev events verify --blobs",
    "aedev events verify --since-checkpoint",
    "aedev events verify --checkpoint /backup/head.json",
  ],
  async run(session, input) {
    const { home, entries } = session;
    requireHome(home);
    const file = input.text("checkpoint");
    // A mistyped name says nothing about the log.
    if (file !== undefined && !existsSync(file))
      return refused(
        "no-checkpoint",
        `there is no checkpoint at ${resolve(file)}`,
        "name a copy of the home's head.json",
      );
    const sinceHead = input.flag("sinceCheckpoint");
    const blobs = input.flag("blobs");
    if (file === undefined && !sinceHead && !blobs && (await findDaemon(session)) !== undefined) {
      const answer = await call(session, "verifyEvents", {});
      return answer.kind === "refused" ? answer : verificationAnswer(answer.document);
    }
    const options = { home, sinceHead, blobs, ...(file === undefined ? {} : { checkpoint: resolve(file) }) };
    return verificationAnswer(await (await entries.daemon()).verifyLog(options), sinceHead);
  },
};

function verificationAnswer(document: Verification, sinceHead = false): Answer {
  const { ok, problems, warnings } = document;
  const notes = warnings.map((warning) => `note: ${escapeLine(warning, 500)}`);
  if (ok) {
    const answer = done(document, sinceHead ? "the log is whole since the last checkpoint" : "the log is whole");
    return notes.length === 0 ? answer : { ...answer, notice: notes.join("\n") };
  }
  const lines = problems.map((problem) => `  ${escapeLine(problem, 500)}`);
  return {
    ...done(document, lines.join("\n")),
    exit: 1,
    notice: [
      "aedev: the log is not whole\n  help: a changed view is restored by aedev events rebuild; a changed event only from a backup",
      ...notes,
    ].join("\n"),
  };
}
