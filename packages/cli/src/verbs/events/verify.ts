/** `aedev events verify`: proves that the log is whole, or names the position or view row that is not. It appends nothing. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { escapeLine } from "@aedev/core";
import { z } from "zod";
import { type Answer, done, refused } from "../../answer.ts";
import { findDaemon, getFromDaemon } from "../../session/daemon-link.ts";
import { requireHome } from "../../session/home.ts";
import type { Verb } from "../../verb.ts";

const reportSchema = z.looseObject({ ok: z.boolean(), problems: z.array(z.string()) });

export const verb: Verb = {
  summary: "Check the log's chain, versions, views and signed head; exit code 1 names what is wrong.",
  options: [
    {
      flags: "--checkpoint <file>",
      summary: "a copy of the home's head.json, kept elsewhere, that the log must contain",
    },
  ],
  examples: ["aedev events verify", "aedev events verify --checkpoint /backup/head.json"],
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
    if (file === undefined && (await findDaemon(session)) !== undefined) {
      const answer = await getFromDaemon(session, "/api/events/verify");
      return answer.kind === "refused" ? answer : verified(answer.document);
    }
    return verified(
      await (await entries.daemon()).verifyLog({ home, ...(file === undefined ? {} : { checkpoint: resolve(file) }) }),
    );
  },
};

function verified(document: unknown): Answer {
  const { ok, problems } = reportSchema.parse(document);
  if (ok) return done(document, "the log is whole");
  const lines = problems.map((problem) => `  ${escapeLine(problem, 500)}`);
  return {
    ...done(document, lines.join("\n")),
    exit: 1,
    notice:
      "aedev: the log is not whole\n  help: a changed view is restored by aedev events rebuild; a changed event only from a backup",
  };
}
